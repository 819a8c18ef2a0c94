package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0324", Title: "Internet of Things - Provisioning", Label: "provisioning",
		Doc:    "A thing asks its provisioning server who may be its friend, who may read it and who may control it.",
		Spaces: []string{"urn:xmpp:iot:provisioning"},
		Elements: []dissect.Element{
			{Name: "*", Field: "xmpp.iot.provisioning", Info: "{:}[, {@jid}][, result {@result}]", Rank: dissect.Content, Doc: "a question or its answer", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.provisioning.action", Type: dissect.Text, Path: ":", Doc: "what is asked or answered"},
				{Name: "xmpp.iot.provisioning.jid", Type: dissect.JID, Path: "@jid", Doc: "who it is about"},
				{Name: "xmpp.iot.provisioning.result", Type: dissect.Boolean, Path: "@result", Doc: "the answer"},
			}},
		},
	})
}
