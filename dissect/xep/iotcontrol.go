package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0325", Title: "Internet of Things - Control", Label: "control",
		Doc:    "Sets what can be set of a thing: a switch, a temperature, a colour.",
		Spaces: []string{"urn:xmpp:iot:control"},
		Elements: []dissect.Element{
			{Name: "set", Field: "xmpp.iot.control.set", Info: "set[ {boolean/@name} {boolean/@value}][ {int/@name} {int/@value}][ {long/@name} {long/@value}][ {string/@name} {string/@value}][ {double/@name} {double/@value}]", Rank: dissect.Content, Doc: "sets values", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.control.node", Type: dissect.Text, Path: "node/@nodeId", Doc: "the thing behind the other end"},
				{Name: "xmpp.iot.control.type", Type: dissect.Text, Path: "!node/:", Doc: "type of a value"},
				{Name: "xmpp.iot.control.name", Type: dissect.Text, Path: "!node/@name", Doc: "what is set"},
				{Name: "xmpp.iot.control.value", Type: dissect.Text, Path: "!node/@value", Doc: "the value"},
			}},
			{Name: "setResponse", Field: "xmpp.iot.control.response", Info: "response[, {paramError/@var}: {\"paramError}]", Doc: "what came of it", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.control.error", Type: dissect.Text, Path: "paramError", Doc: "what is wrong with a value", Fields: []dissect.FieldDef{
					{Name: "xmpp.iot.control.error.var", Type: dissect.Text, Path: "@var", Doc: "which value"},
				}},
			}},
			{Name: "getForm", Field: "xmpp.iot.control.getform", Info: "form wanted", Doc: "asks what can be set", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.control.node", Type: dissect.Text, Path: "node/@nodeId", Doc: "the thing behind the other end"},
			}},
		},
	})
}
