package websocket

import (
	"encoding/binary"
	"fmt"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/internal/layertest"
	"talktrace/dissect/xmlstream"
)

// part is something that happens to a layer.
type part = layertest.Part

func client(data ...string) part { return layertest.Client(data...) }
func server(data ...string) part { return layertest.Server(data...) }

// frame returns a frame with the payload, masked if it is the client's. The
// first byte has the flags and the opcode.
func frame(from dissect.Sender, first byte, payload string) string {
	b := []byte{first, 0}
	switch n := len(payload); {
	case n < 126:
		b[1] = byte(n)
	case n < 1<<16:
		b[1] = 126
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	default:
		b[1] = 127
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	if from == dissect.Server {
		return string(b) + payload
	}
	mask := [4]byte{0xa1, 0x02, 0xf3, 0x44}
	b[1] |= 0x80
	b = append(b, mask[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i%4])
	}
	return string(b)
}

const (
	fin  = 0x80
	rsv1 = 0x40
)

func fromClient(text string) string { return frame(dissect.Client, fin|opText, text) }
func fromServer(text string) string { return frame(dissect.Server, fin|opText, text) }

// stream writes down the messages it is given.
type stream struct {
	via string
}

func (s *stream) Element(c *dissect.Context, from dissect.Sender, b dissect.Bytes, scope xmlstream.Scope) {
	kind := "element"
	if b.Data[len(b.Data)-1] != '>' {
		kind = dissect.KindUnfinished
	}
	s.note(c, from, kind, b)
}

func (s *stream) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	s.note(c, from, "data", b)
}

func (s *stream) Gap(c *dissect.Context, from dissect.Sender, n int64) { c.Gap(from, s.via, n) }

func (s *stream) End(c *dissect.Context, from dissect.Sender, how dissect.End) {
	c.Emit(from, "inner end").Info = fmt.Append(nil, how)
}

func (s *stream) note(c *dissect.Context, from dissect.Sender, kind string, b dissect.Bytes) {
	e := c.Emit(from, kind)
	e.Layers, e.Frame, e.FirstFrame, e.Time, e.Length = s.via, b.Frame, b.FirstFrame(), b.Time, len(b.Data)
	e.Info = append([]byte(nil), b.Data...)
}

// player hands parts to a layer.
type player struct {
	l *Layer
	c *dissect.Context
}

func newPlayer(config Config, limit int) *player {
	config.Via = "tcp:http"
	p := &player{c: dissect.NewContext(dissect.Options{MaxStanza: limit})}
	p.l = New(config, func(via string) Stream { return &stream{via} })
	p.c.Conn = &dissect.Conn{}
	return p
}

func (p *player) play(parts ...part) {
	for _, part := range parts {
		layertest.Play(p.c, p.l, part, false) // the bytes stay as long as the events do
	}
}

func (p *player) end(how dissect.End) { layertest.End(p.c, p.l, how) }

// rows are the events as text, without their frames.
func (p *player) rows() []string {
	var rows []string
	for _, e := range p.c.Events {
		if e.Kind == "inner end" {
			continue
		}
		row := fmt.Sprintf("%s %s %s", e.Sender, e.Kind, e.Info)
		if e.Missing > 0 && e.Kind != dissect.KindGap {
			row += fmt.Sprintf(" missing %d", e.Missing)
		}
		for _, n := range e.Notes {
			row += " (" + n.ID + ")"
		}
		rows = append(rows, row)
	}
	return rows
}

func trace(config Config, parts ...part) []string {
	p := newPlayer(config, 0)
	p.play(parts...)
	p.end(dissect.EndCapture)
	return p.rows()
}

// cuts holds that parts give the same rows, however they are cut.
func cuts(t *testing.T, config Config, want []string, parts ...part) {
	t.Helper()
	layertest.Cuts(t, func(parts ...part) []string { return trace(config, parts...) }, 20, 500, want, parts...)
}
