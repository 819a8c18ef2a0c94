package gtalk

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Voice", Label: "google-voice",
		Doc:      "The codecs for sound that a client knows, best first.",
		Spaces:   []string{"http://www.google.com/session/phone"},
		Elements: []dissect.Element{media("audio")},
	})
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Video", Label: "google-video",
		Doc:      "The codecs for a picture with sound that a client knows, best first; those for sound are in the namespace of voice.",
		Spaces:   []string{"http://www.google.com/session/video"},
		Elements: []dissect.Element{media("video")},
	})
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Voicemail", Label: "voicemail",
		Doc:    "Leaves a spoken message for one who does not answer: a call to a service, which then sends it by mail.",
		Spaces: []string{"http://www.google.com/session/voicemail"},
		Elements: []dissect.Element{
			{Name: "description", Field: "xmpp.gtalk.session.description", Info: "voicemail", Doc: "what is to be sent"},
			{Name: "regarding", Field: "xmpp.gtalk.voicemail.regarding", Info: "voicemail for session {~@id}", Doc: "the call that was not answered", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.voicemail.regarding.id", Type: dissect.Text, Path: "@id", Doc: "id of its session"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Tunnel", Label: "tunnel",
		Doc:    "A session that carries any bytes from client to client.",
		Spaces: []string{"http://www.google.com/talk/tunnel"},
		Elements: []dissect.Element{
			{Name: "description", Field: "xmpp.gtalk.session.description", Info: "tunnel[ for {\"type}]", Doc: "what is to be sent", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.tunnel.type", Type: dissect.Text, Path: "type", Doc: "what the bytes are"},
			}},
		},
	})
}

// media declares the description of sound or of a picture.
func media(what string) dissect.Element {
	const d = "xmpp.gtalk.session.description"
	return dissect.Element{
		Name: "description", Field: d, Info: what + "[ ({&~payload-type/@name})]", Doc: "what is to be sent",
		Fields: []dissect.FieldDef{
			{Name: d + ".payload-type", Type: dissect.Presence, Path: "~payload-type", Doc: "a codec", Fields: []dissect.FieldDef{
				{Name: d + ".payload-type.id", Type: dissect.Number, Path: "@id", Doc: "number of the codec in RTP packets"},
				{Name: d + ".payload-type.name", Type: dissect.Text, Path: "@name", Doc: "name of the codec"},
				{Name: d + ".payload-type.clockrate", Type: dissect.Number, Path: "@clockrate", Doc: "samples each second"},
				{Name: d + ".payload-type.bitrate", Type: dissect.Number, Path: "@bitrate", Doc: "bits each second"},
				{Name: d + ".payload-type.channels", Type: dissect.Number, Path: "@channels", Doc: "channels of sound"},
				{Name: d + ".payload-type.width", Type: dissect.Number, Path: "@width", Doc: "width of the picture"},
				{Name: d + ".payload-type.height", Type: dissect.Number, Path: "@height", Doc: "height of the picture"},
				{Name: d + ".payload-type.framerate", Type: dissect.Number, Path: "@framerate", Doc: "pictures each second"},
			}},
			{Name: d + ".src-id", Type: dissect.Text, Path: "src-id", Doc: "number of the RTP stream"},
			{Name: d + ".encryption", Type: dissect.Presence, Path: "encryption", Doc: "the RTP stream can be encrypted (SRTP)", Fields: []dissect.FieldDef{
				{Name: d + ".encryption.required", Type: dissect.Boolean, Path: "@required", Doc: "it must be encrypted"},
				{Name: d + ".encryption.crypto", Type: dissect.Presence, Path: "~crypto", Doc: "a cipher with its key (RFC 4568)", Fields: []dissect.FieldDef{
					{Name: d + ".encryption.crypto.suite", Type: dissect.Text, Path: "@crypto-suite", Doc: "the cipher"},
					{Name: d + ".encryption.crypto.tag", Type: dissect.Text, Path: "@tag", Doc: "number by which the answer names it"},
					{Name: d + ".encryption.crypto.key-params", Type: dissect.Text, Path: "@key-params", Doc: "the key"},
					{Name: d + ".encryption.crypto.session-params", Type: dissect.Text, Path: "@session-params", Doc: "settings of the cipher"},
				}},
			}},
		},
	}
}
