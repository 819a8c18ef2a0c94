package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0114", Title: "Jabber Component Protocol", Label: "component",
		Doc:    "Connects a part of a server, such as a gateway, that runs as a program of its own.",
		Spaces: []string{"jabber:component:accept", "jabber:component:connect"},
		Elements: []dissect.Element{
			{Name: "handshake", Field: "xmpp.component.handshake", Doc: "proves that the component knows the secret, or accepts the proof", Describe: func(l *dissect.Line, n int32) {
				if l.From == dissect.Server && l.Tree.Nodes[n].Inner.Len() == 0 {
					l.Add("component accepted")
					return
				}
				l.Secret(n, "component secret")
			}, Fields: []dissect.FieldDef{
				{Name: "xmpp.component.handshake.digest", Type: dissect.Text, Path: ".", Doc: "SHA-1 of the stream's id and the secret"},
			}},
		},
	})
}
