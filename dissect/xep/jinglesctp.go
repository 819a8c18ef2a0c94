package xep

import (
	"talktrace/dissect"
)

func init() {
	const tr = contentField + ".transport"
	dissect.Register(dissect.Extension{
		Spec: "XEP-0343", Title: "Signaling WebRTC Data Channels in Jingle", Label: "data-channel",
		Doc:    "Sends data rather than sound on the path of a call: SCTP inside DTLS.",
		Spaces: []string{"urn:xmpp:jingle:transports:dtls-sctp:1", "urn:xmpp:jingle:transports:webrtc-datachannel:1", "urn:xmpp:jingle:transports:webrtc-datachannel:0"},
		Elements: []dissect.Element{
			{Name: "sctpmap", Field: tr + ".sctpmap", Info: "SCTP[ port {@number}]", Doc: "SCTP is spoken", Fields: []dissect.FieldDef{
				{Name: tr + ".sctpmap.number", Type: dissect.Number, Path: "@number", Doc: "its port inside DTLS"},
				{Name: tr + ".sctpmap.protocol", Type: dissect.Text, Path: "@protocol", Doc: "what it carries"},
				{Name: tr + ".sctpmap.streams", Type: dissect.Number, Path: "@streams", Doc: "how many streams"},
			}},
			{Name: "channel", Field: tr + ".channel", Info: "data channel[ {@id}]", Doc: "a data channel", Fields: []dissect.FieldDef{
				{Name: tr + ".channel.id", Type: dissect.Number, Path: "@id", Doc: "number of the channel"},
				{Name: tr + ".channel.protocol", Type: dissect.Text, Path: "@protocol", Doc: "what it carries"},
				{Name: tr + ".channel.negotiated", Type: dissect.Boolean, Path: "@negotiated", Doc: "it is agreed on here, not in the channel itself"},
				{Name: tr + ".channel.ordered", Type: dissect.Boolean, Path: "@ordered", Doc: "what is sent arrives in order"},
			}},
			{Name: "transport", Field: tr, Doc: "how bytes are to find their way", Fields: []dissect.FieldDef{
				{Name: tr + ".sctp-port", Type: dissect.Number, Path: "@sctp-port", Doc: "port of SCTP inside DTLS"},
				{Name: tr + ".max-message-size", Type: dissect.Number, Path: "@max-message-size", Doc: "at most so many bytes in a message"},
			}},
		},
	})
}
