// Package pcapfile reads and writes capture files: pcap in its variants, and
// pcapng with the secrets, names and comments that it holds beside frames.
//
// Open takes a file by name, undoes compression and says in plain words what
// is wrong with a file that is no capture. NewReader reads a capture from any
// io.Reader. Neither ever seeks, so that pipes work.
//
// The formats are those of draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng.
package pcapfile

import (
	"errors"
	"fmt"
	"io"

	"talktrace/capture"
)

const (
	// maxFrame bounds the captured bytes of a frame. No link carries frames
	// that long: a larger number is damage.
	maxFrame = 16 << 20
	// maxBlock bounds a pcapng block, likewise.
	maxBlock = 64 << 20
	// maxInterfaces bounds the interfaces of a pcapng section.
	maxInterfaces = 1 << 16
)

// ErrNotCapture says that the input is in neither of the formats. The Hint of
// the capture.Error around it says what the input looks like instead.
var ErrNotCapture = errors.New("not a pcap or pcapng file")

// CutOffError says that the input ends in the middle of something. It is an
// io.ErrUnexpectedEOF.
type CutOffError struct {
	In      string // what was being read
	Missing int    // bytes that were announced and did not come
}

func (e *CutOffError) Error() string {
	return fmt.Sprintf("the file is cut off in the middle of %s (%d bytes missing)", e.In, e.Missing)
}

// Unwrap makes errors.Is find io.ErrUnexpectedEOF.
func (e *CutOffError) Unwrap() error { return io.ErrUnexpectedEOF }

// DamageError says that a record contradicts itself or the format.
type DamageError struct{ Reason string }

func (e *DamageError) Error() string { return "the file is damaged: " + e.Reason }

func damaged(format string, args ...any) error {
	return &DamageError{fmt.Sprintf(format, args...)}
}

// Reader reads the frames of one capture. It is a capture.Source.
//
// Frames come in the order in which they are in the file, numbered from 1,
// whatever their times say. Their Data points into the reader's own buffer.
// The captured length may exceed the snapshot length that the file announces:
// it is the record that counts.
type Reader struct {
	name  string
	hooks capture.Hooks
	in    window
	big   byteOrder
	next  func(*Reader, *capture.Frame) error // of the format

	frames int   // handed out so far
	start  int64 // offset of the record being read
	err    error // what Next has failed with

	classic classicFile // pcap
	section section     // pcapng

	statistics statistics

	comment []byte // room to join comments in
}

var (
	_ capture.Source   = (*Reader)(nil)
	_ capture.Buffered = (*Reader)(nil)
)

// NewReader returns a Reader of the capture that r holds, uncompressed. The
// name is for errors. It reads the file header, and fails with a
// *capture.Error that wraps ErrNotCapture where that is none.
//
// The reader does not wait for more bytes than the next frame needs, so that
// it can follow a capture that is still being written to a pipe.
func NewReader(r io.Reader, name string, hooks capture.Hooks) (*Reader, error) {
	rd := &Reader{name: name, hooks: hooks, in: window{src: r}}
	if err := rd.readMagic(); err != nil {
		return nil, rd.fail(err)
	}
	return rd, nil
}

func (r *Reader) readMagic() error {
	magic := r.in.peek(4)
	switch {
	case len(magic) < 4:
		return r.notCapture()
	case littleEndian.uint32(magic) == blockSection:
		if head := r.in.peek(12); len(head) == 12 && !knownByteOrder(head[8:]) {
			return r.notCapture()
		}
		r.next = (*Reader).nextBlock
		return nil
	case r.classic.recognize(magic, &r.big):
		r.next = (*Reader).nextRecord
		return r.readFileHeader()
	}
	return r.notCapture()
}

// notCapture tells what the input looks like, from as many of its first bytes
// as can be had.
func (r *Reader) notCapture() error {
	head := r.in.peek(recognizable)
	if r.in.err != nil && !errors.Is(r.in.err, io.EOF) {
		return unreadable(r.in.err)
	}
	return &capture.Error{File: r.name, Err: ErrNotCapture, Hint: hintFor(head)}
}

// Next fills in the next frame of the file. See capture.Source. Its errors
// wrap a *CutOffError, a *DamageError, or what the underlying reader returned.
func (r *Reader) Next(f *capture.Frame) error {
	if r.err != nil {
		return r.err
	}
	r.start = r.in.offset()
	if err := r.next(r, f); err != nil {
		r.err = r.fail(err)
		return r.err
	}
	r.frames++
	f.Number = r.frames
	return nil
}

// Buffered reports whether the next frame, or what there is instead, is in
// memory. It looks no further than the next block of a pcapng file: where that
// is no frame, the answer is no.
func (r *Reader) Buffered() bool {
	if r.err != nil || r.in.err != nil {
		return true
	}
	head := r.in.buf[r.in.pos:r.in.end]
	if r.classic.header > 0 {
		return len(head) >= r.classic.header && len(head) >= r.recordSize(head)
	}
	return len(head) >= blockHead && len(head) >= r.packetSize(head)
}

// Close ends reading. It does not close the underlying reader.
func (r *Reader) Close() error {
	if r.err == nil {
		r.err = io.EOF
	}
	r.in.buf, r.in.pos, r.in.end = nil, 0, 0
	return nil
}

// fail puts an error into its place in the file.
func (r *Reader) fail(err error) error {
	if _, placed := errors.AsType[*capture.Error](err); placed || errors.Is(err, io.EOF) {
		return err
	}
	e := &capture.Error{File: r.name, Frame: r.frames, Offset: r.start, Err: err}
	if _, cut := errors.AsType[*CutOffError](err); cut && r.frames > 0 {
		e.Hint = "the frames before the cut were read; was the capture stopped while it was being written, or the copy not complete?"
	}
	return e
}

// short says why the input did not hold want bytes: it was read to its end,
// it was cut off, or it could not be read. got is what it did hold.
func (r *Reader) short(in string, want, got int) error {
	if !errors.Is(r.in.err, io.EOF) {
		return unreadable(r.in.err)
	}
	return &CutOffError{In: in, Missing: want - got}
}

// unreadable wraps the failure of an underlying reader.
func unreadable(err error) error {
	if _, said := errors.AsType[*compressionError](err); said {
		return err
	}
	return fmt.Errorf("cannot be read: %w", withoutPath(err))
}
