package cli

import (
	"errors"
	"net/netip"
	"time"

	"talktrace/capture"
	"talktrace/capture/ring"
	"talktrace/dissect"
	"talktrace/reassembly"
)

// record is where the frames are written on their way; nil writes none.
type record struct {
	ring      *ring.Ring
	selection *reassembly.Selection // nil writes all frames
	cut       *cut                  // nil writes frames as they come
	to        capture.Writer        // where they go then
	embed     bool                  // the keys as well
	embedding *embedding            // of them; nil where nobody wants it
	withheld  bool                  // the input holds secrets that are not written
	losses    *losses               // what the input holds and the file does not; nil where nobody asks
	say       func(text string)
}

// newRecord prepares writing, if the flags ask for it. Nothing is opened yet.
func newRecord(o *options) *record {
	if o.writing.name == "" {
		return nil
	}
	r := &record{embed: o.writing.embed}
	if o.writing.tellLosses {
		r.losses = &losses{format: formats[o.writing.format]}
	}
	return r
}

// hooks are handed what the input files hold beside frames. They may be made
// before begin, and are called after.
func (r *record) hooks() capture.Hooks {
	if r == nil {
		return capture.Hooks{}
	}
	hooks := capture.Hooks{
		Secrets: r.secrets,
		Name:    func(addr netip.Addr, name string) { r.ring.WriteName(addr, name) },
	}
	if r.losses != nil {
		hooks.Other = r.losses.add
		hooks.Name = both(r.losses.name, hooks.Name)
	}
	return hooks
}

// secrets takes secrets of an input file. Those of TLS come by way of the
// dissection's keys, if at all.
func (r *record) secrets(kind uint32, data []byte) {
	switch {
	case !r.embed:
		r.withheld = true
	case kind != tlsKeyLog:
		r.ring.WriteSecrets(kind, data)
	}
}

// begin opens the first file and puts it in the way of the input's frames.
func (r *record) begin(in *input, o *options, s Streams) (err error) {
	in.captured = in.Source
	if r == nil {
		return nil
	}
	if r.embed && !o.keys.any() && !in.slow() && in.keys.Len() == 0 {
		return errNoKeys()
	}
	to := o.writing.options(s, o.files)
	r.say = to.Say
	if in.live {
		to.Now = time.Now
		to.Statistics = in.statistics
	}
	if r.ring, err = ring.New(to); err != nil {
		return err
	}
	var w capture.Writer = r.ring
	if r.losses != nil {
		w = r.losses.before(w)
	}
	if r.embed {
		r.embedding = newEmbedding(r.ring, in.keys, o.writing.stream, in.live)
		w = r.embedding
	}
	if o.choosing.filter != nil {
		r.to = w
		if r.cut, w = newCut(o, w); r.embedding != nil {
			r.embedding.chosen = r.cut.has
		}
		if w != nil {
			in.Source = capture.Tee(in.Source, w)
		}
		return nil
	}
	if number := o.writing.stream; number != allConnections {
		r.selection = reassembly.Select(w, int(number), reassembly.DefaultLimits())
		w = r.selection
	}
	in.Source = capture.Tee(in.Source, w)
	return nil
}

// cuts reports whether only frames of chosen rows are written.
func (r *record) cuts() bool { return r != nil && r.cut != nil }

// row takes note of a row that was dissected.
func (r *record) row(e *dissect.Event, chosen bool) {
	if r != nil {
		r.cut.row(e, chosen)
	}
}

// tick keeps the files complete. It reports whether no more frames are wanted.
func (r *record) tick() (full bool) {
	if r == nil {
		return false
	}
	if r.embedding != nil && r.embedding.live {
		r.embedding.tick()
	}
	r.ring.Flush()
	return r.ring.Full()
}

// rotate begins another file.
func (r *record) rotate() {
	if r != nil {
		r.ring.Rotate()
	}
}

// close completes the files. It may be called while the input is still being
// read, ended says that it is not; what comes then is not written.
func (r *record) close(ended bool) error {
	if r == nil || r.ring == nil {
		return nil
	}
	var err error
	if r.cut != nil {
		err = r.cut.finish(r.to, r.say)
	}
	if ended && r.selection != nil {
		err = r.selection.Close() // hands on the frames that wait to be selected
	}
	if r.embedding != nil && !r.embedding.finish() && ended {
		r.say("no key is known for a connection in the capture: the file holds none")
	}
	if r.withheld && ended {
		r.say("the keys in the input were not written; --embed-keys writes them")
	}
	if r.losses != nil && ended {
		r.losses.tell(r.say)
	}
	return errors.Join(err, r.ring.Close())
}
