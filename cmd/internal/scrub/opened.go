package scrub

import (
	"bytes"
	"io"
	"iter"
	"slices"

	"talktrace/capture"
	"talktrace/capture/stanzalog"
	"talktrace/dissect"
	"talktrace/dissect/engine"
)

// Opened returns a capture of what was said in another one, in the clear and
// without what it travelled in: a segment for each row, between the same ends and
// at the same time. Keys and workers are those of the options.
func Opened(in Input, o engine.Options) Input {
	o.Options = dissect.Options{XML: true, ShowSecrets: true}
	return func() (capture.Source, error) {
		src, err := in()
		if err != nil {
			return nil, err
		}
		run := engine.New(src, o)
		next, stop := iter.Pull2(run.Events())
		return &opened{inner: src, next: next, stop: func() { stop(); run.Wait() }, lost: make(map[direction]int64)}, nil
	}
}

// opened makes frames of rows.
type opened struct {
	inner   capture.Source
	next    func() (*dissect.Event, error, bool)
	stop    func()
	compose stanzalog.Composer
	queue   []capture.Frame
	lost    map[direction]int64 // bytes since a direction was heard last
}

// direction is that of a connection.
type direction struct {
	conn int
	from dissect.Sender
}

var _ capture.Source = (*opened)(nil)

// Next implements capture.Source.
func (o *opened) Next(f *capture.Frame) error {
	for len(o.queue) == 0 {
		e, err, more := o.next()
		switch {
		case !more:
			return io.EOF
		case err != nil:
			return err
		case e.Kind == dissect.KindGap:
			o.lost[direction{e.Conn.Number, e.Sender}] += e.Missing
		case e.XML != nil && e.Protocol != "BOSH":
			if err := o.say(e); err != nil {
				return err
			}
		}
	}
	*f = o.queue[0]
	o.queue = o.queue[1:]
	return nil
}

// say makes the frames of a row.
func (o *opened) say(e *dissect.Event) error {
	const nanoseconds = 9
	side := direction{e.Conn.Number, e.Sender}
	lost := o.lost[side]
	delete(o.lost, side)
	return o.compose.Say(&stanzalog.Said{
		Conn: e.Conn.Number, Addr: e.Conn.Addr, Reply: e.Sender == dissect.Server, Time: e.Time, Precision: nanoseconds,
		Lost: lost, Data: slices.Concat(e.Before, e.XML, e.After),
	}, func(f *capture.Frame) error {
		one := *f
		one.Data = bytes.Clone(f.Data)
		o.queue = append(o.queue, one)
		return nil
	})
}

// Close ends the reading.
func (o *opened) Close() error {
	o.stop()
	return o.inner.Close()
}
