package analysis

import (
	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return sizes{} }) }

var (
	stanzaLarge = kind(Kind{
		ID: "stanza-large", Severity: dissect.Warning, Title: "a very large stanza",
		Why:    "Most servers refuse what is larger than some hundred kilobytes and end the stream; on a slow line, all else waits behind it.",
		Source: "RFC 6120 section 13.12",
	})
	stanzaOverLimit = kind(Kind{
		ID: "stanza-over-limit", Severity: dissect.Error, Title: "a stanza larger than the other side takes",
		Why:    "The other side has said how large a stanza may be; it will end the stream.",
		Source: "XEP-0478 section 3",
	})
)

var limitBytes = need("xmpp.limits.max-bytes")

// largest is the size from which on a stanza is a large one, in bytes.
const largest = 256 << 10

// sizes looks at the size of stanzas.
type sizes struct{}

// limits are what each side takes, in bytes; 0 where it has not said.
type limits struct{ most [2]int64 }

func newLimits() *limits { return &limits{} }

// Row implements watcher.
func (w sizes) Row(r *Row) {
	if r.Kind == "features" {
		if f := limitBytes.in(r); f != nil && !f.Odd {
			keep(r.Session, w, newLimits).most[r.Sender] = f.Number
		}
		return
	}
	if l, ok := r.Session.kept(w).(*limits); ok {
		if most := l.most[r.Sender.Other()]; most > 0 && int64(r.Length) > most {
			r.Note(stanzaOverLimit, "%d bytes, and the %s takes no more than %d", r.Length, r.Sender.Other(), most)
			return
		}
	}
	if r.Length > largest && (r.Kind == "message" || r.Kind == "presence" || r.Kind == "iq") {
		r.Note(stanzaLarge, "%d bytes in one stanza", r.Length)
	}
}

// End implements watcher.
func (sizes) End(*Row) {}
