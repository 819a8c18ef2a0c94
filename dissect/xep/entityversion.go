package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0366", Title: "Entity Versioning", Label: "entityver",
		Doc:    "Gives each entry of a list a version, so that a client asks only for those that have changed.",
		Spaces: []string{"urn:xmpp:entityver:0"},
		Elements: []dissect.Element{
			{Name: "ver", Field: "xmpp.entityver", Offer: "entityver", Doc: "the lists that the server has versions for"},
			{Name: "version", Field: "xmpp.entityver.version", Doc: "version of an entry; where it is empty, the entry is gone", Fields: []dissect.FieldDef{
				{Name: "xmpp.entityver.version.text", Type: dissect.Text, Path: ".", Doc: "the version"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0366", Title: "Entity Versioning: Lists", Label: "entityver",
		Doc:    "Looks for entries of a list, or asks for the version of a list as a whole.",
		Spaces: []string{"urn:xmpp:entityver:0:search", "urn:xmpp:entityver:profile:roster:0"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.entityver.query", Info: "[{\"}]", Doc: "a search, or the version of the whole", Fields: []dissect.FieldDef{
				{Name: "xmpp.entityver.query.text", Type: dissect.Text, Path: ".", Doc: "what is looked for, or the version"},
			}},
			{Name: "profile", Field: "xmpp.entityver.profile", Doc: "the server has versions for the roster"},
		},
	})
}
