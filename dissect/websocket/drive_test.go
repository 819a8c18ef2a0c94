package websocket

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// part is something that happens to a layer: bytes of one side, or a gap where
// lost is not 0. Each comes in a frame of its own.
type part struct {
	from dissect.Sender
	data string
	lost int64
}

func client(frames ...string) part {
	return part{from: dissect.Client, data: strings.Join(frames, "")}
}

func server(frames ...string) part {
	return part{from: dissect.Server, data: strings.Join(frames, "")}
}

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
		p.c.Frame++
		p.c.Time = int64(p.c.Frame) * 1000
		if part.lost > 0 {
			p.l.Gap(p.c, part.from, part.lost)
			continue
		}
		// It stays as long as the events do.
		p.l.Data(p.c, part.from, dissect.Bytes{Data: []byte(part.data), Frame: p.c.Frame, Time: p.c.Time})
	}
}

func (p *player) end(how dissect.End) {
	p.c.Frame++
	p.l.End(p.c, dissect.Client, how)
	p.l.End(p.c, dissect.Server, how)
}

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

// split cuts the bytes of all parts into pieces of n bytes at most.
func split(n int, parts []part) []part {
	var pieces []part
	for _, p := range parts {
		if p.lost > 0 {
			pieces = append(pieces, p)
		}
		for b := range slices.Chunk([]byte(p.data), n) {
			pieces = append(pieces, part{from: p.from, data: string(b)})
		}
	}
	return pieces
}

// cuts holds that parts give the same rows whole, byte by byte, and cut in two
// at any place.
func cuts(t *testing.T, config Config, want []string, parts ...part) {
	t.Helper()
	compare(t, "whole", trace(config, parts...), want)
	for n := 1; n < 20; n++ {
		compare(t, fmt.Sprintf("in pieces of %d", n), trace(config, split(n, parts)...), want)
	}
	for i, p := range parts {
		for at := 1; at < min(len(p.data), 500) && !t.Failed(); at++ {
			again := slices.Concat(parts[:i], []part{{from: p.from, data: p.data[:at]}, {from: p.from, data: p.data[at:]}}, parts[i+1:])
			compare(t, fmt.Sprintf("part %d cut at %d", i, at), trace(config, again...), want)
		}
	}
}

func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got\n\t%.2000s\nwant\n\t%.2000s", what, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}
