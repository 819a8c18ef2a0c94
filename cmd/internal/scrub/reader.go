package scrub

import (
	"bytes"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// reader goes through XML, of one direction of a conversation or inside of it, and
// finds its elements. It vouches for nothing: each byte is either in an element that
// was read as a whole, or encrypted, or compressed, or doubtful.
type reader struct {
	ctx   *dissect.Context
	side  *side
	runs  []run
	split *xmlstream.Splitter
	at    int // the run that is being gone through
	off   int // how far
	tls   bool
	zip   bool // compression is asked for or granted

	element  func(t *xmlstream.Tree, r *run, off int) // is given an element, and where it is
	doubtful func(r *run, from, to int)               // is given the rest
	zipped   func(r *run, from int) error             // is given what is compressed; nil where nothing can be
}

const nsCompress = "http://jabber.org/protocol/compress"

// space returns the default namespace that a port stands for.
func space(port uint16) string {
	switch port {
	case 5269, 5270:
		return xmlstream.NSServer
	case 5275, 5276, 5347:
		return "jabber:component:accept"
	}
	return xmlstream.NSClient
}

// begin makes the reader ready for a stream, or for a message.
func (r *reader) begin(v *conversation, late bool) {
	assumed := space(v.addr[0].Port())
	if assumed == xmlstream.NSClient {
		assumed = space(v.addr[1].Port())
	}
	r.split = xmlstream.NewSplitter(xmlstream.AssumedScope(assumed), dissect.DefaultMaxStanza)
	if late {
		r.split.Late()
	}
}

// stream goes through a stream, from a place in the runs on.
func (r *reader) stream(v *conversation, late bool, run, off int) error {
	r.begin(v, late)
	r.at, r.off = run, off
	for i := run; i < len(r.runs); i++ {
		if err := r.run(i, i == run); err != nil {
			return err
		}
	}
	return r.end(len(r.runs))
}

// text goes through a stream from its beginning, or through messages.
func (r *reader) text(v *conversation, apart bool) error {
	if apart {
		return r.messages(v)
	}
	return r.stream(v, false, 0, 0)
}

// messages goes through runs that are messages by themselves.
func (r *reader) messages(v *conversation) error {
	for i := range r.runs {
		r.begin(v, false)
		if err := r.run(i, true); err != nil {
			return err
		}
		if err := r.end(i + 1); err != nil {
			return err
		}
	}
	return nil
}

// end takes what is left up to the end of the run before that of number n.
func (r *reader) end(n int) error {
	if r.split.Settle(r.ctx.Parser, &r.ctx.Arena); !r.done() {
		if err := r.drain(n - 1); err != nil {
			return err
		}
	}
	r.skip(n, 0)
	return nil
}

// done reports whether what follows is no XML.
func (r *reader) done() bool { return r.tls || r.zip && r.zipped == nil }

// run feeds the next run, behind a hole if it is not the first.
func (r *reader) run(i int, first bool) error {
	this := &r.runs[i]
	if this.open = len(this.data); r.done() {
		this.open = 0
		return nil
	}
	from := r.off
	if !first {
		from = 0
		r.split.Settle(r.ctx.Parser, &r.ctx.Arena)
		if err := r.drain(i - 1); err != nil || r.done() {
			this.open = 0
			return err
		}
		before := &r.runs[i-1]
		var u xmlstream.Unit
		r.split.Gap(this.pos-before.pos-int64(len(before.data)), &r.ctx.Arena, &u)
	}
	if isRecord(this.data[from:]) && (r.split.Lost() || first) {
		r.skip(i, from)
		r.encrypted(i, from)
		return nil
	}
	r.split.Feed(this.data[from:], xmlstream.Origin{Frame: i + 1})
	return r.drain(i)
}

// drain takes the units that are complete; last is the run that was fed last.
func (r *reader) drain(last int) error {
	var u xmlstream.Unit
	for !r.done() && last >= 0 {
		if r.split.AtBoundary() {
			rest, _ := r.split.Rest()
			blank := len(rest) - len(bytes.TrimLeft(rest, " \t\r\n"))
			from := len(r.runs[last].data) - len(rest) + blank
			switch {
			case looksLikeRecord(rest[blank:]):
				r.skip(last, from)
				r.encrypted(last, from)
				return nil
			case r.zip && isZlib(rest[blank:]):
				r.skip(last, from)
				return r.compressed(last, from)
			}
		}
		if !r.split.Next(r.ctx.Parser, &r.ctx.Arena, &u) {
			return nil
		}
		if err := r.unit(&u, last); err != nil {
			return err
		}
	}
	return nil
}

// compressed takes what is compressed from a place in a run on. What follows a hole
// in that cannot be read by anybody who would not guess, and becomes zeros.
func (r *reader) compressed(i, from int) error {
	zipped := r.zipped
	r.zipped = nil
	r.runs[i].open = from
	for k := i + 1; k < len(r.runs); k++ {
		clear(r.runs[k].new)
	}
	return zipped(&r.runs[i], from)
}

// encrypted takes the records of TLS from a place in a run on. What follows them
// and is none is doubtful.
func (r *reader) encrypted(i, from int) {
	const header, longest = 5, 1<<14 + 1<<11
	this := &r.runs[i]
	r.tls, this.open = true, from
	for at := from; at < len(this.data); {
		b := this.data[at:]
		n := 0
		if len(b) >= header {
			n = int(b[3])<<8 | int(b[4])
		}
		if !looksLikeRecord(b) || n > longest {
			r.doubtful(this, at, len(this.data))
			return
		}
		at += header + n
	}
}

// unit takes a unit. An element is looked for where the one before it ended;
// what is in between is doubtful.
func (r *reader) unit(u *xmlstream.Unit, last int) error {
	if u.Kind != xmlstream.Header && u.Kind != xmlstream.Element || u.Tree.Cut || len(u.Raw) != u.Length {
		return nil
	}
	for i := r.at; i <= last; i++ {
		from := 0
		if i == r.at {
			from = r.off
		}
		this := &r.runs[i]
		k := bytes.Index(this.data[from:], u.Raw)
		if k < 0 {
			continue
		}
		r.skip(i, from+k)
		r.element(u.Tree, this, from+k)
		if name := string(u.Tree.Local(0)); r.zipped != nil && u.Tree.Nodes[0].Space == nsCompress {
			r.zip = name == "compress" || name == "compressed"
		}
		r.off += len(u.Raw)
		return nil
	}
	this := &r.runs[r.at]
	return refuse(r.side.frame(this.pos+int64(min(r.off, len(this.data)-1))), "an element was read that is not in the bytes from there on")
}

// skip goes on to a place in a run; what lies before it is doubtful.
func (r *reader) skip(run, off int) {
	for r.at < run {
		if this := &r.runs[r.at]; r.off < this.open {
			r.doubtful(this, r.off, this.open)
		}
		r.at, r.off = r.at+1, 0
	}
	if r.off < off {
		r.doubtful(&r.runs[run], r.off, off)
		r.off = off
	}
}

// isRecord reports whether bytes begin with the header of a TLS record (RFC 8446
// section 5.1).
func isRecord(b []byte) bool { return len(b) >= 5 && looksLikeRecord(b) }

// looksLikeRecord reports whether bytes may begin a TLS record. XML cannot hold
// the first of them.
func looksLikeRecord(b []byte) bool {
	return len(b) > 0 && 20 <= b[0] && b[0] <= 23 && (len(b) < 2 || b[1] == 3) && (len(b) < 3 || b[2] <= 4)
}
