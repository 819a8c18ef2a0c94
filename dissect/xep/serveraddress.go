package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0279", Title: "Server IP Check", Label: "my address",
		Doc:    "Tells a client from which address and port the server sees it come, behind all that translates addresses.",
		Spaces: []string{"urn:xmpp:sic:1", "urn:xmpp:sic:0"},
		Elements: []dissect.Element{
			{Name: "address", Field: "xmpp.sic", Info: "[, {ip}][ port {port}]", Doc: "the address", Fields: []dissect.FieldDef{
				{Name: "xmpp.sic.ip", Type: dissect.Address, Path: "ip", Doc: "the address"},
				{Name: "xmpp.sic.port", Type: dissect.Number, Path: "port", Doc: "the port"},
			}},
			{Name: "ip", Field: "xmpp.sic.ip_only", Info: "[, {.}]", Doc: "the address, in the older form", Fields: []dissect.FieldDef{
				{Name: "xmpp.sic.ip", Type: dissect.Address, Path: ".", Doc: "the address"},
			}},
		},
	})
}
