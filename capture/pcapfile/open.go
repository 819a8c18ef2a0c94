package pcapfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"talktrace/capture"
)

// File is an open capture file. It is a capture.Source that knows how far it
// has been read.
type File struct {
	*Reader
	size   int64
	input  *counter
	closes []io.Closer // innermost first
}

var _ capture.Source = (*File)(nil)

// Open opens the capture file of that name; "-" is stdin, which is not closed.
// The file may be compressed by gzip, zstd or lz4, whatever its name, and may
// be a FIFO. Errors are *capture.Error with a hint where one is known; one
// that wraps ErrNotCapture says that the file is no capture.
func Open(name string, stdin io.Reader, hooks capture.Hooks) (*File, error) {
	f := &File{input: &counter{src: stdin}}
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, &capture.Error{File: name, Err: withoutPath(err), Hint: openHint(name, err)}
		}
		f.input.src = file
		f.closes = append(f.closes, file)
	}
	if err := f.open(name, hooks); err != nil {
		_ = f.closeInputs() // err says more
		return nil, err
	}
	return f, nil
}

// OpenReader is Open for a file whose bytes come from r, which is not closed.
// The name is for errors.
func OpenReader(r io.Reader, name string, hooks capture.Hooks) (*File, error) {
	f := &File{input: &counter{src: r}}
	if err := f.open(name, hooks); err != nil {
		_ = f.closeInputs() // err says more
		return nil, err
	}
	return f, nil
}

func (f *File) open(name string, hooks capture.Hooks) error {
	if file, ok := f.input.src.(fs.File); ok {
		if info, err := file.Stat(); err == nil {
			if info.IsDir() {
				return &capture.Error{File: name, Err: errors.New("is a directory"), Hint: "name the capture files in it"}
			}
			if info.Mode().IsRegular() {
				f.size = info.Size()
			}
		}
	}
	plain, err := decompress(f.input)
	if err != nil {
		return &capture.Error{File: name, Err: unreadable(err)}
	}
	if c, ok := plain.(io.Closer); ok {
		f.closes = append([]io.Closer{c}, f.closes...)
	}
	f.Reader, err = NewReader(plain, name, hooks)
	return err
}

// Buffered reports whether the next frame comes without waiting for another
// program: it is on the disk or in memory.
func (f *File) Buffered() bool { return f.size > 0 || f.Reader.Buffered() }

// Size is the size of the file in bytes, as it lies on the disk; 0 where it is
// not known, as with pipes.
func (f *File) Size() int64 { return f.size }

// Read is the number of bytes of the file that have been consumed so far. It
// grows in steps of a buffer and may be called from another goroutine.
func (f *File) Read() int64 { return f.input.n.Load() }

// Close closes the file. Frames handed out before are no longer valid.
func (f *File) Close() error {
	return errors.Join(f.Reader.Close(), f.closeInputs())
}

func (f *File) closeInputs() error {
	var errs []error
	for _, c := range f.closes {
		errs = append(errs, c.Close())
	}
	f.closes = nil
	return errors.Join(errs...)
}

// counter counts the bytes read from a file.
type counter struct {
	src io.Reader
	n   atomic.Int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.src.Read(b)
	c.n.Add(int64(n))
	return n, err
}

// openHint says what can be done about a file that cannot be opened.
func openHint(name string, err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist) && !filepath.IsAbs(name):
		if wd, err := os.Getwd(); err == nil {
			return fmt.Sprintf("relative names are looked up in %s", wd)
		}
	case errors.Is(err, fs.ErrPermission):
		return "captures made by root are readable by root alone: sudo chmod a+r the file, or sudo cat it into -r -"
	}
	return ""
}

// withoutPath takes away the name that the error around it says already.
func withoutPath(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
