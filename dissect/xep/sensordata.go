package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0323", Title: "Internet of Things - Sensor Data", Label: "sensor data",
		Doc:    "Asks a thing for what it measures; the answers may come one by one.",
		Spaces: []string{"urn:xmpp:iot:sensordata"},
		Elements: []dissect.Element{
			{Name: "req", Field: "xmpp.iot.req", Info: "request[ {@seqnr}][, {#node node nodes}]", Doc: "asks for values", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.seqnr", Type: dissect.Number, Path: "@seqnr", Doc: "number of the request"},
				{Name: "xmpp.iot.momentary", Type: dissect.Boolean, Path: "@momentary", Doc: "the values of now are wanted"},
				{Name: "xmpp.iot.from", Type: dissect.Time, Path: "@from", Doc: "values from then on are wanted"},
				{Name: "xmpp.iot.to", Type: dissect.Time, Path: "@to", Doc: "values until then are wanted"},
				{Name: "xmpp.iot.node", Type: dissect.Text, Path: "node/@nodeId", Doc: "the thing behind the other end"},
			}},
			{Name: "accepted", Field: "xmpp.iot.accepted", Info: "accepted[ {@seqnr}]", Doc: "the values will come", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.seqnr", Type: dissect.Number, Path: "@seqnr", Doc: "number of the request"},
			}},
			{Name: "rejected", Field: "xmpp.iot.rejected", Info: "rejected[ {@seqnr}][: {\"error}]", Doc: "they will not", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.seqnr", Type: dissect.Number, Path: "@seqnr", Doc: "number of the request"},
			}},
			{Name: "started", Field: "xmpp.iot.started", Info: "started[ {@seqnr}]", Rank: dissect.Content, Doc: "the values are being read", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.seqnr", Type: dissect.Number, Path: "@seqnr", Doc: "number of the request"},
			}},
			{Name: "fields", Field: "xmpp.iot.fields", Info: "values[ for {@seqnr}][, {node/timestamp/*/@name} {node/timestamp/*/@value}][ {node/timestamp/*/@unit}]", Rank: dissect.Content, Doc: "values", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.seqnr", Type: dissect.Number, Path: "@seqnr", Doc: "number of the request"},
				{Name: "xmpp.iot.done", Type: dissect.Boolean, Path: "@done", Doc: "there are no more"},
				{Name: "xmpp.iot.node", Type: dissect.Text, Path: "node/@nodeId", Doc: "the thing behind the other end", Fields: []dissect.FieldDef{
					{Name: "xmpp.iot.timestamp", Type: dissect.Time, Path: "timestamp/@value", Doc: "when it was measured", Fields: []dissect.FieldDef{
						{Name: "xmpp.iot.field.name", Type: dissect.Text, Path: "*/@name", Doc: "what was measured"},
						{Name: "xmpp.iot.field.value", Type: dissect.Text, Path: "*/@value", Doc: "the value"},
						{Name: "xmpp.iot.field.unit", Type: dissect.Text, Path: "*/@unit", Doc: "unit of the value"},
					}},
				}},
			}},
			{Name: "done", Field: "xmpp.iot.finished", Info: "done[ {@seqnr}]", Rank: dissect.Content, Doc: "there are no more values", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.seqnr", Type: dissect.Number, Path: "@seqnr", Doc: "number of the request"},
			}},
			{Name: "failure", Field: "xmpp.iot.failure", Info: "failure[ {@seqnr}][: {\"error}]", Rank: dissect.Content, Doc: "values could not be read", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.seqnr", Type: dissect.Number, Path: "@seqnr", Doc: "number of the request"},
			}},
			{Name: "cancel", Field: "xmpp.iot.cancel", Info: "cancel[ {@seqnr}]", Doc: "the values are not wanted any more", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.seqnr", Type: dissect.Number, Path: "@seqnr", Doc: "number of the request"},
			}},
			{Name: "cancelled", Field: "xmpp.iot.cancelled", Info: "cancelled[ {@seqnr}]", Doc: "they will not come", Fields: []dissect.FieldDef{
				{Name: "xmpp.iot.seqnr", Type: dissect.Number, Path: "@seqnr", Doc: "number of the request"},
			}},
		},
	})
}
