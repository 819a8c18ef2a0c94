package xep

import (
	"talktrace/dissect"
)

func init() {
	marking := func(prefix string) dissect.FieldDef {
		return dissect.FieldDef{Name: "xmpp.security-label.marking", Type: dissect.Text, Path: prefix + "displaymarking", Doc: "what is to be shown: SECRET, RESTRICTED …", Fields: []dissect.FieldDef{
			{Name: "xmpp.security-label.fgcolor", Type: dissect.Text, Path: "@fgcolor", Doc: "colour of the letters"},
			{Name: "xmpp.security-label.bgcolor", Type: dissect.Text, Path: "@bgcolor", Doc: "colour behind them"},
		}}
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0258", Title: "Security Labels in XMPP", Label: "security-label",
		Doc:    "How confidential a message is, for people and for servers that decide who may get it.",
		Spaces: []string{"urn:xmpp:sec-label:0"},
		Elements: []dissect.Element{
			{Name: "securitylabel", Field: "xmpp.security-label", Rank: dissect.Mark, Info: "[{displaymarking}]", Aside: "[, marked {displaymarking}]", Doc: "how confidential something is", Fields: []dissect.FieldDef{marking("")}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0258", Title: "Security Labels in XMPP: ESS Labels", Label: "ess-label",
		Doc:    "A label as secure mail has it (RFC 2634).",
		Spaces: []string{"urn:xmpp:sec-label:ess:0"},
		Elements: []dissect.Element{
			{Name: "esssecuritylabel", Fields: []dissect.FieldDef{
				{Name: "xmpp.security-label.ess", Type: dissect.Text, Path: ".", Doc: "a label as secure mail has it, in base64"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0258", Title: "Security Labels in XMPP: Catalogs", Label: "security-labels",
		Doc:    "The labels that somebody may choose from.",
		Spaces: []string{"urn:xmpp:sec-label:catalog:2"},
		Elements: []dissect.Element{
			{Name: "catalog", Field: "xmpp.security-label.catalog", Info: "[{\"@name}][, {#item label labels}][, for {@to}]", Doc: "the labels that somebody may choose from", Fields: []dissect.FieldDef{
				{Name: "xmpp.security-label.catalog.to", Type: dissect.JID, Path: "@to", Doc: "for messages to whom"},
				{Name: "xmpp.security-label.catalog.name", Type: dissect.Text, Path: "@name", Doc: "name of the catalog"},
				{Name: "xmpp.security-label.catalog.desc", Type: dissect.Text, Path: "@desc", Doc: "what the catalog is for"},
				{Name: "xmpp.security-label.catalog.selector", Type: dissect.Text, Path: "item/@selector", Doc: "where a label stands in the menu"},
			}},
		},
	})
}
