package dissect

import (
	"bytes"

	"talktrace/dissect/xmlstream"
)

// nsGCM is the namespace in which Google Cloud Messaging wraps JSON.
const nsGCM = "google:mobile:data"

// pushTokens marks the registration tokens in the JSON of a push message, all
// but the beginning of each, by which they can be told apart. Where the JSON is
// not written verbatim, all of it is hidden.
func (r *Redactor) pushTokens(t *xmlstream.Tree, n int32) {
	x := &t.Nodes[n]
	if x.Escaped || x.Child >= 0 {
		found := false
		r.text = t.Text(r.text[:0], n)
		eachToken(r.text, func(int, int) { found = true })
		if found || x.Child >= 0 {
			r.hide(t, x.Inner)
		}
		return
	}
	eachToken(t.Bytes(x.Inner), func(off, end int) {
		r.spans = append(r.spans, xmlstream.Span{Off: x.Inner.Off + uint32(off), End: x.Inner.Off + uint32(end)})
	})
}

// eachToken calls yield with where the secret part of each token in a JSON text
// is. It looks at strings alone, so that it finds them in JSON that is broken.
func eachToken(text []byte, yield func(off, end int)) {
	var key []byte
	for pos := 0; ; {
		open := bytes.IndexByte(text[pos:], '"')
		if open < 0 {
			return
		}
		start := pos + open + 1
		end := endOfString(text, start)
		value := text[start:end]
		if pos = end + 1; pos > len(text) {
			pos = len(text)
		}
		switch {
		case bytes.HasPrefix(bytes.TrimLeft(text[pos:], " \t\r\n"), []byte(":")):
			key = value
		case holdsToken(key):
			if n := shownOfAddress(value); n < len(value) {
				yield(start+n, end)
			}
		case string(key) == "error_description": // which may repeat the token that is wrong
			eachSecretWord(value, func(off, to int) { yield(start+off, start+to) })
		}
	}
}

// shownOfWord is how much of a word may be shown: all of it, but of what may be a
// registration token only the beginning. With a token, anybody who knows a server
// key could write to the telephone.
func shownOfWord(word []byte) int {
	const shortest, shown = 40, 8
	if len(word) < shortest {
		return len(word)
	}
	return shown
}

// shownOfAddress is shownOfWord for what a message is for or from, which may be no
// token but a topic or a JID.
func shownOfAddress(a []byte) int {
	if bytes.HasPrefix(a, []byte("/topics/")) || bytes.IndexByte(a, '@') >= 0 {
		return len(a)
	}
	return shownOfWord(a)
}

// eachSecretWord calls yield with where the secret parts of the words of a text are.
func eachSecretWord(text []byte, yield func(off, end int)) {
	for at := 0; at < len(text); at++ {
		word := at
		for at < len(text) && text[at] != ' ' {
			at++
		}
		if n := shownOfWord(text[word:at]); n < at-word {
			yield(word+n, at)
		}
	}
}

// AppendPushAddress appends what a push message is for or from; of a registration
// token only the beginning.
func AppendPushAddress(dst, address []byte) []byte {
	n := shownOfAddress(address)
	if dst = append(dst, address[:n]...); n < len(address) {
		dst = append(dst, "…"...)
	}
	return dst
}

// AppendPushWords appends words about a push message; of those that may be
// registration tokens only the beginning.
func AppendPushWords(dst, text []byte) []byte {
	from := 0
	eachSecretWord(text, func(off, end int) {
		dst = append(append(dst, text[from:off]...), "…"...)
		from = end
	})
	return append(dst, text[from:]...)
}

// endOfString returns where a JSON string that begins at start ends.
func endOfString(text []byte, start int) int {
	for i := start; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(text)
}

// holdsToken reports whether the member of this name may be a token. A name that
// is spelled with escapes may be any.
func holdsToken(key []byte) bool {
	switch string(key) {
	case "to", "from", "registration_id", "registration_ids", "notification_key", "canonical_id":
		return true
	}
	return bytes.IndexByte(key, '\\') >= 0
}
