package follow

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"talktrace/dissect"
	"talktrace/report"
	"talktrace/report/escape"
)

// RawOptions say how bytes are written.
type RawOptions struct {
	// Lost is told what is missing from the bytes; it may be nil.
	Lost func(text string)
	// Terminal makes the bytes safe to be shown, line by line.
	Terminal bool
}

// Raw writes the bytes of rows as they came, with the white space between them.
// Of what is no XML of the stream it writes nothing.
//
// It wants rows with their XML (dissect.Options.XML), of one side of one
// connection.
type Raw struct {
	out  *bufio.Writer
	o    RawOptions
	line []byte
}

var _ report.Writer = (*Raw)(nil)

// NewRaw makes a writer of bytes to w.
func NewRaw(w io.Writer, o RawOptions) *Raw {
	return &Raw{out: bufio.NewWriterSize(w, bufferSize), o: o}
}

// Write takes the next row.
func (w *Raw) Write(e *dissect.Event) error {
	if e.Protocol == "BOSH" { // what carries stanzas, which have rows of their own
		return nil
	}
	for _, b := range [...][]byte{e.Before, e.XML, e.After} {
		if w.o.Terminal {
			b = w.shown(b)
		}
		if _, err := w.out.Write(b); err != nil {
			return err
		}
	}
	if w.o.Lost == nil {
		return nil
	}
	if e.Kind == dissect.KindGap {
		w.o.Lost(fmt.Sprintf("%d bytes are missing here (frame %d)", e.Missing, e.Frame))
	}
	if (e.Kind == dissect.KindMalformed || e.Kind == dissect.KindUnfinished) && len(e.XML) < e.Length {
		w.o.Lost(fmt.Sprintf("of %d bytes only the first %d were kept (frame %d)", e.Length, len(e.XML), e.Frame))
	}
	return nil
}

// shown makes bytes safe for a terminal. Their lines stay lines.
func (w *Raw) shown(b []byte) []byte {
	w.line = w.line[:0]
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			w.line = escape.Text(w.line, b)
			return w.line
		}
		w.line = append(escape.Text(w.line, bytes.TrimSuffix(b[:i], []byte("\r"))), '\n')
		b = b[i+1:]
	}
}

// Flush writes out what has been written so far.
func (w *Raw) Flush() error { return w.out.Flush() }

// Close writes out the rest.
func (w *Raw) Close() error { return w.out.Flush() }
