package xep

import (
	"talktrace/dissect"
)

func init() {
	rules := func(path string) dissect.FieldDef {
		return dissect.FieldDef{Name: "xmpp.amp.rule", Type: dissect.Presence, Path: path, Doc: "what to do in which case", Fields: []dissect.FieldDef{
			{Name: "xmpp.amp.rule.condition", Type: dissect.Text, Path: "@condition", Doc: "deliver, expire-at or match-resource", Required: true},
			{Name: "xmpp.amp.rule.value", Type: dissect.Text, Path: "@value", Doc: "the case that the condition is about", Required: true},
			{Name: "xmpp.amp.rule.action", Type: dissect.Text, Path: "@action", Doc: "alert, drop, error or notify", Required: true},
		}}
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0079", Title: "Advanced Message Processing", Label: "AMP",
		Doc:    "Rules by which a server is to deliver a message, drop it, or tell its sender what became of it.",
		Spaces: []string{"http://jabber.org/protocol/amp"},
		Elements: []dissect.Element{
			{Name: "amp", Field: "xmpp.amp", Info: "[{@status}, {rule/@condition} {rule/@value}]", Doc: "rules for delivery, or which one came true", Fields: []dissect.FieldDef{
				{Name: "xmpp.amp.status", Type: dissect.Text, Path: "@status", Doc: "which action was taken"},
				{Name: "xmpp.amp.from", Type: dissect.JID, Path: "@from", Doc: "sender of the message that it is about"},
				{Name: "xmpp.amp.to", Type: dissect.JID, Path: "@to", Doc: "addressee of the message that it is about"},
				{Name: "xmpp.amp.per-hop", Type: dissect.Boolean, Path: "@per-hop", Doc: "each server on the way is to obey"},
				rules("rule"),
			}},
			{Name: "invalid-rules", Field: "xmpp.amp.invalid-rules", Doc: "the server cannot obey these rules", Fields: []dissect.FieldDef{rules("rule")}},
			{Name: "unsupported-actions", Field: "xmpp.amp.unsupported-actions", Doc: "the server does not know these actions", Fields: []dissect.FieldDef{rules("rule")}},
			{Name: "unsupported-conditions", Field: "xmpp.amp.unsupported-conditions", Doc: "the server does not know these conditions", Fields: []dissect.FieldDef{rules("rule")}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0079", Title: "Advanced Message Processing: Offer", Label: "AMP",
		Doc:    "The server obeys rules for the delivery of messages.",
		Spaces: []string{"http://jabber.org/features/amp"},
		Elements: []dissect.Element{
			{Name: "amp", Field: "xmpp.amp.offer", Doc: "rules for delivery are on offer"},
		},
	})
}
