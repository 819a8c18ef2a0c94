package analysis

import (
	"slices"

	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return cleartext{} }) }

var (
	passwordInClear = kind(Kind{
		ID: "password-in-clear", Severity: dissect.Error, Title: "a password or token sent without TLS",
		Why:    "Whoever is on the way has the account now. The password has to be changed, wherever else it is used too.",
		Source: "RFC 6120 section 13.8.3",
	})
	digestInClear = kind(Kind{
		ID: "digest-in-clear", Severity: dissect.Warning, Title: "a login without TLS by a mechanism that guessing breaks",
		Why:    "Everything that is needed to try out passwords offline has gone over the wire.",
		Source: "RFC 6331",
	})
	plainOffered = kind(Kind{
		ID: "plain-offered-in-clear", Severity: dissect.Warning, Title: "PLAIN is on offer without TLS",
		Why:    "A client that takes the offer sends its password for everybody on the way to read.",
		Source: "RFC 6120 section 13.8.3",
	})
	messageInClear = kind(Kind{
		ID: "message-in-clear", Severity: dissect.Remark, Title: "a message's text sent without TLS",
		Why:    "Everybody on the way can read what was said, and by whom.",
		Source: "RFC 7590 section 3.1",
	})
	redirectInClear = kind(Kind{
		ID: "redirect-in-clear", Severity: dissect.Warning, Title: "the client is sent to another host, without TLS",
		Why:    "Anybody on the way can say so, and name a host of his own.",
		Source: "RFC 6120 section 4.9.3.19",
	})
	componentInClear = kind(Kind{
		ID: "component-in-clear", Severity: dissect.Warning, Title: "a component connects over the network without TLS",
		Why:    "The hash of the secret can be tried out offline, and whoever has the secret can speak for the whole domain.",
		Source: "XEP-0114, security considerations",
	})
)

var (
	offeredMechanism = need("xmpp.mechanisms.mechanism")
	legacyPassword   = need("xmpp.legacyauth.password")
	legacyDigest     = need("xmpp.legacyauth.digest")
	newPassword      = need("xmpp.register.password")
	streamCondition  = need("xmpp.stream_error.condition")
	handshake        = need("xmpp.component.handshake.digest")
)

// passing are the mechanisms that hand over the password, or a token that is as
// good, and guessable those whose exchange shows when a guess is right.
var (
	passing   = []string{"PLAIN", "LOGIN", "X-OAUTH2", "OAUTHBEARER", "X-GOOGLE-TOKEN", "X-GOOGLE-COOKIE", "X-FACEBOOK-PLATFORM", "X-MESSENGER-OAUTH2", "WEBEX-TOKEN"}
	guessable = []string{"DIGEST-MD5", "CRAM-MD5", "NTLM"}
)

// cleartext looks for what should not be readable on the way.
type cleartext struct{}

// Row implements watcher.
func (w cleartext) Row(r *Row) {
	if r.sealed() {
		return
	}
	switch r.Kind {
	case "auth", "authenticate":
		if r.Sender == dissect.Client {
			w.login(r)
		}
	case "features":
		if offeredMechanism.is(r, "PLAIN") || sasl2Mechanism.is(r, "PLAIN") {
			r.once(plainOffered, "")
		}
	case "iq":
		if r.Sender == dissect.Client {
			w.request(r)
		}
	case "message":
		if len(messageBody.ownText(r)) > 0 {
			w.message(r)
		}
	case "error":
		if streamCondition.is(r, "see-other-host") {
			r.once(redirectInClear, "")
		}
	case "handshake":
		if handshake.has(r) && !isLocal(r) {
			r.once(componentInClear, "")
		}
	}
}

// login looks at the mechanism of a login.
func (cleartext) login(r *Row) {
	switch m := r.Session.Mechanism; {
	case slices.Contains(passing, m):
		r.once(passwordInClear, "%s hands over the password or a token, and there is no TLS", m)
	case slices.Contains(guessable, m):
		r.once(digestInClear, "%s without TLS", m)
	}
}

// request looks for passwords in requests.
func (cleartext) request(r *Row) {
	switch {
	case legacyPassword.own(r) != nil && r.Type == "set":
		r.once(passwordInClear, "a login with jabber:iq:auth, and there is no TLS")
	case legacyDigest.own(r) != nil && r.Type == "set":
		r.once(digestInClear, "a digest in jabber:iq:auth without TLS")
	case newPassword.own(r) != nil && r.Type == "set":
		r.once(passwordInClear, "an account is made or its password changed, and there is no TLS")
	}
}

func (cleartext) message(r *Row) {
	if r.Session.Servers {
		r.once(messageInClear, "messages between servers can be read on the way")
		return
	}
	r.once(messageInClear, "messages can be read on the way")
}

// isLocal reports whether a row has not left its machine.
func isLocal(r *Row) bool {
	return r.Conn.Addr[0].Addr().IsLoopback() && r.Conn.Addr[1].Addr().IsLoopback()
}

// End implements watcher.
func (cleartext) End(*Row) {}
