package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"talktrace/dissect"
	"talktrace/dissect/engine"
	"talktrace/report"
)

// trace writes the rows of an input. What is readable is written before an
// error is returned.
func trace(ctx context.Context, o *options, s Streams) error {
	if err := o.check(s); err != nil {
		return err
	}
	t := &tracer{o: o, shown: o.shown()}
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
	t.in, err = openInput(ctx, o, s.In, t.blocks)
	if err != nil {
		return err
	}
	t.run = engine.New(t.in, t.engineOptions())
	t.flush = o.flush || t.in.live || t.in.slow() && isTerminal(s.Out)
	if !o.quiet && isTerminal(s.Err) && !isTerminal(s.Out) && t.in.size() > 0 {
		t.progress = watch(t.in, &t.rows, s.Err)
	}
	read, written := t.writeRows()
	if written != nil {
		return written // the input may still be in use
	}
	t.progress.close()
	t.summarize(s.Err)
	return errors.Join(read, t.in.Close())
}

// tracer is a trace under way.
type tracer struct {
	o        *options
	in       *input
	run      *engine.Run
	out      report.Writer
	names    *report.Names // nil shows addresses
	blocks   *nameBlocks   // nil along with names
	progress *progress     // nil shows none
	shown    [2]bool       // by sender
	flush    bool          // after each row
	rows     atomic.Int64  // rows that there were, shown or not
}

func (t *tracer) engineOptions() engine.Options {
	return engine.Options{
		Options: dissect.Options{
			ShowSecrets: t.o.showSecrets,
			XML:         t.o.format == "jsonl" && !t.o.quiet,
			Names:       t.names != nil,
			MaxStanza:   int(t.o.maxStanza),
		},
		Workers: t.o.workers,
		Ports:   t.o.decodeAs,
		Frames:  t.o.packets,
		Count:   t.o.count,
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
		t.rows.Store(int64(e.No))
		if err := t.writeRow(e); err != nil {
			return nil, err
		}
	}
	if t.o.quiet {
		return read, nil
	}
	return read, t.out.Close()
}

// writeRow writes a row if it is one of those to be shown.
func (t *tracer) writeRow(e *dissect.Event) error {
	if t.names != nil {
		t.blocks.tell(e.Frame, t.names)
		t.names.Learn(e)
	}
	if t.o.quiet || !t.shown[e.Sender&1] {
		return nil
	}
	if err := t.out.Write(e); err != nil || !t.flush {
		return err
	}
	return t.out.Flush()
}

// summarize says how much there was, where the rows do not say it themselves.
func (t *tracer) summarize(w io.Writer) {
	frames, connections, recognized := t.run.Progress()
	rows := t.rows.Load()
	seen := count(frames, "frame") + ", " + count(connections, "TCP connection")
	switch {
	case frames == 0:
		fmt.Fprintln(w, "talktrace: there are no frames in the input")
	case rows == 0 && recognized == 0 && connections > 0:
		fmt.Fprintf(w, "talktrace: %s, none of them XMPP; -d tcp.port==PORT,xmpp decodes a port by force\n", seen)
	case rows == 0 || t.o.quiet || t.in.live:
		fmt.Fprintf(w, "talktrace: %s, %s\n", seen, count(rows, "row"))
	}
}

// count says how many of something there are.
func count(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
