package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0009", Title: "Jabber-RPC", Label: "rpc",
		Doc:    "Calls a procedure of the other end, in the form of XML-RPC.",
		Spaces: []string{"jabber:iq:rpc"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.rpc", Info: "[, {methodCall/methodName}][, {#methodCall/params/param parameter parameters}][, {&methodResponse/params/param/value/*}][, fault{?methodResponse/fault}]", Doc: "a call, or what it returned", Fields: []dissect.FieldDef{
				{Name: "xmpp.rpc.method", Type: dissect.Text, Path: "methodCall/methodName", Doc: "name of the procedure"},
				{Name: "xmpp.rpc.param", Type: dissect.Text, Path: "methodCall/params/param/value/*", Doc: "a parameter"},
				{Name: "xmpp.rpc.result", Type: dissect.Text, Path: "methodResponse/params/param/value/*", Doc: "what was returned"},
				{Name: "xmpp.rpc.fault", Type: dissect.Presence, Path: "methodResponse/fault", Doc: "the call failed"},
			}},
		},
	})
}
