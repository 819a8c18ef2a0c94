// Package layertest helps to test layers: it is the language in which tests say
// what happens on a connection, cut at any place, and that fuzzers make up.
package layertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
)

// Part is something that happens to a layer: bytes of one side, or a gap where
// Lost is not 0. Each comes in a frame of its own.
type Part struct {
	From dissect.Sender
	Data string
	Lost int64
}

// Client is what the client sends in one frame.
func Client(data ...string) Part { return Part{From: dissect.Client, Data: strings.Join(data, "")} }

// Server is what the server sends in one frame.
func Server(data ...string) Part { return Part{From: dissect.Server, Data: strings.Join(data, "")} }

// Play hands a part to a layer, in the context's next frame. With forget the bytes
// are wiped afterwards: the layer must not keep them.
func Play(c *dissect.Context, l dissect.Layer, p Part, forget bool) {
	c.Frame++
	c.Time = int64(c.Frame) * 1000
	if p.Lost > 0 {
		l.Gap(c, p.From, p.Lost)
		return
	}
	data := []byte(p.Data)
	l.Data(c, p.From, dissect.Bytes{Data: data, Frame: c.Frame, Time: c.Time})
	if forget {
		clear(data)
	}
}

// End ends both sides, in a frame of its own.
func End(c *dissect.Context, l dissect.Layer, how dissect.End) {
	c.Frame++
	l.End(c, dissect.Client, how)
	l.End(c, dissect.Server, how)
}

// Split cuts the bytes of all parts into pieces of n bytes at most.
func Split(n int, parts []Part) []Part {
	var pieces []Part
	for _, p := range parts {
		if p.Lost > 0 {
			pieces = append(pieces, p)
		}
		for b := range slices.Chunk([]byte(p.Data), n) {
			pieces = append(pieces, Part{From: p.From, Data: string(b)})
		}
	}
	return pieces
}

// Cuts holds that parts give the same rows whole, in pieces of fewer than most
// bytes, and with each of them cut in two at any place, as far as longest.
func Cuts(t *testing.T, trace func(parts ...Part) []string, most, longest int, want []string, parts ...Part) {
	t.Helper()
	Compare(t, "whole", trace(parts...), want)
	for n := 1; n < most; n++ {
		Compare(t, fmt.Sprintf("in pieces of %d", n), trace(Split(n, parts)...), want)
	}
	for i, p := range parts {
		for at := 1; at < min(len(p.Data), longest) && !t.Failed(); at++ {
			again := slices.Concat(parts[:i], []Part{{From: p.From, Data: p.Data[:at]}, {From: p.From, Data: p.Data[at:]}}, parts[i+1:])
			Compare(t, fmt.Sprintf("part %d cut at %d", i, at), trace(again...), want)
		}
	}
}

// Compare holds rows against those that are wanted.
func Compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got\n\t%.2000s\nwant\n\t%.2000s", what, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// Script makes parts of any bytes, as a fuzzer brings them: two bytes say which
// side sends how much, or that it is lost.
func Script(b []byte) []Part {
	var parts []Part
	for len(b) >= 2 {
		p := Part{From: dissect.Sender(b[0] & 1)}
		n := int(b[1])
		if b[0]&0x80 != 0 {
			p.Lost = int64(n) + 1
			n = 0
		}
		b = b[2:]
		n = min(n, len(b))
		p.Data, b = string(b[:n]), b[n:]
		parts = append(parts, p)
	}
	return parts
}

// Unscript is the opposite of Script.
func Unscript(parts ...Part) []byte {
	var b []byte
	for _, p := range parts {
		if p.Lost > 0 {
			b = append(b, 0x80|byte(p.From), byte(p.Lost-1))
		}
		for piece := range slices.Chunk([]byte(p.Data), 255) {
			b = append(append(b, byte(p.From), byte(len(piece))), piece...)
		}
	}
	return b
}
