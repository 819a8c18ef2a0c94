// Package xmpp reads XMPP streams: it follows their life from the header over
// STARTTLS, login and compression to the close, and says of each first-level
// element what it is (RFC 6120, RFC 6121 and the extensions).
package xmpp

import (
	"bytes"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// Config says how a Stream starts.
type Config struct {
	// Via is what the stream travels in, "tcp" for one that is not wrapped.
	Via string
	// Late says that the first bytes may lie anywhere in the stream.
	Late bool
	// Space is the default namespace taken for granted in a late stream.
	Space string
	// TLS and Deflate make the layers that take over after STARTTLS and after
	// compression was agreed on.
	TLS, Deflate func(via string) dissect.Layer
}

// Stream is both directions of an XMPP stream. It is a dissect.Layer.
type Stream struct {
	config Config
	layers string
	limit  int
	dirs   [2]direction
	tls    dissect.Layer // what took over after STARTTLS
	zlib   dissect.Layer // or after compression
	ended  bool          // the end of the connection has been told
}

// direction is what one side sends.
type direction struct {
	split  *xmlstream.Splitter
	inner  dissect.Layer // has taken over
	opened bool          // a header was seen
	closed bool          // and the close
	asked  bool          // its last element asks for, or grants, another layer
	gone   bool          // nothing more comes
}

var _ dissect.Layer = (*Stream)(nil)

// New returns a Stream of which nothing has been seen yet.
func New(c Config, maxStanza int) *Stream {
	s := &Stream{config: c, layers: c.Via + ":xmpp", limit: maxStanza}
	if c.Space == "" {
		s.config.Space = xmlstream.NSClient
	}
	return s
}

// splitter returns the direction's Splitter, made when it is first needed.
func (s *Stream) splitter(d *direction) *xmlstream.Splitter {
	if d.split == nil {
		d.split = xmlstream.NewSplitter(xmlstream.AssumedScope(s.config.Space), s.limit)
		if s.config.Late {
			d.split.Late()
		}
	}
	return d.split
}

// patience is how long, in nanoseconds of capture time, an element that was
// found after a loss may be held back for want of certainty.
const patience = 1e9

// Data implements dissect.Layer.
func (s *Stream) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	d := &s.dirs[from]
	if d.inner != nil {
		d.inner.Data(c, from, b)
		return
	}
	if o := &s.dirs[from.Other()]; o.split != nil && o.split.Lost() {
		if since, ok := o.split.Holding(); ok && b.Time-since > patience {
			s.settle(c, from.Other())
		}
	}
	split := s.splitter(d)
	if split.Lost() && isRecord(b.Data) {
		s.handOver(d)
		d.inner.Data(c, from, b)
		return
	}
	split.Feed(b.Data, xmlstream.Origin{Frame: b.Frame, First: b.First, Time: b.Time})
	s.drain(c, from)
}

// Element takes elements that came by themselves, complete, with the
// declarations that hold around them: a WebSocket message (RFC 7395 section
// 3.3) or a child of a BOSH body (XEP-0206).
func (s *Stream) Element(c *dissect.Context, from dissect.Sender, b dissect.Bytes, scope xmlstream.Scope) {
	split := xmlstream.NewSplitter(scope, s.limit)
	split.Feed(b.Data, xmlstream.Origin{Frame: b.Frame, First: b.First, Time: b.Time})
	var u xmlstream.Unit
	for split.Next(c.Parser, &c.Arena, &u) {
		s.unit(c, from, &u)
	}
	split.Settle(c.Parser, &c.Arena)
	for split.Next(c.Parser, &c.Arena, &u) || split.End(&c.Arena, &u) {
		s.unit(c, from, &u)
	}
}

// drain reads the units that are complete, until the bytes are used up or
// another layer takes over.
func (s *Stream) drain(c *dissect.Context, from dissect.Sender) {
	d := &s.dirs[from]
	var u xmlstream.Unit
	for {
		if d.split.AtBoundary() && s.foreign(c, from, d) {
			return
		}
		if !d.split.Next(c.Parser, &c.Arena, &u) {
			return
		}
		s.unit(c, from, &u)
	}
}

