package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0100", Title: "Gateway Interaction", Label: "gateway",
		Doc:    "Finds the XMPP address of somebody on another network.",
		Spaces: []string{"jabber:iq:gateway"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.gateway", Info: "[, {\"prompt}][, {jid}]", Doc: "the name there, and the address here", Fields: []dissect.FieldDef{
				{Name: "xmpp.gateway.desc", Type: dissect.Text, Path: "desc", Doc: "what to enter, in words"},
				{Name: "xmpp.gateway.prompt", Type: dissect.Text, Path: "prompt", Doc: "name on the other network, or what to call it"},
				{Name: "xmpp.gateway.jid", Type: dissect.JID, Path: "jid", Doc: "address of it"},
			}},
		},
	})
}
