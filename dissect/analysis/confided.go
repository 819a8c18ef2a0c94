package analysis

import (
	"bytes"

	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return confided{} }) }

var secretInBody = kind(Kind{
	ID: "secret-in-message", Severity: dissect.Remark, Title: "what looks like a password or a token in a message",
	Why:    "Messages are kept in archives and on many devices for years; that is no place for a secret.",
	Source: "CWE-312",
})

// announced are words behind which a colon or an equals sign announces a secret;
// tokens are what the secrets of well-known services begin with.
var (
	announced = [][]byte{[]byte("password"), []byte("passwort"), []byte("passwd"), []byte("passphrase"), []byte("mot de passe"), []byte("api key"), []byte("apikey"), []byte("api_key")}
	tokens    = [][]byte{[]byte("ghp_"), []byte("github_pat_"), []byte("glpat-"), []byte("xoxb-"), []byte("xoxp-"), []byte("AKIA"), []byte("eyJhbGciOi"), []byte("-----BEGIN ")}
)

// confided looks for secrets that people send each other.
type confided struct{}

// maxSearched is how many bytes of a body are looked at.
const maxSearched = 16 << 10

// Row implements watcher.
func (confided) Row(r *Row) {
	if r.Kind != "message" {
		return
	}
	messageBody.each(r, func(x *dissect.Field) {
		if body := x.Text[:min(len(x.Text), maxSearched)]; !x.Hidden && len(body) >= 8 && (announces(body) || holdsToken(body)) {
			r.note(secretInBody, "")
		}
	})
}

// announces reports whether one of the words stands before a colon or an equals
// sign with something behind it.
func announces(body []byte) bool {
	if bytes.IndexByte(body, ':') < 0 && bytes.IndexByte(body, '=') < 0 {
		return false
	}
	lower := bytes.ToLower(body)
	for _, word := range announced {
		for rest := lower; ; {
			_, behind, found := bytes.Cut(rest, word)
			if !found {
				break
			}
			rest = behind
			value := bytes.TrimLeft(behind, " \t")
			if len(value) > 1 && (value[0] == ':' || value[0] == '=') && isSecret(bytes.TrimLeft(value[1:], " \t")) {
				return true
			}
		}
	}
	return false
}

// isSecret reports whether a text begins with what may be a secret: some
// characters without a space.
func isSecret(b []byte) bool {
	end := bytes.IndexAny(b, " \t\r\n")
	if end < 0 {
		end = len(b)
	}
	return end >= 4 && !bytes.Contains(b[:end], []byte("//"))
}

// holdsToken reports whether a token begins in the body, as a word.
func holdsToken(body []byte) bool {
	for _, t := range tokens {
		i := bytes.Index(body, t)
		if i < 0 || i > 0 && isWord(body[i-1]) {
			continue
		}
		rest := body[i+len(t):]
		if bytes.HasPrefix(t, []byte("-----")) {
			if bytes.Contains(rest[:min(len(rest), 40)], []byte("PRIVATE KEY")) {
				return true
			}
			continue
		}
		n := 0
		for n < len(rest) && isWord(rest[n]) {
			n++
		}
		if n >= 16 {
			return true
		}
	}
	return false
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-'
}

// End implements watcher.
func (confided) End(*Row) {}
