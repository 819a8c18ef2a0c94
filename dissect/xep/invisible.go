package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0186", Title: "Invisible Command", Label: "invisible",
		Doc:    "Stays online without being seen: the server tells nobody of the session.",
		Spaces: []string{"urn:xmpp:invisible:1", "urn:xmpp:invisible:0"},
		Elements: []dissect.Element{
			{Name: "invisible", Field: "xmpp.invisible", Info: "on", Doc: "nobody is to see this session", Fields: []dissect.FieldDef{
				{Name: "xmpp.invisible.probe", Type: dissect.Boolean, Path: "@probe", Doc: "the server may ask for the contacts' presence all the same"},
			}},
			{Name: "visible", Field: "xmpp.visible", Info: "off", Doc: "the session is to be seen again"},
		},
	})
}
