package analysis

import (
	"talktrace/dissect"
)

func init() { watch(judge, func(a *Analysis) watcher { return &refusals{a} }) }

var (
	errorNoReason = kind(Kind{
		ID: "error-without-reason", Severity: dissect.Warning, Title: "a stanza came back and nobody says why",
		Why:    "An error has to name its condition; without one neither the client nor its user can do anything about it.",
		Source: "RFC 6120 section 8.3.2",
	})
	serverUnreachable = kind(Kind{
		ID: "remote-server-unreachable", Severity: dissect.Warning, Title: "another server could not be reached",
		Why:    "Nothing gets to anybody on that domain: look at its DNS records, its port 5269, and the certificates of both.",
		Source: "RFC 6120 section 8.3.3.16",
	})
	stanzaPolicy = kind(Kind{
		ID: "stanza-policy-violation", Severity: dissect.Warning, Title: "a stanza was refused by a rule",
		Why:    "It was too large, or one too many, or of a kind that somebody on the way does not let pass.",
		Source: "RFC 6120 section 8.3.3.12",
	})
	iqErrorRatio = kind(Kind{
		ID: "iq-error-ratio", Severity: dissect.Remark, Title: "many requests are answered with an error",
		Why:    "The two do not go together: one asks for what the other one does not have, or may not tell.",
		Source: "RFC 6120 section 8.3",
	})
)

var stanzaError = need("xmpp.error")

const (
	enoughAnswers = 20
	manyErrors    = 30 // percent of the answers
)

// refusals looks at stanzas that come back.
type refusals struct{ a *Analysis }

// answers count those that one side has given.
type answers struct {
	all, errors [2]int
	first       [2]place // error
}

func newAnswers() *answers { return &answers{} }

// Row implements watcher.
func (w *refusals) Row(r *Row) {
	if r.Type != "error" && r.Type != "result" || r.Kind != "iq" && r.Kind != "message" && r.Kind != "presence" {
		return
	}
	if r.Kind == "iq" {
		n := keep(r.Session, w, newAnswers)
		n.all[r.Sender]++
		if r.Type == "error" {
			if n.errors[r.Sender]++; n.errors[r.Sender] == 1 {
				n.first[r.Sender] = r.place()
			}
		}
	}
	if r.Type == "error" {
		w.refused(r)
	}
}

func (w *refusals) refused(r *Row) {
	switch condition := string(stanzaFailure.text(r)); condition {
	case "":
		if stanzaError.own(r) == nil {
			r.Note(errorNoReason, "an error with no reason in it")
		} else if stanzaCode.text(r) == nil { // before RFC 3920 there were only numbers
			r.Note(errorNoReason, "")
		}
	case "remote-server-not-found":
		r.Note(serverUnreachable, "%.60s is not found", bare(r.From))
	case "remote-server-timeout":
		r.Note(serverUnreachable, "%.60s does not answer", bare(r.From))
	case "policy-violation":
		r.Note(stanzaPolicy, "")
	}
}

var stanzaCode = need("xmpp.error.code")

// End implements watcher.
func (w *refusals) End(*Row) {
	for _, n := range w.a.numbers() {
		x, ok := w.a.conns[n].kept(w).(*answers)
		if !ok {
			continue
		}
		for side := range x.all {
			if all, bad := x.all[side], x.errors[side]; all >= enoughAnswers && bad*100 >= all*manyErrors {
				w.a.late(iqErrorRatio, x.first[side], n, "%d of the %s's %d answers are errors", bad, dissect.Sender(side), all)
			}
		}
	}
}
