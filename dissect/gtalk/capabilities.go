package gtalk

import (
	"bytes"

	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Client Capabilities", Label: "google-caps",
		Doc: "What Google's clients say in their presence that they can do, by names in the old form of entity capabilities (XEP-0115).",
		Additions: []dissect.Addition{{
			Space: "http://jabber.org/protocol/caps", Name: "c",
			Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.caps", Type: dissect.Text, Path: "@ext", Decode: decodeCapabilities, Doc: "what the client can do, in words"},
			},
		}},
	})
}

// capabilities are the names that Google's clients use, in words.
var capabilities = [...]struct{ name, words string }{
	{"voice-v1", "voice calls"},
	{"video-v1", "receives video"},
	{"camera-v1", "sends video"},
	{"pmuc-v1", "private group chats"},
	{"sms-v1", "text messages to telephones"},
	{"vavinvite-v1", "invitations to voice and video"},
}

// decodeCapabilities puts those names into words that it knows.
func decodeCapabilities(dst, text []byte, _ bool) ([]byte, bool) {
	start := len(dst)
	for name := range bytes.FieldsSeq(text) {
		for _, c := range capabilities {
			if string(name) != c.name {
				continue
			}
			if len(dst) > start {
				dst = append(dst, ", "...)
			}
			dst = append(dst, c.words...)
		}
	}
	return dst, len(dst) > start
}
