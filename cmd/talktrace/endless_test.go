package main

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"

	"talktrace/capture"
	"talktrace/capture/capturetest"
	"talktrace/dissect"
	"talktrace/dissect/engine"
)

// endless is a source of frames that are made one by one, of which there could
// be any number.
type endless struct {
	frames  int
	settled int // after so many of them memory is measured
	step    int64
	frame   func(n int, buffer []byte) []byte // appends frame n, from 0

	held   [2]held // then and in the end
	number int
	buffer []byte
}

func (s *endless) Next(f *capture.Frame) error {
	switch s.number {
	case s.settled:
		s.held[0] = measure()
	case s.frames:
		s.held[1] = measure()
		return io.EOF
	}
	s.buffer = s.frame(s.number, s.buffer[:0])
	s.number++
	*f = capture.Frame{
		Number: s.number, Time: int64(s.number) * s.step, Data: s.buffer, Length: len(s.buffer), Link: capture.LinkRaw,
	}
	return nil
}

func (s *endless) Close() error { return nil }

// packet appends an IPv4 packet of a client at 10.0.0.0 or behind to a server.
// The fragment field is as in the header, with its flags.
func packet(b []byte, client, id int, fragment uint16, protocol byte, payload ...[]byte) []byte {
	size := 20
	for _, p := range payload {
		size += len(p)
	}
	b = append(b, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(size))
	b = binary.BigEndian.AppendUint16(b, uint16(id))
	b = binary.BigEndian.AppendUint16(b, fragment)
	b = append(b, 64, protocol, 0, 0)
	b = binary.BigEndian.AppendUint32(b, 10<<24+uint32(client))
	b = append(b, 192, 0, 2, 2)
	for _, p := range payload {
		b = append(b, p...)
	}
	return b
}

// segment is the header of a TCP segment to port 5222.
func segment(seq uint32, flags byte) []byte {
	head := binary.BigEndian.AppendUint32([]byte{0x9c, 0x40, 0x14, 0x66}, seq)
	return append(head, 0, 0, 0, 0, 5<<4, flags, 0xff, 0xff, 0, 0, 0, 0)
}

const (
	protocolTCP   = 6
	flagSYN       = 2
	flagACK       = 16
	moreFragments = 0x2000
)

// talk makes the frames of one client who says something, so many bytes in each
// frame: first the beginning, then the rest again and again.
func talk(beginning, rest string, each int) func(n int, buffer []byte) []byte {
	said := []byte(beginning + rest)
	for len(said) < len(beginning)+each+len(rest) {
		said = append(said, rest...)
	}
	return func(n int, buffer []byte) []byte {
		at := n * each
		if past := at - len(beginning); past > 0 {
			at = len(beginning) + past%len(rest)
		}
		return packet(buffer, 1, n, 0, protocolTCP, segment(uint32(1+n*each), flagACK), said[at:at+each])
	}
}

const clientHeader = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='capulet.example' version='1.0'>"

// bomb makes the frames of a client who has compression agreed upon and then
// sends a great deal of nothing. They are sent once.
func bomb(t *testing.T) (frames int, frame func(n int, buffer []byte) []byte) {
	t.Helper()
	var packed bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	nothing := make([]byte, 1<<20)
	for range 256 {
		if _, err := z.Write(nothing); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	c := capturetest.New()
	c.Link = capture.LinkRaw
	conn := c.Connect("10.0.0.1:40000", "192.0.2.2:5222")
	conn.Open()
	conn.Send(capturetest.Client, clientHeader)
	conn.Send(capturetest.Server, "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='capulet.example' version='1.0'>")
	conn.Send(capturetest.Client, "<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>")
	conn.Send(capturetest.Server, "<compressed xmlns='http://jabber.org/protocol/compress'/>")
	conn.Send(capturetest.Client, packed.String())
	all := framesOf(t, c)
	return len(all), func(n int, buffer []byte) []byte { return append(buffer, all[n].Data...) }
}

// TestEndless has what could go on for ever do so for a while. Memory is bounded,
// and grows no more once the bound is reached; what a bound costs is in the rows.
func TestEndless(t *testing.T) {
	fragment := bytes.Repeat([]byte("fragment"), 170)
	bombs, bombFrame := bomb(t)
	const sorrow = "Parting is such sweet sorrow, "
	for _, c := range []struct {
		name string
		endless
		rows int
		says string // in one of them
	}{
		{"half-open connections", endless{frames: 1_000_000, settled: 500_000, step: 1e6, frame: func(n int, b []byte) []byte {
			return packet(b, n, n, 0, protocolTCP, segment(uint32(n), flagSYN))
		}}, 0, ""},
		{"packets that stay fragments", endless{frames: 400_000, settled: 100_000, step: 1e6, frame: func(n int, b []byte) []byte {
			return packet(b, n, n>>8, moreFragments, protocolTCP, fragment)
		}}, 0, ""},
		{"a byte a second", endless{
			frames: 500_000, settled: 100_000, step: 1e9,
			frame: talk(clientHeader, "<message><body>Good morrow</body></message>", 1),
		}, 1 + (500_000-len(clientHeader))/43 + 1, `message: "Good morrow"`},
		{"an element without an end", endless{
			frames: 40_000, settled: 20_000, step: 1e6, frame: talk(clientHeader+"<message><body>", sorrow, 1400),
		}, 2, "<message> its end never came, 55999880 bytes"},
		{"an element without an end, a byte a second", endless{
			frames: 2_000_000, settled: 1_500_000, step: 1e9, frame: talk(clientHeader+"<message><body>", sorrow, 1),
		}, 2, "<message> its end never came, 1999880 bytes"},
		{"elements that are opened and never closed", endless{
			frames: 40_000, settled: 20_000, step: 1e6, frame: talk(clientHeader+"<message>", "<body a='b'>", 1200),
		}, 2, "<message> its end never came, 47999880 bytes"},
		{"a quarter of a gigabyte of nothing", endless{frames: bombs, settled: bombs / 2, step: 1e6, frame: bombFrame}, 8, "not inflated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := 0
			var infos strings.Builder
			before := measure()
			o := engine.Options{Workers: 2, Options: dissect.Options{MaxStanza: 1 << 20}}
			for e, err := range engine.New(&c.endless, o).Events() {
				if err != nil {
					t.Fatal(err)
				}
				rows = e.No
				fmt.Fprintln(&infos, string(e.Info))
			}
			if rows != c.rows || !strings.Contains(infos.String(), c.says) {
				t.Errorf("%d rows, none of which says %q, but:\n%.500s", rows, c.says, infos.String())
			}
			first, then := c.held[0], c.held[1]
			const noise = 4 << 20 // of the heap between two collections
			if then.memory > first.memory+first.memory/10+noise || then.memory > before.memory+64<<20 || then.files != first.files || then.goroutines != first.goroutines {
				t.Errorf("after %d frames %+v was held, after %d %+v", c.settled, first, c.frames, then)
			}
		})
	}
}