// foreign looks whether the bytes due are no longer XML of this stream, and
// hands them to the layer they belong to.
func (s *Stream) foreign(c *dissect.Context, from dissect.Sender, d *direction) bool {
	rest, _ := d.split.Rest()
	k := 0
	for k < len(rest) && bytes.IndexByte([]byte(" \t\r\n"), rest[k]) >= 0 {
		k++
	}
	if k == len(rest) || rest[k] == '<' {
		return false
	}
	switch {
	case isRecord(rest[k:]), d.asked && (looksLikeTLS(rest[k:]) || rest[k]&0x80 != 0 && s.tls == nil && !isZlib(rest[k:])):
		d.split.Take(k)
		s.handOver(d)
	case isZlib(rest[k:]) && d.asked:
		d.split.Take(k)
		if s.zlib == nil {
			s.zlib = s.config.Deflate(s.config.Via)
		}
		d.inner = s.zlib
	default:
		return false
	}
	for {
		rest, at := d.split.Rest()
		if len(rest) == 0 {
			return true
		}
		d.inner.Data(c, from, dissect.Bytes{Data: d.split.Take(len(rest)), Frame: at.Frame, First: at.First, Time: at.Time})
	}
}

// isRecord reports whether bytes begin with the header of a TLS record, with a
// length that is allowed. A direction of which the <proceed/> was lost is
// recognized by it.
func isRecord(b []byte) bool {
	const header, longest = 5, 1<<14 + 1<<11
	return len(b) >= header && looksLikeTLS(b) && int(b[3])<<8|int(b[4]) <= longest
}

// looksLikeTLS reports whether bytes that were due to be TLS may begin a record.
// The content type is a control character, which XML cannot hold.
func looksLikeTLS(b []byte) bool {
	return len(b) > 0 && 20 <= b[0] && b[0] <= 23 && (len(b) < 2 || b[1] == 3) && (len(b) < 3 || b[2] <= 4)
}

// isZlib reports whether bytes begin a zlib stream (RFC 1950 section 2.2).
func isZlib(b []byte) bool {
	return len(b) > 0 && b[0]&0x0f == 8 && b[0]>>4 <= 7 && (len(b) < 2 || (int(b[0])<<8|int(b[1]))%31 == 0)
}

// handOver lets TLS take over a direction.
func (s *Stream) handOver(d *direction) {
	if s.tls == nil {
		s.tls = s.config.TLS(s.config.Via)
	}
	d.inner = s.tls
}

// Gap implements dissect.Layer.
func (s *Stream) Gap(c *dissect.Context, from dissect.Sender, n int64) {
	d := &s.dirs[from]
	if d.inner != nil {
		d.inner.Gap(c, from, n)
		return
	}
	split := s.splitter(d)
	s.settle(c, from)
	if d.inner != nil {
		d.inner.Gap(c, from, n)
		return
	}
	var u xmlstream.Unit
	if split.Gap(n, &c.Arena, &u) {
		s.unit(c, from, &u)
	}
	c.Gap(from, s.layers, n)
}

// settle decides on what is held back.
func (s *Stream) settle(c *dissect.Context, from dissect.Sender) {
	d := &s.dirs[from]
	if d.split == nil || d.inner != nil {
		return
	}
	d.split.Settle(c.Parser, &c.Arena)
	s.drain(c, from)
}

// End implements dissect.Layer.
func (s *Stream) End(c *dissect.Context, from dissect.Sender, how dissect.End) {
	d := &s.dirs[from]
	if d.gone {
		return
	}
	if d.gone = true; d.inner != nil {
		d.inner.End(c, from, how)
		return
	}
	if d.split != nil {
		s.settle(c, from)
		if d.inner != nil {
			d.inner.End(c, from, how)
			return
		}
		var u xmlstream.Unit
		for d.split.End(&c.Arena, &u) {
			s.unit(c, from, &u)
		}
	}
	s.farewell(c, from, how)
}

// farewell tells that the connection ended although its streams were open.
func (s *Stream) farewell(c *dissect.Context, from dissect.Sender, how dissect.End) {
	d, o := &s.dirs[from], &s.dirs[from.Other()]
	if s.ended || how != dissect.EndFIN && !how.IsReset() {
		return
	}
	if d.closed && (how == dissect.EndFIN || o.closed) || d.split == nil && o.split == nil {
		return
	}
	s.ended = true
	e := c.Emit(how.By(from), dissect.KindEnd)
	e.Protocol, e.Layers, e.How = "TCP", s.layers, how
	e.Info = dissect.Farewell(c, from, how)
}
