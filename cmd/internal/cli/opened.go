package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"talktrace/capture/pcapfile"
	"talktrace/capture/stanzalog"
	"talktrace/dissect"
	"talktrace/report"
)

// opened writes rows as a capture of the same conversation in the clear: a
// segment for each row, between the same ends and at the same time.
type opened struct {
	compose stanzalog.Composer
	frames  *pcapfile.Writer
	file    io.Closer
}

var _ report.Writer = (*opened)(nil)

func newOpened(w io.WriteCloser, format pcapfile.Format) *opened {
	return &opened{frames: pcapfile.NewWriter(w, format), file: w}
}

// Write takes the next row. Those without XML are of what it travelled in.
func (o *opened) Write(e *dissect.Event) error {
	if e.XML == nil || e.Protocol == "BOSH" {
		return nil
	}
	digits := 9
	if e.Time%1000 == 0 {
		digits = 6
	}
	return o.compose.Say(&stanzalog.Said{
		Conn: e.Conn.Number, Addr: e.Conn.Addr, Reply: e.Sender == dissect.Server, Time: e.Time, Precision: digits,
		Data: slices.Concat(e.Before, e.XML, e.After), Comment: fmt.Sprintf("was in frame %d, in %s", e.Frame, e.Layers),
	}, o.frames.WriteFrame)
}

// Flush writes out what has been written so far.
func (o *opened) Flush() error { return o.frames.Flush() }

// Close ends the capture and closes the file.
func (o *opened) Close() error { return errors.Join(o.frames.Close(), o.file.Close()) }
