package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0167", Title: "Jingle RTP Sessions: Informational Messages", Label: "call",
		Doc:    "What goes on during a call: it rings, somebody is on hold, a microphone is off.",
		Spaces: []string{"urn:xmpp:jingle:apps:rtp:info:1", "urn:xmpp:jingle:apps:rtp:1:info"},
		Elements: []dissect.Element{
			{Name: "*", Info: "{:}[ {@name}]", Fields: []dissect.FieldDef{
				{Name: "xmpp.jingle.rtp_info", Type: dissect.Text, Path: ":", Doc: "what goes on: active, hold, unhold, mute, unmute or ringing"},
				{Name: "xmpp.jingle.rtp_info.name", Type: dissect.Text, Path: "@name", Doc: "the content that it is about"},
				{Name: "xmpp.jingle.rtp_info.creator", Type: dissect.Text, Path: "@creator", Doc: "who proposed that content"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0167", Title: "Jingle RTP Sessions: Errors", Label: "call-error",
		Doc:    "Why a call could not be agreed on: no cipher that both sides know, or none at all.",
		Spaces: []string{"urn:xmpp:jingle:apps:rtp:errors:1", "urn:xmpp:tmp:jingle:apps:video:errors"},
		Elements: []dissect.Element{
			{Name: "*", Info: "{:}", Fields: []dissect.FieldDef{
				{Name: "xmpp.jingle.rtp_error", Type: dissect.Text, Path: ":", Doc: "what was wrong: crypto-required, invalid-crypto"},
			}},
		},
	})
}
