package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0092", Title: "Software Version", Label: "version",
		Doc:    "Asks which program the other end runs.",
		Spaces: []string{"jabber:iq:version"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.version", Info: "[{name}][ {version}][ {os}]", Fields: []dissect.FieldDef{
				{Name: "xmpp.version.name", Type: dissect.Text, Path: "name", Doc: "name of the program"},
				{Name: "xmpp.version.version", Type: dissect.Text, Path: "version", Doc: "its version"},
				{Name: "xmpp.version.os", Type: dissect.Text, Path: "os", Doc: "the operating system that it runs on"},
			}},
		},
	})
}
