package xep

import (
	"talktrace/dissect"
)

func init() {
	feedback := []dissect.FieldDef{
		{Name: "xmpp.jingle.rtcp-fb.type", Type: dissect.Text, Path: "@type", Doc: "kind of feedback: nack, ccm, goog-remb …"},
		{Name: "xmpp.jingle.rtcp-fb.subtype", Type: dissect.Text, Path: "@subtype", Doc: "what is asked for: pli, fir …"},
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0293", Title: "Jingle RTP Feedback Negotiation", Label: "rtcp-fb",
		Doc:    "What a receiver of a call may tell the sender while it goes on: packets that were lost, a whole picture that is needed.",
		Spaces: []string{"urn:xmpp:jingle:apps:rtp:rtcp-fb:0"},
		Elements: []dissect.Element{
			{Name: "rtcp-fb", Field: "xmpp.jingle.rtcp-fb", Info: "feedback {@type}[ {@subtype}]", Doc: "a kind of feedback that can be given", Fields: feedback},
			{Name: "rtcp-fb-trr-int", Field: "xmpp.jingle.rtcp-fb-trr-int", Info: "feedback every {@value} ms", Doc: "how often regular reports come", Fields: []dissect.FieldDef{
				{Name: "xmpp.jingle.rtcp-fb-trr-int.value", Type: dissect.Number, Path: "@value", Doc: "at least so many milliseconds between two reports"},
			}},
		},
	})
}
