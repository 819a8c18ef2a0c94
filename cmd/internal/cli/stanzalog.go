package cli

import (
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"talktrace/capture"
	"talktrace/capture/follow"
	"talktrace/capture/pcapfile"
	"talktrace/capture/stanzalog"
)

// opening is an input that is to be opened: which one of them it is, from 0, and
// its name.
type opening struct {
	number int
	name   string
	stdin  *os.File
	hooks  capture.Hooks
}

// openCapture opens a capture file or, where that is none, a log with stanzas in
// it. Of a log there is no *pcapfile.File.
func (in *input) openCapture(o *opening) (capture.Source, *pcapfile.File, error) {
	open := in.openPipe
	switch {
	case o.name == "-" && isSeekable(o.stdin):
		open = openStdin
	case o.name != "-" && !isPipe(o.name):
		open = openRegular
	}
	source, f, err := open(o)
	if err != nil {
		if e, ok := errors.AsType[*capture.Error](err); ok && strings.HasPrefix(e.Hint, "it looks like text") {
			e.Hint += "; which logs with stanzas are read, talktrace convert --help says"
		}
		return nil, nil, err // not a nil *pcapfile.File in an interface
	}
	return source, f, nil
}

func isSeekable(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}

// openRegular opens a file that can be read twice.
func openRegular(o *opening) (capture.Source, *pcapfile.File, error) {
	f, err := pcapfile.Open(o.name, nil, o.hooks)
	if err == nil {
		return f, f, nil
	}
	if errors.Is(err, pcapfile.ErrNotCapture) {
		if log := o.openLog(); log != nil {
			return log, nil, nil
		}
	}
	return nil, nil, err
}

// openStdin opens a file that is standard input, and goes back in it where it is no
// capture.
func openStdin(o *opening) (capture.Source, *pcapfile.File, error) {
	start, unseekable := o.stdin.Seek(0, io.SeekCurrent)
	f, err := pcapfile.Open(o.name, o.stdin, o.hooks)
	if err == nil {
		return f, f, nil
	}
	if errors.Is(err, pcapfile.ErrNotCapture) && unseekable == nil {
		if _, failed := o.stdin.Seek(start, io.SeekStart); failed != nil {
			return nil, nil, err
		}
		if log := o.newLog(o.stdin, nil, written(o.stdin)); log != nil {
			return log, nil, nil
		}
	}
	return nil, nil, err
}

// openPipe opens a pipe in such a way that an interrupt ends it. What has been read
// of it to see that it is no capture is read again.
func (in *input) openPipe(o *opening) (capture.Source, *pcapfile.File, error) {
	file := o.stdin
	if o.name != "-" {
		var err error
		if file, err = os.Open(o.name); err != nil { // it stays open to the end
			return openRegular(o) // which says why
		}
	}
	r := &replayed{src: follow.Pipe(in.ctx, file)}
	f, err := pcapfile.OpenReader(r, o.name, o.hooks)
	if err == nil {
		r.forget()
		return f, f, nil
	}
	if errors.Is(err, pcapfile.ErrNotCapture) {
		r.again()
		if log := o.newLog(r, nil, time.Now()); log != nil {
			return log, nil, nil
		}
	}
	return nil, nil, err
}

// replayed is a reader whose beginning can be read twice.
type replayed struct {
	src  io.Reader
	seen []byte
	next int  // in seen
	done bool // nothing is kept any more
}

// Read implements io.Reader.
func (r *replayed) Read(p []byte) (int, error) {
	if r.done && r.next < len(r.seen) {
		n := copy(p, r.seen[r.next:])
		if r.next += n; r.next == len(r.seen) {
			r.forget()
		}
		return n, nil
	}
	n, err := r.src.Read(p)
	if !r.done {
		r.seen = append(r.seen, p[:n]...)
	}
	return n, err
}

// again has what has been read so far be read once more.
func (r *replayed) again() { r.done, r.next = true, 0 }

// forget lets go of it.
func (r *replayed) forget() { r.done, r.seen, r.next = true, nil, 0 }

// openAgain opens a capture file, or a log, that can be read twice.
func openAgain(name string) (capture.Source, error) { return openNumber(0, name) }

// openNumber is openAgain for one of several inputs, of a number from 0.
func openNumber(number int, name string) (capture.Source, error) {
	source, _, err := openRegular(&opening{number: number, name: name})
	return source, err
}

// logFile is a log whose file is closed when it has been read.
type logFile struct {
	*stanzalog.Log
	file io.Closer
}

func (l *logFile) Close() error { return l.file.Close() }

// openLog opens a file that is a log with stanzas in it; it returns nil where it
// is none, or cannot be read twice.
func (o *opening) openLog() capture.Source {
	f, err := os.Open(o.name)
	if err != nil {
		return nil
	}
	if isSeekable(f) {
		if log := o.newLog(f, f, written(f)); log != nil {
			return log
		}
	}
	_ = f.Close() // the file is none of ours
	return nil
}

// newLog makes a source of what is, plain or compressed, a log with stanzas in it;
// it returns nil where it is none. A file that is given is closed with it.
func (o *opening) newLog(r io.Reader, file io.Closer, written time.Time) capture.Source {
	plain, err := pcapfile.Decompress(r)
	if err != nil {
		return nil
	}
	log := stanzalog.New(plain, stanzalog.Options{Name: o.name, Number: o.number, Written: written, Zone: time.Local})
	switch {
	case log == nil:
		return nil
	case file == nil:
		return log
	}
	return &logFile{log, file}
}

// written returns when a file was last written to.
func written(f *os.File) time.Time {
	if info, err := f.Stat(); err == nil {
		return info.ModTime()
	}
	return time.Now()
}
