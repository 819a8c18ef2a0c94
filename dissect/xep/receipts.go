package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0184", Title: "Message Delivery Receipts", Label: "receipt",
		Doc:    "A message asks to be told when it has arrived at the other one's client, and a message back says so.",
		Spaces: []string{"urn:xmpp:receipts"},
		Elements: []dissect.Element{
			{Name: "request", Field: "xmpp.receipt.request", Rank: dissect.Mark, Doc: "the sender asks for a receipt"},
			{Name: "received", Field: "xmpp.receipt.received", Info: "receipt[ for {~@id}]", Rank: dissect.Signal, Doc: "the message has arrived", Fields: []dissect.FieldDef{
				{Name: "xmpp.receipt.received.id", Type: dissect.Text, Path: "@id", Doc: "id of the message that has arrived"},
			}},
		},
	})
}
