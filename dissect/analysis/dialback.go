package analysis

import (
	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return dialbacks{} }) }

var dialbackFailed = kind(Kind{
	ID: "dialback-failed", Severity: dissect.Error, Title: "a server could not show that it is who it says",
	Why:    "Nothing that it has for the other one is taken: its DNS records may lead elsewhere, its key be made with another secret, or somebody plays its part.",
	Source: "XEP-0220 section 2.5",
})

// dialbacks looks at the verdicts on keys.
type dialbacks struct{}

// Row implements watcher.
func (dialbacks) Row(r *Row) {
	if r.Kind != "result" || r.XMLNS != "jabber:server:dialback" || r.Type != "invalid" && r.Type != "error" {
		return
	}
	if r.Type == "error" {
		r.Note(dialbackFailed, "%.60s could not check the key of %.60s: %.60s", r.From, r.To, reason(r))
		return
	}
	r.Note(dialbackFailed, "%.60s does not take the key of %.60s", r.From, r.To)
}

// End implements watcher.
func (dialbacks) End(*Row) {}
