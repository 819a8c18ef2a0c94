package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0191", Title: "Blocking Command: Errors", Label: "blocked",
		Doc:    "The other one has been blocked by the sender, who cannot be sent to as long as that is so.",
		Spaces: []string{"urn:xmpp:blocking:errors"},
		Elements: []dissect.Element{
			{Name: "blocked", Field: "xmpp.blocking.blocked", Info: "blocked", Doc: "the addressee is blocked"},
		},
	})
}
