package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0352", Title: "Client State Indication", Label: "CSI",
		Doc:    "Tells the server whether anybody is looking, so that it can spare a telephone's battery.",
		Spaces: []string{"urn:xmpp:csi:0"},
		Elements: []dissect.Element{
			{Name: "csi", Field: "xmpp.csi", Doc: "client state indication is on offer"},
			{Name: "*", Info: "the client is {:}", Fields: []dissect.FieldDef{
				{Name: "xmpp.csi.state", Type: dissect.Text, Path: ":", Doc: "active or inactive"},
			}},
		},
	})
}
