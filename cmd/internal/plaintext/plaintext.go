// Package plaintext makes a capture of what was said in another one, in the clear
// and without whatever it travelled in.
package plaintext

import (
	"fmt"
	"slices"

	"talktrace/capture"
	"talktrace/capture/stanzalog"
	"talktrace/dissect"
	"talktrace/report/xmllog"
)

// Talk makes frames of rows: a segment for each, between the same ends and at the
// same time. What was lost stays lost. The zero value is ready.
type Talk struct{ compose stanzalog.Composer }

// Precision is how many decimal digits of a second the frames of a row have.
func Precision(e *dissect.Event) int {
	if e.Time%1000 == 0 {
		return 6
	}
	return 9
}

// Say calls write for each frame of a row, which is valid during the call. The rows
// must have been made with dissect.Options.XML. Those without XML are of what it
// travelled in, and have no frame.
func (t *Talk) Say(e *dissect.Event, write func(*capture.Frame) error) error {
	said := stanzalog.Said{
		Conn: e.Conn.Number, Addr: e.Conn.Addr, Reply: e.Sender == dissect.Server, Time: e.Time, Precision: Precision(e),
		Data: slices.Concat(e.Before, e.XML, e.After), Comment: fmt.Sprintf("was in frame %d, in %s", e.Frame, e.Layers),
	}
	switch {
	case e.Protocol == "BOSH":
		return nil
	case e.Kind == dissect.KindGap:
		said.Lost = e.Missing
	case e.XML == nil:
		return nil
	}
	err := t.compose.Say(&said, write)
	if n := xmllog.Unkept(e); err == nil && n > 0 && e.XML != nil {
		said.Data, said.Lost = nil, n
		err = t.compose.Say(&said, write)
	}
	return err
}
