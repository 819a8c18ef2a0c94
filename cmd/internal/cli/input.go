package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/dissect/tls"
)

// input is what a trace reads: one or more sources of frames as one, which an
// interrupt ends. It is a capture.Source.
type input struct {
	capture.Source
	ctx    context.Context // its end ends the input
	live   bool            // frames come as they are captured
	drains bool            // the source itself ends with ctx, after what is there
	files  []*pcapfile.File
	logs   bool        // some of the sources are logs of programs
	names  *nameBlocks // nil where nobody wants names
	record *record     // nil where nobody writes frames
	keys   *tls.Keys   // take in what key logs the files hold

	captured capture.Source // where the frames come from, whatever stands before it

	frames int    // handed out so far; for the goroutine that reads
	onRead func() // called now and then while reading; may be nil
}

// openInput opens what the flags name.
func openInput(ctx context.Context, o *options, s Streams, names *nameBlocks, rec *record, keys *tls.Keys) (*input, error) {
	in := &input{ctx: ctx, names: names, record: rec, keys: keys}
	in.live = len(o.interfaces) > 0 || o.capturing.follow
	var err error
	switch pipes := o.pipes(); {
	case o.capturing.follow:
		err = in.follow(o, s)
	case len(o.interfaces) == 0:
		err = in.openFiles(o.files, s.In)
	case len(pipes) > 0:
		err = in.openFiles(pipes, s.In)
	default:
		err = in.capture(o, s)
	}
	return in, err
}

func (in *input) openFiles(names []string, stdin *os.File) error {
	hooks := in.hooks()
	var sources []capture.Source
	for i, name := range names {
		scanSecrets(name, in.keys)
		source, f, err := in.openCapture(&opening{i, name, stdin, hooks})
		if err != nil {
			for _, s := range sources {
				err = errors.Join(err, s.Close())
			}
			return err
		}
		if f != nil {
			in.files = append(in.files, f)
		} else {
			in.logs = true
		}
		sources = append(sources, source)
	}
	in.Source = capture.Merge(sources...)
	return nil
}

// isPipe reports whether there is a named pipe of that name.
func isPipe(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode()&fs.ModeNamedPipe != 0
}

// hooks are handed what files hold beside frames.
func (in *input) hooks() capture.Hooks {
	hooks := in.record.hooks()
	secrets := hooks.Secrets
	hooks.Secrets = func(kind uint32, data []byte) {
		if kind == tlsKeyLog {
			in.keys.AddBlock(data, in.frames)
		}
		if secrets != nil {
			secrets(kind, data)
		}
	}
	if in.names != nil {
		hooks.Name = both(in.names.add, hooks.Name)
	}
	return hooks
}

// Next implements capture.Source.
func (in *input) Next(f *capture.Frame) error {
	if in.ctx.Err() != nil && !in.drains {
		return in.interrupted()
	}
	if in.onRead != nil && in.frames&1023 == 0 {
		in.onRead()
	}
	if err := in.Source.Next(f); err != nil {
		if in.ctx.Err() != nil && !in.drains {
			return in.interrupted() // of half a record there is no more to come
		}
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
