package scrub

import (
	"bytes"
	"iter"
	"slices"

	"talktrace/dissect/websocket"
)

// part is a piece of a run that is no XML, and what is done about it: once to
// find what is confidential, and once to replace it in the run's new bytes.
type part struct {
	in       *run
	from, to int
	take     func(r *redactor, p *part)
}

// text is XML inside of something: a stream, or messages.
type text struct {
	runs  []run
	apart bool // each run is a message by itself
}

// layout finds out where in a conversation there is XML: the two directions are
// gone through from their beginnings, past what proxies are told, to the
// messages of HTTP and of WebSocket. Compression shows only among the elements of a
// stream, and is left to the reader.
type layout struct {
	*conversation
	side   *side
	client bool  // the side is the client's
	passed bool  // a SOCKS proxy
	at     int   // the run that is being gone through
	off    int   // how far
	err    error // the first one
}

// layOut lays a conversation out.
func (v *conversation) layOut() error {
	client := 0
	if v.addr[0] == v.server {
		client = 1
	}
	for _, i := range [...]int{client, 1 - client} {
		l := layout{conversation: v, side: &v.sides[i], client: i == client}
		if len(l.side.runs) > 0 {
			l.begin()
		}
		if l.err != nil {
			return l.err
		}
	}
	return nil
}

// begin goes through the beginning of a direction.
func (l *layout) begin() {
	for l.err == nil {
		b := l.rest()
		switch {
		case l.layers["proxy"] && l.client && l.header(b):
		case (l.layers["socks4"] || l.layers["socks5"]) && l.socks(b):
			if l.side.carried {
				return
			}
		case l.layers["http"] && beginsHTTP(b):
			if l.http(); l.side.carried {
				return
			}
		case l.layers["ws"] && l.framed(b):
			l.webSocket()
			return
		default:
			l.off += prelude(b)
			l.side.run0, l.side.begin = l.at, l.off
			return
		}
	}
}

// framed reports whether bytes begin a frame of WebSocket.
func (l *layout) framed(b []byte) bool {
	yes, _ := websocket.LooksLike(b, l.client)
	return yes
}

// rest returns what of the run is still to be gone through.
func (l *layout) rest() []byte { return l.side.runs[l.at].data[l.off:] }

// part takes the next n bytes, which are no XML.
func (l *layout) part(n int, take func(r *redactor, p *part)) {
	l.side.parts = append(l.side.parts, part{&l.side.runs[l.at], l.off, l.off + n, take})
	l.off += n
}

// zero takes the next n bytes, which nobody reads.
func (l *layout) zero(n int) {
	l.part(n, func(r *redactor, p *part) {
		if r.second {
			clear(p.in.new[p.from:p.to])
		}
	})
}

// next goes on to the next run, and reports whether there is one.
func (l *layout) next() bool {
	if l.at+1 == len(l.side.runs) {
		return false
	}
	l.at, l.off = l.at+1, 0
	return true
}

// search goes on, behind a loss, to where something begins, at one of some places of
// the run. What comes before is the rest of what the loss has cut, and becomes zeros.
func (l *layout) search(begins func(b []byte) bool, places iter.Seq[int]) {
	data := l.side.runs[l.at].data
	at := len(data)
	for i := range places {
		if begins(data[i:]) {
			at = i
			break
		}
	}
	if at > 0 {
		l.zero(at)
	}
}

// anywhere are all places of the run.
func (l *layout) anywhere() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range l.side.runs[l.at].data {
			if !yield(i) {
				return
			}
		}
	}
}

// starts are the places of the run where segments begin or end.
func (l *layout) starts() iter.Seq[int] {
	r := &l.side.runs[l.at]
	return slices.Values(l.side.edges(r, 0, len(r.data)))
}

// fail says that something cannot be rewritten, because of the place where the
// layout stands.
func (l *layout) fail(why string) {
	if l.err == nil {
		r := &l.side.runs[l.at]
		l.err = refuse(l.side.frame(r.pos+int64(min(l.off, len(r.data)-1))), "%s; --open writes what was said without what it travelled in", why)
	}
}

// said returns the bytes of a part, to be changed in the second round.
func (r *redactor) said(p *part) []byte {
	if r.second {
		return p.in.new[p.from:p.to]
	}
	return bytes.Clone(p.in.data[p.from:p.to])
}
