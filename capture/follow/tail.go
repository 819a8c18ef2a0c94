package follow

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"talktrace/capture"
)

// look is how often a file is looked at that gives no sign of change.
const look = 100 * time.Millisecond

// ending says why a tail has ended.
type ending uint8

const (
	notEnded ending = iota
	replaced        // by another file of that name
	stopped         // by the context
	failed
)

// A tail reads a file and waits at its end.
type tail struct {
	ctx   context.Context
	file  *os.File
	name  string
	watch *watch
	read  int64 // bytes
	why   ending
}

func newTail(ctx context.Context, file *os.File, name string) (*tail, error) {
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("is not a regular file")
	}
	if err != nil {
		_ = file.Close()
		return nil, &capture.Error{File: name, Err: err, Hint: "only files can be followed; a pipe is read by -r, without --follow"}
	}
	return &tail{ctx: ctx, file: file, name: name, watch: newWatch(name)}, nil
}

// Read implements io.Reader. It returns io.EOF when no more bytes will come.
func (t *tail) Read(b []byte) (int, error) {
	for {
		n, err := t.file.Read(b)
		t.read += int64(n)
		switch {
		case n > 0 || len(b) == 0:
			return n, nil
		case err != nil && !errors.Is(err, io.EOF):
			t.why = failed
			return 0, err
		case t.why != notEnded:
			return 0, io.EOF
		}
		// The end is true only if there was nothing more to read afterwards.
		if t.why = t.ending(); t.why == notEnded {
			t.watch.wait(t.ctx)
		}
	}
}

// ending says whether the tail ends here.
func (t *tail) ending() ending {
	if t.ctx.Err() != nil {
		return stopped
	}
	now, err := os.Stat(t.name)
	if err != nil {
		return notEnded // moved away; its successor is yet to come
	}
	mine, err := t.file.Stat()
	if err == nil && (!os.SameFile(mine, now) || now.Size() < t.read) {
		return replaced
	}
	return notEnded
}

func (t *tail) close() error {
	t.watch.close()
	return t.file.Close()
}

// await opens a file as soon as it is there. It returns io.EOF if ctx ends
// before.
func await(ctx context.Context, name string) (*os.File, error) {
	w := newWatch(name)
	defer w.close()
	for {
		file, err := os.Open(name)
		if err == nil {
			return file, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, &capture.Error{File: name, Err: err}
		}
		if ctx.Err() != nil {
			return nil, io.EOF
		}
		w.wait(ctx)
	}
}

// pause waits as long as a file may go unlooked at.
func pause(ctx context.Context) {
	timer := time.NewTimer(look)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
