package cli

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/dissect/engine"
	"talktrace/dissect/tls"
	"talktrace/report"
)

// trace writes the rows of an input. What is readable is written before an
// error is returned.
func trace(ctx context.Context, o *options, s Streams) error {
	if err := o.check(s); err != nil {
		return err
	}
	ctx, enough := o.deadline(ctx)
	defer enough()
	t := &tracer{o: o, shown: o.shown(), quiet: o.quiet || o.writing.name == "-", record: newRecord(o), enough: enough, begun: time.Now()}
	if o.names && !o.noNames {
		t.names, t.blocks = &report.Names{}, &nameBlocks{}
	}
	var err error
	// The writer is made before the input is opened: a mistake in its flags is
	// not to start a capture. It asks for the start once there is a first row.
	t.out, err = newWriter(o, s.Out, func() (int64, int) { return t.run.Start() }, t.names)
	if err != nil {
		return err
	}
	if t.keys, err = o.keys.load(len(o.interfaces) > 0 || o.capturing.follow); err != nil {
		return err
	}
	t.in, err = openInput(ctx, o, s, t.blocks, t.record, t.keys)
	if err != nil {
		return err
	}
	if err := o.confine(s); err != nil {
		return errors.Join(err, t.in.Close())
	}
	if err := t.record.begin(t.in, o, s); err != nil {
		return errors.Join(err, t.in.Close())
	}
	t.run = engine.New(t.in, t.engineOptions())
	if o.examined(t.quiet) {
		t.analysis = analysis.New(o.analysis())
		if o.verb != nil && o.verb.begin != nil {
			o.verb.begin(t.analysis)
		}
	}
	if o.verb != nil && o.verb.started != nil {
		o.verb.started(t)
	}
	t.prompt = t.in.live || t.in.slow() && isTerminal(s.Out)
	if !t.quiet && isTerminal(s.Err) && !isTerminal(s.Out) && t.in.size() > 0 {
		t.progress = watch(t.in, &t.rows, s.Err)
	}
	leave := t.attend(enough, s.Err)
	read, written := t.writeRows()
	leave()
	if written != nil {
		return errors.Join(written, t.record.close(false)) // the input may still be in use
	}
	t.progress.close()
	recorded := t.record.close(true)
	t.summarize(s.Err)
	return errors.Join(read, recorded, t.in.Close())
}

// tracer is a trace under way.
type tracer struct {
	o        *options
	in       *input
	run      *engine.Run
	out      report.Writer
	names    *report.Names // nil shows addresses
	blocks   *nameBlocks   // nil along with names
	keys     *tls.Keys
	analysis *analysis.Analysis // nil looks for nothing
	progress *progress          // nil shows none
	record   *record            // nil writes no frames
	shown    [2]bool            // by sender
	quiet    bool               // show no rows
	prompt   bool               // rows are shown as soon as there are no more at hand
	enough   func()             // ends the trace
	begun    time.Time
	sealed   int64 // records of TLS that could not be opened
	cut      cutFrames

	rows atomic.Int64 // rows that there were, shown or not
	kept atomic.Int64 // those of them that the flags choose
	gaps atomic.Int64 // those of them that tell of a loss
	lost atomic.Int64 // bytes lost
}

func (t *tracer) engineOptions() engine.Options {
	return engine.Options{
		Options: dissect.Options{
			ShowSecrets: t.o.showSecrets,
			Bare:        t.quiet && t.o.choosing.filter == nil && t.analysis == nil,
			XML:         t.o.wantsXML(t.quiet),
			TLS:         !t.quiet || t.o.choosing.filter != nil,
			Raw:         (t.o.details.bytes || t.o.format == "pdml") && !t.quiet,
			Parts:       t.o.details.tree || t.o.details.bytes || t.o.format == "pdml" || t.record.cuts(),
			Names:       t.names != nil,
			Fields:      t.o.wanted(t.quiet),
			Payload:     t.o.verb != nil && t.o.verb.payload,
			MaxStanza:   int(t.o.maxStanza),
		},
		Keys:    t.keys,
		Workers: t.o.workers,
		Ports:   t.o.decodeAs,
		Frames:  t.o.packets,
		Count:   t.o.frames(),
		Live:    t.in.live,
		Idle:    t.rest,
	}
}

// writeRows writes all rows. It returns what went wrong in reading and in
// writing.
func (t *tracer) writeRows() (read, written error) {
	for e, err := range t.run.Events() {
		if err != nil {
			read = err
			break
		}
		t.count(e)
		if err := t.writeRow(e); err != nil {
			return nil, err
		}
	}
	if t.quiet {
		return read, nil
	}
	if t.analysis != nil {
		t.analysis.End()
	}
	return read, t.out.Close()
}

// writeRow writes a row if it is one of those to be shown.
func (t *tracer) writeRow(e *dissect.Event) error {
	if t.names != nil {
		t.blocks.tell(e.Frame, t.names)
		t.names.Learn(e)
	}
	if t.analysis != nil {
		t.analysis.Event(e)
	}
	chosen := t.chooses(e)
	t.record.row(e, chosen)
	if t.o.verb != nil && t.o.verb.row != nil {
		t.o.verb.row(e, chosen)
	}
	if !chosen {
		return nil
	}
	t.kept.Add(1)
	if t.quiet {
		return nil
	}
	if err := t.out.Write(e); err != nil || !t.o.flush {
		return err
	}
	return t.out.Flush()
}

// chooses reports whether a row is one of those that the flags ask for.
func (t *tracer) chooses(e *dissect.Event) bool {
	return t.shown[e.Sender&1] && t.o.writing.stream.has(e.Conn.Number) && (t.o.choosing.filter == nil || t.o.choosing.filter.Match(e))
}

// rest is called when there are no more rows at hand. Where they cannot be
// written there is no use in waiting for more; Close fails in the same way.
func (t *tracer) rest() {
	if t.prompt && !t.quiet && t.out.Flush() != nil {
		t.enough()
	}
}
