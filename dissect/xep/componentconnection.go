package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0225", Title: "Component Connections", Label: "component",
		Doc:    "Connects a part of a server that runs as a program of its own, with TLS and SASL instead of a shared secret (XEP-0114).",
		Spaces: []string{"urn:xmpp:component:0"},
		Elements: []dissect.Element{
			{Name: "bind", Field: "xmpp.component.bind", Info: "bind[ {hostname}]", Doc: "takes a host name", Fields: []dissect.FieldDef{
				{Name: "xmpp.component.hostname", Type: dissect.Text, Path: "hostname", Doc: "the host name"},
			}},
			{Name: "unbind", Field: "xmpp.component.unbind", Info: "unbind[ {hostname}]", Doc: "gives a host name back", Fields: []dissect.FieldDef{
				{Name: "xmpp.component.hostname", Type: dissect.Text, Path: "hostname", Doc: "the host name"},
			}},
		},
	})
}
