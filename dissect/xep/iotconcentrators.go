package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0326", Title: "Internet of Things - Concentrators", Label: "concentrator",
		Doc:    "Lists the things that stand behind one address.",
		Spaces: []string{"urn:xmpp:iot:concentrators"},
		Elements: []dissect.Element{
			{Name: "value", Doc: "an entry of an answer"},
			{Name: "*", Field: "xmpp.iot.concentrator", Info: "{:}[, source {@sourceId}][, node {@nodeId}][, {@result}]", Rank: dissect.Content, Doc: "a question or its answer", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.concentrator.action", Type: dissect.Text, Path: ":", Doc: "what is asked or answered"},
				{Name: "xmpp.iot.concentrator.source", Type: dissect.Text, Path: "@sourceId", Doc: "the data source"},
				{Name: "xmpp.iot.concentrator.node", Type: dissect.Text, Path: "@nodeId", Doc: "the thing"},
				{Name: "xmpp.iot.concentrator.result", Type: dissect.Text, Path: "@result", Doc: "OK, or what went wrong"},
			}},
		},
	})
}
