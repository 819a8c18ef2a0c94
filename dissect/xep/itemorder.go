package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0413", Title: "Order-By",
		Doc:    "Says in which order items of pubsub or of an archive are to come.",
		Spaces: []string{"urn:xmpp:order-by:1"},
		Elements: []dissect.Element{
			{Name: "order", Field: "xmpp.order-by", Doc: "the order", Fields: []dissect.FieldDef{
				{Name: "xmpp.order-by.field", Type: dissect.Text, Path: "@field", Doc: "what they are sorted by: creation or modification"},
				{Name: "xmpp.order-by.descending", Type: dissect.Boolean, Path: "@desc", Doc: "the latest first"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0462", Title: "PubSub Type Filtering",
		Doc:    "Asks only for those nodes whose items are of certain types.",
		Spaces: []string{"urn:xmpp:pubsub-filter:0"},
		Elements: []dissect.Element{
			{Name: "filter", Field: "xmpp.pubsub.filter", Doc: "which types are wanted"},
		},
	})
}
