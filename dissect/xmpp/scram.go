package xmpp

import (
	"bytes"
	"encoding/base64"
	"unicode/utf8"

	"talktrace/dissect"
)

func init() {
	var names, additions []dissect.Addition
	for _, p := range [...]struct{ space, element, path string }{
		{nsSASL, "auth", "."},
		{nsSASL, "response", "."},
		{nsSASL2, "authenticate", "initial-response"},
		{nsSASL2, "response", "."},
	} {
		names = append(names, dissect.Addition{Space: p.space, Name: p.element, Fields: []dissect.FieldDef{
			{Name: "xmpp.auth.username", Type: dissect.Text, Path: p.path, Decode: decodeUsername, Doc: "the account that the payload names"},
		}})
		additions = append(additions, dissect.Addition{Space: p.space, Name: p.element, Fields: []dissect.FieldDef{
			{Name: "xmpp.scram.gs2", Type: dissect.Text, Path: p.path, Decode: decodeGS2, Doc: "what the client says of channel binding: n, it cannot; y, it believes that the server cannot; p, it does it"},
			{Name: "xmpp.scram.channel-binding", Type: dissect.Text, Path: p.path, Decode: decodeBinding, Doc: "the kind of channel binding that the client uses"},
		}})
	}
	for _, p := range [...]struct{ space, element, path string }{
		{nsSASL, "challenge", "."},
		{nsSASL, "success", "."},
		{nsSASL2, "challenge", "."},
		{nsSASL2, "success", "additional-data"},
	} {
		additions = append(additions, dissect.Addition{Space: p.space, Name: p.element, Fields: []dissect.FieldDef{
			{Name: "xmpp.scram.iterations", Type: dissect.Number, Path: p.path, Decode: scramValue('i'), Doc: "how often the password is hashed"},
			{Name: "xmpp.scram.offer-hash", Type: dissect.Text, Path: p.path, Decode: scramValue('h'), Doc: "hash of what the server has offered, against downgrades (XEP-0474)"},
			{Name: "xmpp.scram.error", Type: dissect.Text, Path: p.path, Decode: scramValue('e'), Doc: "why the server refuses the proof"},
		}})
	}
	dissect.Register(dissect.Extension{
		Spec: "RFC 4422", Title: "Simple Authentication and Security Layer", Label: "SASL",
		Doc:       "What is in the payloads depends on the mechanism. Whose account it is, PLAIN and SCRAM say in the clear.",
		Additions: names,
	})
	dissect.Register(dissect.Extension{
		Spec: "RFC 5802", Title: "Salted Challenge Response Authentication Mechanism", Label: "SCRAM",
		Doc:       "Proves to each side that the other knows the password, without sending it. What of the payloads is no secret is told.",
		Additions: additions,
	})
}

const nsSASL2 = "urn:xmpp:sasl:2"

// maxPayload bounds the payloads that are looked into.
const maxPayload = 8 << 10

// saslPayload decodes a payload, nil where it is none. Some clients break the
// base64 into lines.
func saslPayload(text []byte) []byte {
	if len(text) > maxPayload {
		return nil
	}
	text = bytes.Join(bytes.Fields(text), nil)
	payload := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(payload, text)
	if err != nil || n == 0 {
		return nil
	}
	return payload[:n]
}

// clientFirst takes apart the first message of SCRAM by the client (RFC 5802
// section 7). All else that a payload may be is told from it: it is text, and
// has the nonce behind the name.
func clientFirst(text []byte) (gs2, username []byte, ok bool) {
	payload := saslPayload(text)
	if !utf8.Valid(payload) || bytes.IndexByte(payload, 0) >= 0 {
		return nil, nil, false
	}
	gs2, rest, _ := bytes.Cut(payload, []byte{','})
	_, rest, ok = bytes.Cut(rest, []byte{','}) // an identity to act as
	username, isName := bytes.CutPrefix(rest, []byte("n="))
	username, _, hasNonce := bytes.Cut(username, []byte(",r="))
	known := string(gs2) == "n" || string(gs2) == "y" || bytes.HasPrefix(gs2, []byte("p="))
	return gs2, username, ok && isName && hasNonce && known
}

func decodeGS2(dst, text []byte, _ bool) ([]byte, bool) {
	gs2, _, ok := clientFirst(text)
	if !ok {
		return dst, false
	}
	return append(dst, gs2[0]), true
}

func decodeBinding(dst, text []byte, _ bool) ([]byte, bool) {
	gs2, _, ok := clientFirst(text)
	kind, uses := bytes.CutPrefix(gs2, []byte("p="))
	if !ok || !uses {
		return dst, false
	}
	return append(dst, kind...), true
}

// decodeUsername reads who logs in from the payloads of SCRAM and PLAIN. The
// latter are three texts with NULs between them (RFC 4616), of which the last
// one is the password.
func decodeUsername(dst, text []byte, _ bool) ([]byte, bool) {
	if _, username, ok := clientFirst(text); ok {
		username = bytes.ReplaceAll(username, []byte("=2C"), []byte{','})
		return append(dst, bytes.ReplaceAll(username, []byte("=3D"), []byte{'='})...), true
	}
	payload := saslPayload(text)
	parts := bytes.Split(payload, []byte{0})
	if len(parts) != 3 || !utf8.Valid(payload) || len(parts[1]) == 0 {
		return dst, false
	}
	return append(dst, parts[1]...), true
}

// scramValue reads an attribute of a message of SCRAM by the server.
func scramValue(name byte) func(dst, text []byte, show bool) ([]byte, bool) {
	return func(dst, text []byte, _ bool) ([]byte, bool) {
		payload := saslPayload(text)
		if len(payload) < 2 || payload[1] != '=' || bytes.IndexByte([]byte("re"), payload[0]) < 0 || !utf8.Valid(payload) {
			return dst, false
		}
		for part := range bytes.SplitSeq(payload, []byte{','}) {
			if len(part) > 2 && part[0] == name && part[1] == '=' {
				return append(dst, part[2:]...), true
			}
		}
		return dst, false
	}
}
