package analysis

import (
	"unicode/utf8"

	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return text{} }) }

var (
	textDirection = kind(Kind{
		ID: "text-direction", Severity: dissect.Warning, Title: "characters that turn the direction of writing around",
		Why:    "What is shown is not what is there: a name or a link can be made to look like another.",
		Source: "UTR 36 section 2.5",
	})
	textControl = kind(Kind{
		ID: "text-control", Severity: dissect.Warning, Title: "control characters in a text or an address",
		Why:    "Terminals and logs that take them for commands can be made to show, hide or do things.",
		Source: "CWE-150",
	})
)

// shownTexts are the fields that people get to see.
var shownTexts = []*field{
	messageBody, need("xmpp.message.subject"), need("xmpp.presence.status"), need("xmpp.query.item.name"),
}

// text looks at what is written for people.
type text struct{}

// Row implements watcher.
func (text) Row(r *Row) {
	switch r.Kind {
	case "message", "presence", "iq":
	default:
		return
	}
	for _, address := range [...][]byte{r.From, r.To} {
		look(r, address, "an address", true)
	}
	for _, f := range shownTexts {
		f.each(r, func(x *dissect.Field) {
			if !x.Hidden {
				look(r, x.Text, x.Def.Name, f != messageBody && x.Def.Name != "xmpp.message.subject")
			}
		})
	}
}

// look looks for dangerous characters. In names none is due that changes the
// direction of writing; in running text embeddings and isolates are.
func look(r *Row, b []byte, where string, isName bool) {
	if isPlain(b) {
		return
	}
	for i := 0; i < len(b); {
		c, n := utf8.DecodeRune(b[i:])
		i += n
		switch {
		case c == 0x202d, c == 0x202e, isName && (0x202a <= c && c <= 0x202c || 0x2066 <= c && c <= 0x2069):
			r.note(textDirection, "U+%04X in %s", c, where)
		case c < ' ' && c != '\t' && c != '\n' && c != '\r', 0x7f <= c && c < 0xa0:
			r.note(textControl, "U+%04X in %s", c, where)
		}
	}
}

// isPlain reports whether a text has nothing but printable ASCII and white
// space, as most have.
func isPlain(b []byte) bool {
	for _, c := range b {
		if c >= 0x7f || c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// note makes a finding, but not two of a kind on a row.
func (r *Row) note(k *Kind, format string, args ...any) {
	for i := range r.Notes {
		if r.Notes[i].ID == k.ID {
			return
		}
	}
	r.Note(k, format, args...)
}

// End implements watcher.
func (text) End(*Row) {}
