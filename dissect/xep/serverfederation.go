package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0485", Title: "PubSub Server Information", Label: "server info",
		Doc:    "A server publishes which others it is connected with.",
		Spaces: []string{"urn:xmpp:serverinfo:0"},
		Elements: []dissect.Element{
			{Name: "serverinfo", Field: "xmpp.serverinfo", Info: "[{domain/@name}][, {#domain/federation/remote-domain connection connections}]", Doc: "the server and those that it is connected with", Fields: []dissect.FieldDef{
				{Name: "xmpp.serverinfo.domain", Type: dissect.Text, Path: "domain/@name", Doc: "domain of the server"},
				{Name: "xmpp.serverinfo.remote", Type: dissect.Text, Path: "domain/federation/remote-domain/@name", Doc: "a domain that it is connected with"},
			}},
		},
	})
}
