package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0124", Title: "Bidirectional-streams Over Synchronous HTTP (BOSH)", Label: "BOSH",
		Doc:    "Carries a stream in the bodies of HTTP requests and their answers. Whoever knows a session's id and the number of the next request has the session.",
		Spaces: []string{"http://jabber.org/protocol/httpbind"},
		Elements: []dissect.Element{
			{Name: "body", Field: "xmpp.bosh.body", Info: "[{@type}][ {@condition}]", Doc: "what a request or an answer carries", Fields: []dissect.FieldDef{
				{Name: "xmpp.bosh.sid", Type: dissect.Text, Path: "@sid", Doc: "id of the session"},
				{Name: "xmpp.bosh.rid", Type: dissect.Number, Path: "@rid", Doc: "number of the request"},
				{Name: "xmpp.bosh.type", Type: dissect.Text, Path: "@type", Doc: "terminate or error, where the session is over or an answer was lost"},
				{Name: "xmpp.bosh.condition", Type: dissect.Text, Path: "@condition", Doc: "why the session is over"},
				{Name: "xmpp.bosh.to", Type: dissect.JID, Path: "@to", Doc: "the domain that the client wants"},
				{Name: "xmpp.bosh.from", Type: dissect.JID, Path: "@from", Doc: "the domain that it got, or the client"},
				{Name: "xmpp.bosh.route", Type: dissect.Text, Path: "@route", Doc: "where the manager is to connect to"},
				{Name: "xmpp.bosh.version", Type: dissect.Text, Path: "@ver", Doc: "version of BOSH"},
				{Name: "xmpp.bosh.wait", Type: dissect.Number, Path: "@wait", Doc: "how many seconds the server may hold an answer back"},
				{Name: "xmpp.bosh.hold", Type: dissect.Number, Path: "@hold", Doc: "how many answers it may hold back at a time"},
				{Name: "xmpp.bosh.requests", Type: dissect.Number, Path: "@requests", Doc: "how many requests the client may have open"},
				{Name: "xmpp.bosh.polling", Type: dissect.Number, Path: "@polling", Doc: "seconds that have to be between empty requests"},
				{Name: "xmpp.bosh.inactivity", Type: dissect.Number, Path: "@inactivity", Doc: "seconds after which a silent session is over"},
				{Name: "xmpp.bosh.maxpause", Type: dissect.Number, Path: "@maxpause", Doc: "the longest pause in seconds"},
				{Name: "xmpp.bosh.pause", Type: dissect.Number, Path: "@pause", Doc: "for how many seconds the client will be silent"},
				{Name: "xmpp.bosh.ack", Type: dissect.Number, Path: "@ack", Doc: "the last request that was answered or received"},
				{Name: "xmpp.bosh.report", Type: dissect.Number, Path: "@report", Doc: "a request whose answer was lost"},
				{Name: "xmpp.bosh.time", Type: dissect.Number, Path: "@time", Doc: "milliseconds since the lost answer was sent"},
				{Name: "xmpp.bosh.stream", Type: dissect.Text, Path: "@stream", Doc: "which of several streams it is about"},
				{Name: "xmpp.bosh.authid", Type: dissect.Text, Path: "@authid", Doc: "id of the stream, for logins of old"},
				{Name: "xmpp.bosh.key", Type: dissect.Text, Path: "@key", Doc: "proof that the request is from the same client"},
				{Name: "xmpp.bosh.newkey", Type: dissect.Text, Path: "@newkey", Doc: "what later proofs are to fit"},
				{Name: "xmpp.bosh.content", Type: dissect.Text, Path: "@content", Doc: "content type of the answers"},
				{Name: "xmpp.bosh.xmpp.version", Type: dissect.Text, Path: "@urn:xmpp:xbosh|version", Doc: "version of XMPP (XEP-0206)"},
				{Name: "xmpp.bosh.xmpp.restart", Type: dissect.Boolean, Path: "@urn:xmpp:xbosh|restart", Doc: "the stream begins anew (XEP-0206)"},
				{Name: "xmpp.bosh.xmpp.restartlogic", Type: dissect.Boolean, Path: "@urn:xmpp:xbosh|restartlogic", Doc: "the server can do that (XEP-0206)"},
			}},
		},
	})
}
