package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0386", Title: "Bind 2", Label: "bind2",
		Doc:    "Binds a resource along with the login, and turns on what the client would else ask for next: stream management, carbons, client state.",
		Spaces: []string{"urn:xmpp:bind:0", "urn:xmpp:bind2:1", "urn:xmpp:bind2:0"},
		Elements: []dissect.Element{
			{Name: "bind", Field: "xmpp.bind2", Info: "[, tag {tag}]", Doc: "asks for a resource, or offers it", Fields: []dissect.FieldDef{
				{Name: "xmpp.bind2.tag", Type: dissect.Text, Path: "tag", Doc: "name of the client, for the resource"},
				{Name: "xmpp.bind2.feature", Type: dissect.Text, Path: "inline/feature/@var", Doc: "what can be turned on along with it"},
				{Name: "xmpp.bind2.request", Type: dissect.Text, Path: "!tag/:", Doc: "name of what is to be turned on"},
			}},
			{Name: "bound", Field: "xmpp.bind2.bound", Doc: "the resource is bound", Fields: []dissect.FieldDef{
				{Name: "xmpp.bind2.bound.part", Type: dissect.Text, Path: "*/:", Doc: "name of what came of it"},
			}},
		},
	})
}
