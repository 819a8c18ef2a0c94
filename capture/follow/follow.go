// Package follow reads a capture file that is still being written, as tail -F
// reads a text: at its end it waits for more, and where another file has taken
// its place, it goes on with that one.
package follow

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
)

// Options say how to follow.
type Options struct {
	// Wait makes a file that is not there yet be waited for.
	Wait bool

	// Notice is told, in a few words, what becomes of the file. It is called
	// from within Next; nil is told nothing.
	Notice func(text string)

	Hooks capture.Hooks
}

// Source is a capture.Source of the frames of a growing file. Frame.Number
// counts on, and Frame.Interface begins anew, in the file that takes the
// place of another.
type Source struct {
	ctx    context.Context
	name   string
	o      Options
	tail   *tail
	file   *pcapfile.File // nil until the first bytes of the tail were looked at
	frames int
	err    error
}

var (
	_ capture.Source   = (*Source)(nil)
	_ capture.Buffered = (*Source)(nil)
)

// Open begins to follow the file of that name, from its beginning. The file may
// be empty at first, or compressed as pcapfile.Open takes it; the last frames of
// a gzip file that has been completed are then seen only when following ends,
// because more could come behind them. When ctx ends,
// Next goes on to the end of the file as it then is, and returns io.EOF: a
// record of which only a part is there is not waited for any more, and is not
// an error either.
//
// Another file has taken the place of the one that is read when there is one
// by the name that is not the same, or when it has become shorter than what
// was read. (A file that is emptied and filled again beyond that length
// between two looks, which is less than a tenth of a second, goes unnoticed.)
//
// Errors are *capture.Error.
func Open(ctx context.Context, name string, o Options) (*Source, error) {
	s := &Source{ctx: ctx, name: name, o: o}
	file, err := os.Open(name)
	switch {
	case err == nil:
		s.tail, err = newTail(ctx, file, name)
		return s, err
	case o.Wait && errors.Is(err, fs.ErrNotExist):
		s.notice("not there yet; waiting for it")
		return s, nil
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return nil, &capture.Error{File: name, Err: err, Hint: "--wait waits for a file that is yet to be made"}
}

// Next implements capture.Source.
func (s *Source) Next(f *capture.Frame) error {
	for s.err == nil {
		if s.file == nil {
			s.err = s.begin()
			continue
		}
		err := s.file.Next(f)
		if err == nil {
			s.frames++
			f.Number = s.frames
			return nil
		}
		s.err = s.finish(err)
	}
	return s.err
}

// begin opens the file that the tail reads, or that is to be waited for.
func (s *Source) begin() (err error) {
	if s.tail == nil {
		file, err := await(s.ctx, s.name)
		if err != nil {
			return err
		}
		if s.tail, err = newTail(s.ctx, file, s.name); err != nil {
			return err
		}
	}
	s.file, err = pcapfile.OpenReader(s.tail, s.name, s.o.Hooks)
	if err != nil {
		return s.finish(err)
	}
	return nil
}

// finish ends a file whose reader has returned an error. It returns nil if
// another file follows.
func (s *Source) finish(err error) error {
	why, read := s.tail.why, s.tail.read
	if failed := s.close(); failed != nil {
		return &capture.Error{File: s.name, Err: failed}
	}
	switch {
	case why == stopped && (read == 0 || isEnd(err)):
		return io.EOF
	case why == replaced && read == 0:
		return nil
	case why == replaced && isEnd(err):
		text := "goes on in another file"
		if !errors.Is(err, io.EOF) {
			text += ", after half a record"
		}
		s.notice(text)
		return nil
	}
	return err
}

// isEnd reports whether a file has been read to where its bytes end.
func isEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// Buffered implements capture.Buffered.
func (s *Source) Buffered() bool {
	return s.err != nil || s.file != nil && s.file.Buffered()
}

// Close ends following. It must not be called while Next runs.
func (s *Source) Close() error {
	if s.err == nil {
		s.err = io.EOF
	}
	return s.close()
}

// close closes what is open.
func (s *Source) close() error {
	var errs []error
	if s.file != nil {
		errs = append(errs, s.file.Close())
	}
	if s.tail != nil {
		errs = append(errs, s.tail.close())
	}
	s.file, s.tail = nil, nil
	return errors.Join(errs...)
}

func (s *Source) notice(text string) {
	if s.o.Notice != nil {
		s.o.Notice(s.name + ": " + text)
	}
}
