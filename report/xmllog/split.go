package xmllog

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"talktrace/dissect"
	"talktrace/report"
)

// ErrTooMany is what Split returns where there are more documents than can be
// written at once.
var ErrTooMany = errors.New("too many connections to write at once")

// mostFiles bounds the documents that are open at a time.
const mostFiles = 512

// Split writes the documents of each connection, one of each side, as they were:
// the bytes of the stream with the white space in it. It wants rows with their XML.
type Split struct {
	open func(conn int, sender dissect.Sender) (io.WriteCloser, error)
	to   map[document]io.WriteCloser
	lost func(text string)
}

// document is what a side of a connection sends.
type document struct {
	conn   int
	sender dissect.Sender
}

var _ report.Writer = (*Split)(nil)

// NewSplit makes a writer to what open returns. lost is told of what is missing.
func NewSplit(open func(conn int, sender dissect.Sender) (io.WriteCloser, error), lost func(text string)) *Split {
	return &Split{open: open, to: make(map[document]io.WriteCloser), lost: lost}
}

// Write takes the next row.
func (s *Split) Write(e *dissect.Event) error {
	if e.Kind == dissect.KindGap {
		s.lost(fmt.Sprintf("%d bytes of the %s are missing on connection %d (frame %d)", e.Missing, e.Sender, e.Conn.Number, e.Frame))
	}
	if n := Unkept(e); n > 0 && e.XML != nil {
		s.lost(fmt.Sprintf("%d bytes of the %s that are no XML are left out on connection %d (frame %d)", n, e.Sender, e.Conn.Number, e.Frame))
	}
	if e.Protocol == "BOSH" || e.XML == nil { // a body of BOSH carries stanzas, which have rows of their own
		return nil
	}
	key := document{e.Conn.Number, e.Sender}
	to := s.to[key]
	if to == nil {
		if len(s.to) >= mostFiles {
			return ErrTooMany
		}
		var err error
		if to, err = s.open(e.Conn.Number, e.Sender); err != nil {
			return err
		}
		s.to[key] = to
	}
	_, err := to.Write(slices.Concat(e.Before, e.XML, e.After))
	return err
}

// Flush does nothing: nothing is held back.
func (s *Split) Flush() error { return nil }

// Close closes the documents.
func (s *Split) Close() error {
	var all error
	for _, to := range s.to {
		all = errors.Join(all, to.Close())
	}
	return all
}
