package cli

import (
	"errors"
	"io"

	"talktrace/capture/pcapfile"
	"talktrace/cmd/internal/plaintext"
	"talktrace/dissect"
	"talktrace/report"
)

// opened writes rows as a capture of the same conversation in the clear.
type opened struct {
	talk   plaintext.Talk
	frames *pcapfile.Writer
	file   io.Closer
	coarse bool // the file has no place for nanoseconds
	losses losses
	say    func(text string)
}

var _ report.Writer = (*opened)(nil)

func newOpened(w io.WriteCloser, format pcapfile.Format, say func(text string)) *opened {
	return &opened{frames: pcapfile.NewWriter(w, format), file: w, coarse: format == pcapfile.Pcap, say: say}
}

// Write takes the next row.
func (o *opened) Write(e *dissect.Event) error {
	if o.coarse && plaintext.Precision(e) > 6 {
		o.losses.add(nanoseconds)
	}
	return o.talk.Say(e, o.frames.WriteFrame)
}

// Flush writes out what has been written so far.
func (o *opened) Flush() error { return o.frames.Flush() }

// Close ends the capture and closes the file.
func (o *opened) Close() error {
	o.losses.tell(o.say)
	return errors.Join(o.frames.Close(), o.file.Close())
}
