// Package scrub makes captures that can be handed on: what is confidential in
// them is replaced by something made up of the same length, so that all else,
// sequence numbers, lengths, times and the trace, stays what it was.
//
// It reads a capture several times. What is said in a conversation is read from its
// streams (stream.go), so it does not matter how segments cut them, or in how many
// copies these came. A layout (layout.go) says where in a stream XML is: behind what a
// proxy is told (socks.go, tunnel.go), in the messages of HTTP and of WebSocket
// (http.go, body.go, websocket.go), compressed (zlib.go). A reader (reader.go) finds
// the elements, and a redactor (redact.go) what in them is confidential: once, to know
// all values, and once more, to replace them wherever they stand. What the bytes have
// become is put back into the streams, which may change their lengths (edit.go), and
// from there into the frames (rewrite.go, stretch.go).
//
// Bytes that belong to no element that was read as a whole are replaced but for the
// names in them (damaged.go); what is no conversation becomes zeros; what is encrypted
// stays as it is, and its keys are left out.
//
// The output is read again before it gets its name (leaks.go, verify.go). Where
// something would be left of what was to be replaced, or the output would be traced in
// another way than the input, or the input holds what cannot be rewritten, there is
// none.
package scrub

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/dissect"
	"talktrace/dissect/engine"
	"talktrace/dissect/xmlstream"
)

// Options say what is replaced beside credentials, which always are.
type Options struct {
	Bodies    bool              // what people wrote: the text of messages, presences and what is published
	JIDs      bool              // JIDs and their parts, wherever they stand
	Names     bool              // names of people, groups and rooms, and address books
	Addresses bool              // IP addresses in headers, and where they are told
	MACs      bool              // hardware addresses in the headers of frames
	Rest      bool              // whatever else is not known to be the protocol's own
	Format    pcapfile.Format   // of the output
	Ports     map[uint16]string // as in engine.Options
	Workers   int               // as in engine.Options
}

// Input opens the capture from its beginning.
type Input func() (capture.Source, error)

// File scrubs a capture and puts the result into a file of that name, which only
// its owner may read. It fails with a *RefusedError where it cannot be sure that
// the result is what it should be; then, as after any other error, there is no
// such file, or the one that there was. The end of ctx ends it with its error.
func File(ctx context.Context, in Input, name string, o Options) error {
	temporary, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: "create", Path: name, Err: e.Err}
	}
	if err != nil {
		return err
	}
	err = errors.Join(scrub(ctx, in, temporary, o), temporary.Close())
	if err == nil {
		err = cmp.Or(ctx.Err(), os.Rename(temporary.Name(), name))
	}
	if err != nil {
		_ = os.Remove(temporary.Name()) // it is of no use, and err says more
	}
	return err
}

// scrub writes the result to a file and reads it again.
func scrub(ctx context.Context, in Input, out *os.File, o Options) error {
	r := newRedactor(o)
	if _, err := rand.Read(r.disguise.key[:]); err != nil {
		return err
	}
	wanted, err := r.conversations(in)
	if err != nil {
		return err
	}
	all, err := streams(in, wanted)
	if err != nil {
		return err
	}
	if err := r.replace(ctx, all); err != nil {
		return err
	}
	if err := write(in, out, newRewriter(r, all)); err != nil {
		return err
	}
	return check(in, out, r, wanted)
}

// conversations returns the connections that have rows.
func (r *redactor) conversations(in Input) (map[int]*talk, error) {
	wanted := make(map[int]*talk)
	rows, done, err := trace(in, r.Options, true)
	if err != nil {
		return nil, err
	}
	defer done()
	for e, err := range rows {
		if err != nil {
			return nil, err
		}
		t := wanted[e.Conn.Number]
		if t == nil {
			t = &talk{server: e.Conn.Addr[dissect.Server], layers: make(map[string]bool)}
			wanted[e.Conn.Number] = t
		}
		for name := range strings.SplitSeq(e.Layers, ":") {
			t.layers[name] = true
		}
		if e.TLS != nil {
			if strings.Contains(e.TLS.Suite.Name, "_NULL_") {
				return nil, refuse(e.Frame, "the cipher suite %s encrypts nothing", e.TLS.Suite.Name)
			}
			if r.JIDs {
				r.handshake(e.TLS)
			}
		}
	}
	return wanted, nil
}

// trace returns the rows of a capture, and what ends the reading.
func trace(in Input, o Options, secrets bool) (rows func(func(*dissect.Event, error) bool), done func(), err error) {
	src, err := in()
	if err != nil {
		return nil, nil, err
	}
	run := engine.New(src, engine.Options{
		Options: dissect.Options{Raw: true, TLS: true, ShowSecrets: secrets}, Workers: o.Workers, Ports: o.Ports,
	})
	return run.Events(), func() {
		run.Wait()
		_ = src.Close() // it was only read
	}, nil
}

