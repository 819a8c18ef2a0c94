package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "RFC 6121", Title: "XMPP: Roster Versioning", Label: "rosterver",
		Doc:    "The server sends of the roster only what has changed since the version that the client has.",
		Spaces: []string{"urn:xmpp:features:rosterver"},
		Elements: []dissect.Element{
			{Name: "ver", Field: "xmpp.roster.versioning", Doc: "the server can do so"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "RFC 6121", Title: "XMPP: Subscription Pre-Approval", Label: "pre-approval",
		Doc:    "A subscription request can be granted before it comes.",
		Spaces: []string{"urn:xmpp:features:pre-approval"},
		Elements: []dissect.Element{
			{Name: "sub", Field: "xmpp.roster.preapproval", Doc: "the server can do so"},
		},
	})
}
