package dissect

import (
	"bytes"

	"talktrace/dissect/xmlstream"
)

// concealment appends to dst what is to stand where b, a secret, was.
type concealment func(dst, b []byte) []byte

func appendRedacted(dst, _ []byte) []byte { return append(dst, Redacted...) }

// appendStars keeps the length, so that offsets stay what they are.
func appendStars(dst, b []byte) []byte {
	for range b {
		dst = append(dst, '*')
	}
	return dst
}

// AppendRedactedFragment appends XML of which the beginning, the end or the
// good form is missing, with everything hidden that might be a secret: text
// before the first tag, of which nobody knows what it belongs to, and text and
// attribute values of names that ever hold secrets, in any namespace.
func AppendRedactedFragment(dst, b []byte) []byte { return appendFragment(dst, b, appendRedacted) }

// AppendMaskedFragment is AppendRedactedFragment with a star for each byte of
// what is hidden.
func AppendMaskedFragment(dst, b []byte) []byte { return appendFragment(dst, b, appendStars) }

func appendFragment(dst, b []byte, hide concealment) []byte {
	i := bytes.IndexByte(b, '<')
	if i < 0 {
		i = len(b)
	}
	// The end of a CDATA section that began before: all up to it is text.
	if end := bytes.Index(b, []byte("]]>")); end >= i && !bytes.Contains(b[:end], []byte("<![CDATA[")) {
		i = end + 3
	}
	dst = appendHidden(dst, b[:i], hide)
	var hidden []byte // the name of the element whose text is being hidden
	for b = b[i:]; len(b) > 0; {
		end, text := markup(b)
		tag := b[:end]
		b = b[end:]
		if text {
			dst = appendText(dst, tag, hidden != nil, hide)
			continue
		}
		start := len(dst)
		dst = hideLinkKeys(appendTag(dst, tag, hide), start, hide)
		switch name := tagName(tag); {
		case len(tag) > 1 && tag[1] == '/':
			if bytes.Equal(name, hidden) {
				hidden = nil
			}
		case hidden == nil && suspicious(name) && !bytes.HasSuffix(tag, []byte("/>")):
			hidden = name
		}
	}
	return dst
}

// markup returns where the tag or the run of text that b begins with ends. A
// CDATA section or a comment counts as text.
func markup(b []byte) (end int, text bool) {
	for _, m := range [...][2]string{{"<![CDATA[", "]]>"}, {"<!--", "-->"}} {
		if bytes.HasPrefix(b, []byte(m[0])) {
			if end = bytes.Index(b, []byte(m[1])); end < 0 {
				return len(b), true
			}
			return end + len(m[1]), true
		}
	}
	if b[0] != '<' {
		if end = bytes.IndexByte(b, '<'); end < 0 {
			end = len(b)
		}
		return end, true
	}
	var quote byte
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '>':
			return i + 1, false
		case c == '<':
			return i, false
		}
	}
	return len(b), false
}

func appendHidden(dst, b []byte, hide concealment) []byte {
	if len(bytes.TrimSpace(b)) == 0 {
		return append(dst, b...)
	}
	return hide(dst, b)
}

// appendText appends a run of text, as a whole hidden or not. Of a link that is
// not written verbatim nobody can say where its key is.
func appendText(dst, b []byte, hidden bool, hide concealment) []byte {
	if hidden || bytes.Contains(b, []byte("&#")) && hasLinkKey(xmlstream.AppendUnescaped(nil, b)) {
		return appendHidden(dst, b, hide)
	}
	return hideLinkKeys(append(dst, b...), len(dst), hide)
}

// tagName returns the local name in a tag.
func tagName(tag []byte) []byte {
	n := bytes.TrimLeft(tag, "</")
	if i := bytes.IndexAny(n, " \t\r\n/>"); i >= 0 {
		n = n[:i]
	}
	return n[bytes.IndexByte(n, ':')+1:]
}

// appendTag appends a tag with the values of suspicious attributes hidden. The
// values need not be in quotes, nor the quotes be closed.
func appendTag(dst, tag []byte, hide concealment) []byte {
	element := string(tagName(tag))
	for {
		i := bytes.IndexAny(tag, `='"`)
		if i < 0 {
			return append(dst, tag...)
		}
		name := bytes.TrimRight(tag[:i], " \t\r\n")
		name = name[bytes.LastIndexAny(name, " \t\r\n:<'\"")+1:]
		start, end, next := attributeValue(tag, i)
		dst = append(dst, tag[:start]...)
		if value := tag[start:end]; suspicious(name) || suspiciousIn(element, name) {
			dst = appendHidden(dst, value, hide)
		} else {
			dst = appendText(dst, value, false, hide)
		}
		dst = append(dst, tag[end:next]...)
		tag = tag[next:]
	}
}

// attributeValue returns where the value is that the equals sign or the quote at
// tag[i] begins, and where the tag goes on.
func attributeValue(tag []byte, i int) (start, end, next int) {
	if start = i; tag[i] == '=' {
		start = len(tag) - len(bytes.TrimLeft(tag[i+1:], " \t\r\n"))
	}
	if start < len(tag) && (tag[start] == '\'' || tag[start] == '"') {
		start++
		if end = bytes.IndexByte(tag[start:], tag[start-1]); end < 0 {
			return start, len(tag), len(tag)
		}
		return start, start + end, start + end + 1
	}
	if end = bytes.IndexAny(tag[start:], " \t\r\n>"); end < 0 {
		return start, len(tag), len(tag)
	}
	return start, start + end, start + end
}

// suspiciousIn reports whether an attribute is that of a secret in elements of
// this name, but not in others.
func suspiciousIn(element string, name []byte) bool {
	switch string(name) {
	case "id":
		return element == "enabled" || element == "confirm"
	case "username":
		return element == "candidate"
	case "code":
		return element == "dtmf"
	}
	return false
}

// suspicious reports whether a name is ever that of a secret.
func suspicious(name []byte) bool {
	switch string(name) {
	case "password", "passwd", "secret", "token", "access_token", "secretkey", "refresh_token", "gcm", "pwd", "key-params",
		"digest", "hash", "auth", "challenge", "response", "success", "initial-response", "additional-data",
		"task-data", "key", "iv", "handshake", "authid", "result", "verify", "header", "value", "previd", "put", "sid", "newkey", "url",
		"mux", "oauth_token", "oauth_signature":
		return true
	}
	return false
}
