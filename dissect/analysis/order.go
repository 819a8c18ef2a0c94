package analysis

import (
	"strings"

	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return order{} }) }

var stanzaEarly = kind(Kind{
	ID: "stanza-before-bind", Severity: dissect.Warning, Title: "a stanza before the client had an address",
	Why:    "Until it is logged in and has been given a resource, a client may send none; servers end the stream.",
	Source: "RFC 6120 section 7.1",
})

var offered = need("xmpp.features.name")

// order looks whether stanzas come when it is their time.
type order struct{}

// progress is how far the stream of a client has come.
type progress struct {
	sasl bool // there is a login to go through
	old  bool // or one by iq, which needs no binding
}

func newProgress() *progress { return &progress{} }

// Row implements watcher.
func (w order) Row(r *Row) {
	c := r.Session
	if c.JID != "" || c.Servers || strings.Contains(r.Layers, "bosh") {
		return
	}
	switch r.Kind {
	case "features":
		if offered.is(r, "mechanisms") || offered.is(r, "bind") || offered.is(r, "authentication") {
			keep(c, w, newProgress).sasl = true
		}
	case "iq":
		if r.Sender == dissect.Client && r.Type == "set" && c.Mechanism == "" {
			keep(c, w, newProgress).old = true
		}
	case "message", "presence":
		if r.Sender != dissect.Client || !c.Whole || c.Lost {
			return
		}
		if p := keep(c, w, newProgress); p.sasl && !p.old {
			r.once(stanzaEarly, "a %s, and the client has %s", r.Kind, lacking(c))
		}
	}
}

// lacking says what a client has still to do.
func lacking(c *Conn) string {
	if c.Authenticated {
		return "not been given a resource"
	}
	return "not logged in"
}

// End implements watcher.
func (order) End(*Row) {}
