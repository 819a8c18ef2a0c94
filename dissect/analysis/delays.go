package analysis

import (
	"strings"

	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return delays{} }) }

var (
	iqSlow = kind(Kind{
		ID: "iq-slow", Severity: dissect.Remark, Title: "an answer that took long",
		Why:    "People wait for it; many clients give a request up after half a minute.",
		Source: "RFC 6120 section 8.2.3",
	})
	loginSlow = kind(Kind{
		ID: "login-slow", Severity: dissect.Remark, Title: "a login that took long",
		Why:    "Each connection costs this time anew; the rows before tell whether the server, the network or the client took it.",
		Source: "RFC 6120 section 1.3",
	})
)

const (
	slowAnswer = 10e9 // nanoseconds
	slowLogin  = 3e9
)

// delays looks at how long things take.
type delays struct{}

// Row implements watcher.
func (delays) Row(r *Row) {
	if r.Kind != "iq" || r.Type != "result" && r.Type != "error" {
		return
	}
	if r.Request != 0 && r.RTT > slowAnswer {
		r.Note(iqSlow, "it took %.1f s to answer row %d", float64(r.RTT)/1e9, r.Request)
	}
	c := r.Session
	if took := r.Time - c.Begun.time; r.Sender == dissect.Server && boundJID.text(r) != nil && c.Whole && !strings.Contains(r.Layers, "bosh") && took > slowLogin {
		r.Note(loginSlow, "%.1f s from the first row of the connection to the address", float64(took)/1e9)
	}
}

// End implements watcher.
func (delays) End(*Row) {}
