package report

import "talktrace/dissect"

// Unpaint ends what Paint began.
const Unpaint = "\x1b[0m"

// Paint returns the escape sequence that colours a row: blue from the client,
// red from the server. The two are taken from the palette of 256 colours, where
// they look the same everywhere and have a contrast of about 4:1 or more on
// white as well as on black. A row with a warning is bold; one that tells of
// damage is reversed. A row of no connection has no colour.
func Paint(e *dissect.Event) string {
	if e.Conn == nil || e.Conn.Number < 0 {
		return ""
	}
	worst := dissect.Chat
	for _, n := range e.Notes {
		worst = max(worst, n.Severity)
	}
	switch e.Kind {
	case dissect.KindGap, dissect.KindMalformed, dissect.KindUnfinished:
		worst = dissect.Error
	}
	client := e.Sender == dissect.Client
	switch {
	case worst == dissect.Error && client:
		return "\x1b[7;38;5;27m"
	case worst == dissect.Error:
		return "\x1b[7;38;5;160m"
	case worst == dissect.Warning && client:
		return "\x1b[1;38;5;27m"
	case worst == dissect.Warning:
		return "\x1b[1;38;5;160m"
	case client:
		return "\x1b[38;5;27m"
	}
	return "\x1b[38;5;160m"
}
