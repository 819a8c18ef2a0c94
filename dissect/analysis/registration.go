package analysis

import (
	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return registration{} }) }

var openRegistration = kind(Kind{
	ID: "open-registration", Severity: dissect.Remark, Title: "anybody can make an account",
	Why:    "Servers that let everybody in are used for spam, and other servers come to block them.",
	Source: "XEP-0077, security considerations",
})

var (
	featureRegister = need("xmpp.register.feature")
	register        = need("xmpp.register")
)

// registration looks whether a server lets accounts be made without a login.
type registration struct{}

// Row implements watcher.
func (registration) Row(r *Row) {
	switch {
	case r.Session.Authenticated || r.Sender == dissect.Client || r.Session.Servers || r.Session.JID != "":
	case r.Kind == "features" && featureRegister.own(r) != nil:
		r.once(openRegistration, "the server offers it before the login")
	case r.Kind == "iq" && r.Type == "result" && register.own(r) != nil && r.Session.Whole:
		r.once(openRegistration, "the server says before the login what it takes")
	}
}

// End implements watcher.
func (registration) End(*Row) {}
