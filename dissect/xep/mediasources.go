package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0339", Title: "Source-Specific Media Attributes in Jingle", Label: "sources",
		Doc:    "Says which of the streams in a call come from whom, and which belong together, such as a picture in several sizes (RFC 5576).",
		Spaces: []string{"urn:xmpp:jingle:apps:rtp:ssma:0"},
		Elements: []dissect.Element{
			{Name: "source", Field: "xmpp.jingle.source", Info: "source {@ssrc}", Doc: "a stream of RTP packets", Fields: []dissect.FieldDef{
				{Name: "xmpp.jingle.source.ssrc", Type: dissect.Number, Path: "@ssrc", Doc: "number of the stream"},
				{Name: "xmpp.jingle.source.name", Type: dissect.Text, Path: "@name", Doc: "name of the stream, as Jitsi gives it"},
				{Name: "xmpp.jingle.source.parameter", Type: dissect.Presence, Path: "parameter", Doc: "something about the stream", Fields: []dissect.FieldDef{
					{Name: "xmpp.jingle.source.parameter.name", Type: dissect.Text, Path: "@name", Doc: "what: cname, msid …"},
					{Name: "xmpp.jingle.source.parameter.value", Type: dissect.Text, Path: "@value", Doc: "its value"},
				}},
			}},
			{Name: "ssrc-group", Field: "xmpp.jingle.ssrc-group", Info: "{@semantics} of {&source/@ssrc}", Doc: "streams that belong together", Fields: []dissect.FieldDef{
				{Name: "xmpp.jingle.ssrc-group.semantics", Type: dissect.Text, Path: "@semantics", Doc: "how they belong together: FID, SIM, FEC-FR …"},
				{Name: "xmpp.jingle.ssrc-group.ssrc", Type: dissect.Number, Path: "source/@ssrc", Doc: "number of one of the streams"},
			}},
		},
	})
}
