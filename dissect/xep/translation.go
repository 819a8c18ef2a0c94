package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0171", Title: "Language Translation", Label: "translation",
		Doc:    "What was written in one language, in others too.",
		Spaces: []string{"urn:xmpp:langtrans"},
		Elements: []dissect.Element{
			{Name: "x", Field: "xmpp.langtrans", Info: "[, {source/@xml|lang}][ to {&translation/@destination_lang}]", Doc: "the translations", Fields: []dissect.FieldDef{
				{Name: "xmpp.langtrans.source", Type: dissect.Text, Path: "source", Doc: "what was written", Fields: []dissect.FieldDef{
					{Name: "xmpp.langtrans.source.lang", Type: dissect.Text, Path: "@xml|lang", Doc: "its language"},
				}},
				{Name: "xmpp.langtrans.translation", Type: dissect.Text, Path: "translation", Doc: "a translation", Fields: []dissect.FieldDef{
					{Name: "xmpp.langtrans.translation.lang", Type: dissect.Text, Path: "@destination_lang", Doc: "its language"},
					{Name: "xmpp.langtrans.translation.engine", Type: dissect.Text, Path: "@engine", Doc: "what made it"},
				}},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0171", Title: "Language Translation: Services", Label: "translations",
		Doc:    "Which languages a translator can translate.",
		Spaces: []string{"urn:xmpp:langtrans:items"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.langtrans.query", Info: "[, {#item pair pairs} of languages]", Doc: "the languages", Fields: []dissect.FieldDef{
				{Name: "xmpp.langtrans.from", Type: dissect.Text, Path: "item/@source_lang", Doc: "a language that it can translate from"},
				{Name: "xmpp.langtrans.to", Type: dissect.Text, Path: "item/@destination_lang", Doc: "a language that it can translate to"},
			}},
		},
	})
}
