package ring

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// ErrInput says that a file is being read and not to be written to.
var ErrInput = errors.New("the same file is being read")

// memberSize is after how many bytes a compressed file begins a new member. It
// bounds the memory that a member takes.
const memberSize = 4 << 20

// file is a capture file that is being written. Its bytes are whole records
// only, and so are those of each member of a compressed file: it is complete
// whenever it has been flushed. After a failure it takes bytes and loses them.
type file struct {
	name string
	ring *Ring
	out  *os.File // nil before create, and after a failure
	keep bool     // out is not ours to close
	good int64    // bytes in it

	member  compressor // nil where bytes are written as they are
	packed  bytes.Buffer
	plain   int // bytes in the member, before compression
	waiting int // frames handed over that are not in out yet
	lost    int // frames that never will be
}

// compressor compresses one member after another.
type compressor interface {
	io.WriteCloser
	Reset(io.Writer)
}

// create opens the file for writing. What it held is gone, unless that is being
// read.
func (f *file) create() error {
	if f.name == "-" {
		f.out, f.keep = f.ring.o.Stdout, true
		return nil
	}
	if info, err := os.Stat(f.name); err == nil {
		for _, in := range f.ring.o.Inputs {
			if os.SameFile(info, in) {
				return ErrInput
			}
		}
	}
	out, err := os.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if info, err := out.Stat(); err == nil && info.Mode().IsRegular() {
		_ = out.Chmod(0o600) // if it was there before; where it is somebody else's it stays as it is
	}
	f.out = out
	f.member, err = newCompressor(f.name, &f.packed)
	return err
}

// newCompressor makes the compressor that the suffix of a name asks for; nil
// where it asks for none.
func newCompressor(name string, to io.Writer) (compressor, error) {
	switch {
	case strings.HasSuffix(name, ".gz"):
		return gzip.NewWriter(to), nil
	case strings.HasSuffix(name, ".zst"):
		// With one thread the work is done within Write and Close.
		return zstd.NewWriter(to, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(memberSize), zstd.WithLowerEncoderMem(true))
	}
	return nil, nil
}

// Write takes whole records. It does not fail.
func (f *file) Write(records []byte) (int, error) {
	switch {
	case f.out == nil:
		f.forget()
	case f.member == nil:
		f.write(records)
	default:
		_, _ = f.member.Write(records) // into memory
		if f.plain += len(records); f.plain >= memberSize {
			f.flush()
		}
	}
	return len(records), nil
}

// flush ends the member of a compressed file.
func (f *file) flush() {
	if f.out == nil || f.plain == 0 {
		return
	}
	_ = f.member.Close() // into memory
	f.write(f.packed.Bytes())
	f.packed.Reset()
	f.member.Reset(&f.packed)
	f.plain = 0
}

func (f *file) write(b []byte) {
	n, err := f.out.Write(b)
	if err != nil {
		f.failed(err)
		return
	}
	f.good += int64(n)
	f.waiting = 0
	f.ring.relief(f)
}

// failed keeps what is written and gives up the rest.
func (f *file) failed(err error) {
	f.ring.trouble(f, err)
	if f.out != nil {
		_ = f.out.Truncate(f.good) // takes away the record that is not whole; a pipe has none
		_ = f.shut()               // that it fails as well is no news
	}
	f.forget()
}

// forget counts the frames that wait as lost.
func (f *file) forget() {
	f.lost += f.waiting
	f.waiting = 0
}

func (f *file) close() {
	f.flush()
	if f.out == nil {
		f.forget()
		return
	}
	if err := f.shut(); err != nil {
		f.ring.o.Say(fmt.Sprintf("%s: %v", f.name, withoutPath(err)))
	}
}

func (f *file) shut() error {
	out := f.out
	f.out = nil
	if f.keep {
		return nil
	}
	return out.Close()
}

// withoutPath takes away the name that is said already.
func withoutPath(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
