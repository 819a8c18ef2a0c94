package xmpp

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "RFC 6120", Title: "XMPP: Resource Binding", Label: "bind",
		Doc:    "Gives the client an address of its own under the account: the resource.",
		Spaces: []string{"urn:ietf:params:xml:ns:xmpp-bind"},
		Elements: []dissect.Element{
			{Name: "bind", Field: "xmpp.iq.bind", Info: "[{resource}][{jid}]", Fields: []dissect.FieldDef{
				{Name: "xmpp.iq.bind.resource", Type: dissect.Text, Path: "resource", Doc: "the resource that the client asks for"},
				{Name: "xmpp.iq.bind.jid", Type: dissect.JID, Path: "jid", Doc: "the address that it has been given"},
			}},
		},
	})
}
