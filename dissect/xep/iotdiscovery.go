package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0347", Title: "Internet of Things - Discovery", Label: "registry",
		Doc:    "Things register themselves, owners claim them, and others find them.",
		Spaces: []string{"urn:xmpp:iot:discovery"},
		Elements: []dissect.Element{
			{Name: "str", Doc: "a property of a thing that is a text"},
			{Name: "num", Doc: "a property of a thing that is a number"},
			{Name: "thing", Doc: "a thing that was found"},
			{Name: "*", Field: "xmpp.iot.discovery", Info: "{:}[, {@jid}][, {#thing thing things}]", Rank: dissect.Content, Doc: "a request to the registry, or its answer", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.discovery.action", Type: dissect.Text, Path: ":", Doc: "what is asked or answered"},
				{Name: "xmpp.iot.discovery.jid", Type: dissect.JID, Path: "@jid", Doc: "who it is about"},
				{Name: "xmpp.iot.discovery.node", Type: dissect.Text, Path: "@nodeId", Doc: "the thing behind that address"},
				{Name: "xmpp.iot.discovery.tag", Type: dissect.Text, Path: "str/@name", Doc: "name of a property", Fields: []dissect.FieldDef{
					{Name: "xmpp.iot.discovery.value", Type: dissect.Text, Path: "@value", Doc: "its value"},
				}},
				{Name: "xmpp.iot.discovery.thing", Type: dissect.JID, Path: "thing/@jid", Doc: "a thing that was found"},
			}},
		},
	})
}
