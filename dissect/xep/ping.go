package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0199", Title: "XMPP Ping", Label: "ping",
		Doc:    "Asks whether the other end is still there; any answer will do, even an error.",
		Spaces: []string{"urn:xmpp:ping"},
		Elements: []dissect.Element{
			{Name: "ping", Field: "xmpp.ping", Doc: "are you there?"},
		},
	})
}
