package cli

import (
	"context"
	"errors"
	"io"

	"talktrace/capture"
	"talktrace/capture/live"
	"talktrace/capture/pcapfile"
)

// input is what a trace reads: one or more sources of frames as one, which an
// interrupt ends. It is a capture.Source.
type input struct {
	capture.Source
	ctx    context.Context // its end ends the input
	live   bool            // frames come as they are captured
	files  []*pcapfile.File
	names  *nameBlocks // nil where nobody wants names
	frames int         // handed out so far; for the goroutine that reads
	onRead func()      // called now and then while reading; may be nil
}

// openInput opens what the flags name.
func openInput(ctx context.Context, o *options, stdin io.Reader, names *nameBlocks) (*input, error) {
	in := &input{ctx: ctx, names: names}
	if len(o.interfaces) == 0 {
		err := in.openFiles(o.files, stdin)
		return in, err
	}
	in.live = true
	if o.interfaces[0] == "-" {
		err := in.openFiles(o.interfaces, stdin)
		return in, err
	}
	name, err := interfaceName(o.interfaces[0])
	if err != nil {
		return nil, err
	}
	in.Source, err = live.Open(ctx, name, live.Options{
		Filter:      o.filter,
		Snaplen:     o.snaplen,
		Promiscuous: !o.unobtrusive,
		Immediate:   true,
	})
	return in, err
}

func (in *input) openFiles(names []string, stdin io.Reader) error {
	hooks := capture.Hooks{}
	if in.names != nil {
		hooks.Name = in.names.add
	}
	var sources []capture.Source
	for _, name := range names {
		f, err := pcapfile.Open(name, stdin, hooks)
		if err != nil {
			for _, f := range in.files {
				err = errors.Join(err, f.Close())
			}
			return err
		}
		in.files = append(in.files, f)
		sources = append(sources, f)
	}
	in.Source = capture.Merge(sources...)
	return nil
}

// Next implements capture.Source.
func (in *input) Next(f *capture.Frame) error {
	if in.ctx.Err() != nil {
		return in.interrupted()
	}
	if in.onRead != nil && in.frames&1023 == 0 {
		in.onRead()
	}
	if err := in.Source.Next(f); err != nil {
		return err
	}
	in.frames++
	if in.names != nil {
		in.names.passed(in.frames)
	}
	return nil
}

// Buffered implements capture.Buffered. An interface that cannot tell may make
// its reader wait at any time.
func (in *input) Buffered() bool {
	if b, ok := in.Source.(capture.Buffered); ok {
		return b.Buffered()
	}
	return !in.live
}

var errInterrupted = errors.New("interrupted before the end of the input")

// interrupted is how reading ends after an interrupt: quietly where the user
// says when it is enough, with an error where part of a file was not read.
func (in *input) interrupted() error {
	if in.slow() {
		return io.EOF
	}
	return errInterrupted
}

// slow reports whether frames may come with long waits between them, so that
// nobody should wait for more of them.
func (in *input) slow() bool { return in.live || in.size() == 0 }

// size returns the bytes of all files, 0 where that is not known.
func (in *input) size() int64 {
	var all int64
	for _, f := range in.files {
		n := f.Size()
		if n == 0 {
			return 0
		}
		all += n
	}
	return all
}

// read returns how many bytes of the files have been read so far.
func (in *input) read() int64 {
	var all int64
	for _, f := range in.files {
		all += f.Read()
	}
	return all
}