// streams returns the conversations, laid out.
func streams(in Input, wanted map[int]*talk) ([]*conversation, error) {
	src, err := in()
	if err != nil {
		return nil, err
	}
	all, err := collect(src, wanted)
	if err := errors.Join(err, src.Close()); err != nil {
		return nil, err
	}
	for _, v := range all {
		if err := v.layOut(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// endpoints notes the addresses of the two ends of conversations, which may be
// told in these as well.
func (r *redactor) endpoints(all []*conversation) {
	for _, v := range all {
		for _, a := range v.addr {
			if text := []byte(a.Addr().String()); !a.Addr().IsLoopback() {
				r.seek(text, r.disguise.ip(text), "an IP address")
			}
		}
	}
}

// replace finds what is to be replaced, and then replaces it.
func (r *redactor) replace(ctx context.Context, all []*conversation) error {
	o := dissect.Options{}
	if r.JIDs {
		o.Fields = addressFields()
	}
	r.ctx = dissect.NewContext(o)
	if r.Addresses {
		r.endpoints(all)
	}
	for _, r.second = range [...]bool{false, true} {
		for _, v := range all {
			for i := range v.sides {
				if err := cmp.Or(ctx.Err(), r.side(v, &v.sides[i])); err != nil {
					return err
				}
			}
		}
	}
	for _, v := range all {
		for i := range v.sides {
			v.sides[i].pack()
		}
	}
	return nil
}

// side goes through a direction of a conversation: what is no XML, the XML that is
// there as it is, and that which is inside of something.
func (r *redactor) side(v *conversation, s *side) error {
	r.renew(s.runs)
	for i := range s.parts {
		s.parts[i].take(r, &s.parts[i])
	}
	if err := s.read(v, reader{ctx: r.ctx, element: r.element, doubtful: r.doubtful}, r.renew); err != nil {
		return err
	}
	if r.ctx.Arena.Reset(); r.second {
		r.encrypted(s)
	}
	return nil
}

// read lets a reader go through the XML of a direction, and that inside of it,
// which is prepared before.
func (s *side) read(v *conversation, r reader, prepare func(runs []run)) error {
	stream := r
	stream.side, stream.runs = s, s.runs
	stream.zipped = func(r *run, from int) error { return s.unzip(r, from, v.room) }
	if s.carried {
		for i := range s.runs {
			s.runs[i].open = len(s.runs[i].data)
		}
	} else if err := stream.stream(v, !v.handshake, s.run0, s.begin); err != nil {
		return err
	}
	for _, t := range s.texts {
		prepare(t.runs)
		inside := r
		inside.side, inside.runs = s, t.runs
		if err := inside.text(v, t.apart); err != nil {
			return err
		}
	}
	return nil
}

// renew makes the bytes in which runs are changed, before the second round.
func (r *redactor) renew(runs []run) {
	for i := range runs {
		if r.second {
			runs[i].new = append([]byte(nil), runs[i].data...)
		}
	}
}

// pack puts what has become of the texts in a direction to where they came from.
func (s *side) pack() {
	for _, t := range s.texts {
		for i := range t.runs {
			t.runs[i].pack(t.runs[i].new)
		}
	}
	s.splice()
}

// write writes the frames anew.
func write(in Input, out io.Writer, r *rewriter) error {
	src, err := in()
	if err != nil {
		return err
	}
	w := pcapfile.NewWriter(out, r.Format)
	var f capture.Frame
	for err == nil {
		if err = src.Next(&f); err == nil {
			out, wrong := r.frame(&f)
			if wrong != nil {
				err = wrong
			} else if err = w.WriteFrame(out); err != nil {
				err = fmt.Errorf("frame %d: %w", f.Number, err)
			}
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, w.Close(), src.Close())
}

// check reads the output again. It is gone through frame by frame, stream by
// stream, and row by row.
func check(in Input, out *os.File, r *redactor, wanted map[int]*talk) error {
	again := func() (capture.Source, error) {
		return pcapfile.OpenReader(io.NewSectionReader(out, 0, 1<<62), out.Name(), capture.Hooks{})
	}
	g := newGuard(r.sought)
	src, err := again()
	if err != nil {
		return err
	}
	if err := errors.Join(g.frames(src), src.Close()); err != nil {
		return err
	}
	all, err := streams(again, r.renamed(wanted))
	if err != nil {
		return err
	}
	if err := look(r.ctx, all); err != nil {
		return err
	}
	if err := g.streams(all); err != nil {
		return err
	}
	o := r.Options
	was, done, err := trace(in, o, true)
	if err != nil {
		return err
	}
	defer done()
	masked, doneMasked, err := trace(in, o, false)
	if err != nil {
		return err
	}
	defer doneMasked()
	is, doneIs, err := trace(again, o, true)
	if err != nil {
		return err
	}
	defer doneIs()
	return same(was, masked, is)
}

// renamed returns what the trace knows of connections, with the addresses that are
// in the output.
func (r *redactor) renamed(wanted map[int]*talk) map[int]*talk {
	now := make(map[int]*talk, len(wanted))
	for n, t := range wanted {
		if a, ok := r.hosts[t.server.Addr()]; ok {
			t = &talk{server: netip.AddrPortFrom(a, t.server.Port()), layers: t.layers}
		}
		now[n] = t
	}
	return now
}

// look reads conversations, to find what is inside of them.
func look(ctx *dissect.Context, all []*conversation) error {
	r := reader{ctx: ctx, element: func(*xmlstream.Tree, *run, int) {}, doubtful: func(*run, int, int) {}}
	for _, v := range all {
		for i := range v.sides {
			if err := v.sides[i].read(v, r, func([]run) {}); err != nil {
				return err
			}
			ctx.Arena.Reset()
		}
	}
	return nil
}
