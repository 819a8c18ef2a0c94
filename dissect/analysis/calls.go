package analysis

import (
	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return calls{} }) }

var callFailed = kind(Kind{
	ID: "call-failed", Severity: dissect.Warning, Title: "a Jingle session ended with a failure",
	Why:    "The two could not reach each other, or had no codec or transport in common; nobody heard or got anything any more.",
	Source: "XEP-0166 section 7.4",
})

var (
	jingleReason     = need("xmpp.jingle.reason.condition")
	jingleReasonText = need("xmpp.jingle.reason.text")
)

// calls looks at how Jingle sessions end.
type calls struct{}

// Row implements watcher.
func (calls) Row(r *Row) {
	if r.Kind != "iq" || r.Type != "set" || string(jingleAction.ownText(r)) != "session-terminate" {
		return
	}
	switch why := string(jingleReason.text(r)); why {
	case "connectivity-error", "failed-application", "failed-transport", "general-error", "incompatible-parameters",
		"media-error", "security-error", "timeout", "unsupported-applications", "unsupported-transports":
		if text := jingleReasonText.text(r); len(text) > 0 {
			r.Note(callFailed, "the session ended: %s, %.60q", why, text)
		} else {
			r.Note(callFailed, "the session ended: %s", why)
		}
	}
}

// End implements watcher.
func (calls) End(*Row) {}
