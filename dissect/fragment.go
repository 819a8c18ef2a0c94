package dissect

import "bytes"

// AppendRedactedFragment appends XML of which the beginning, the end or the
// good form is missing, with everything hidden that might be a secret: text
// before the first tag, of which nobody knows what it belongs to, and text and
// attribute values of names that ever hold secrets, in any namespace.
func AppendRedactedFragment(dst, b []byte) []byte {
	i := bytes.IndexByte(b, '<')
	if i < 0 {
		i = len(b)
	}
	// The end of a CDATA section that began before: all up to it is text.
	if end := bytes.Index(b, []byte("]]>")); end >= i && !bytes.Contains(b[:end], []byte("<![CDATA[")) {
		i = end + 3
	}
	dst = appendHidden(dst, b[:i])
	var hidden []byte // the name of the element whose text is being hidden
	for b = b[i:]; len(b) > 0; {
		end, text := markup(b)
		tag := b[:end]
		b = b[end:]
		if text {
			dst = appendHiddenIf(dst, tag, hidden != nil)
			continue
		}
		start := len(dst)
		dst = HideLinkKeys(appendTag(dst, tag), start)
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

func appendHidden(dst, b []byte) []byte {
	if len(bytes.TrimSpace(b)) == 0 {
		return append(dst, b...)
	}
	return append(dst, Redacted...)
}

func appendHiddenIf(dst, b []byte, hidden bool) []byte {
	if hidden {
		return appendHidden(dst, b)
	}
	start := len(dst)
	return HideLinkKeys(append(dst, b...), start)
}

// tagName returns the local name in a tag.
func tagName(tag []byte) []byte {
	n := bytes.TrimLeft(tag, "</")
	if i := bytes.IndexAny(n, " \t\r\n/>"); i >= 0 {
		n = n[:i]
	}
	return n[bytes.IndexByte(n, ':')+1:]
}

// appendTag appends a tag with the values of suspicious attributes hidden.
func appendTag(dst, tag []byte) []byte {
	enabled := string(tagName(tag)) == "enabled"
	for {
		i := bytes.IndexAny(tag, `'"`)
		if i < 0 {
			return append(dst, tag...)
		}
		name := bytes.TrimRight(tag[:i], " \t\r\n=")
		name = name[bytes.LastIndexAny(name, " \t\r\n:<")+1:]
		dst = append(dst, tag[:i+1]...)
		end := bytes.IndexByte(tag[i+1:], tag[i])
		value, rest := tag[i+1:], []byte(nil)
		if end >= 0 {
			value, rest = tag[i+1:i+1+end], tag[i+1+end:]
		}
		if suspicious(name) || enabled && string(name) == "id" {
			dst = appendHidden(dst, value)
		} else {
			dst = append(dst, value...)
		}
		if len(rest) == 0 {
			return dst
		}
		dst = append(dst, rest[0])
		tag = rest[1:]
	}
}

// suspicious reports whether a name is ever that of a secret.
func suspicious(name []byte) bool {
	switch string(name) {
	case "password", "passwd", "secret", "token", "access_token", "secretkey", "refresh_token", "gcm", "pwd", "key-params",
		"digest", "hash", "auth", "challenge", "response", "success", "initial-response", "additional-data",
		"task-data", "key", "iv", "handshake", "authid", "result", "verify", "header", "value", "previd", "put", "sid", "newkey", "url":
		return true
	}
	return false
}
