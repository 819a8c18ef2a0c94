package scrub

import (
	"bytes"
	"unicode/utf8"
)

// payload returns a stand-in for a payload of SASL in base64, and calls secret
// with what was secret in it and what takes its place. Who logs in, and how, is
// no credential: account returns what to write in its place.
func (d *disguise) payload(b []byte, account func([]byte) []byte, secret func(value, instead []byte)) []byte {
	plain := decode(b)
	if !isText(plain) {
		out := d.base64(b)
		secret(plain, decode(out))
		return out
	}
	replace := func(value []byte) []byte {
		instead := d.text(value, true)
		secret(value, instead)
		return instead
	}
	if parts := bytes.Split(plain, []byte{0}); len(parts) == 3 { // PLAIN, RFC 4616
		for i, part := range parts[:2] {
			parts[i] = account(part)
		}
		if len(parts[2]) > 0 {
			parts[2] = replace(parts[2])
		}
		return encode(bytes.Join(parts, []byte{0}))
	}
	if bytes.IndexByte(plain, 1) >= 0 {
		return encode(bearer(plain, account, replace))
	}
	if bytes.IndexByte(plain, '=') < 0 || !hasAttributes(plain) {
		return encode(replace(plain))
	}
	return encode(d.attributes(plain, account, replace))
}

// bearer goes through what OAUTHBEARER says (RFC 7628 section 3.1): who asks, and key
// and value pairs, of which one is the token behind the name of its kind.
func bearer(plain []byte, account, replace func([]byte) []byte) []byte {
	parts := bytes.Split(plain, []byte{1})
	for i, part := range parts {
		switch name, value, _ := bytes.Cut(part, []byte{'='}); string(name) {
		case "host", "port", "method", "path", "":
		case "auth":
			kind, token, ok := bytes.Cut(value, []byte{' '})
			if !ok {
				token = kind
			}
			parts[i] = append(bytes.Clone(part[:len(part)-len(token)]), replace(token)...)
		default:
			if i == 0 { // of GS2, "n,a=" and who it is
				parts[i] = account(part)
			} else if len(value) > 0 {
				parts[i] = append(append(bytes.Clone(name), '='), replace(value)...)
			}
		}
	}
	return bytes.Join(parts, []byte{1})
}

// hasAttributes reports whether a payload begins as the messages of SCRAM and of
// DIGEST-MD5 do. In others, such as a name and a password with a sign of equality in
// it (RFC 7617), what stands before that sign is no name of anything.
func hasAttributes(plain []byte) bool {
	first, _, _ := bytes.Cut(plain, []byte{','})
	name, _, ok := bytes.Cut(first, []byte{'='})
	if !ok {
		return string(first) == "n" || string(first) == "y" // of GS2 (RFC 5801 section 4)
	}
	switch string(name) {
	case "nonce", "cnonce", "response", "rspauth":
		return true
	}
	return len(name) == 1 || isPublic(string(name)) || namesAccount(string(name))
}

// attributes goes through what SCRAM (RFC 5802 section 5.1) and DIGEST-MD5
// (RFC 2831 section 2.1) say: attributes with commas between them.
func (d *disguise) attributes(plain []byte, account, replace func([]byte) []byte) []byte {
	parts := bytes.Split(plain, []byte{','})
	bound := len(parts) > 2 && (len(parts[0]) == 1 || bytes.HasPrefix(parts[0], []byte("p=")))
	for i, part := range parts {
		name, value, ok := bytes.Cut(part, []byte{'='})
		switch {
		case bound && i == 0 || len(part) == 0: // says how the channel is bound
		case !ok:
			parts[i] = replace(part)
		case len(value) == 0:
		case isPublic(string(name)), isUnbound(string(name), value):
		case namesAccount(string(name)):
			parts[i] = append(append(bytes.Clone(name), '='), d.value(value, account)...)
		case string(name) == "r":
			parts[i] = append([]byte("r="), d.nonce(value, replace)...)
		default:
			parts[i] = append(append(bytes.Clone(name), '='), d.value(value, replace)...)
		}
	}
	return bytes.Join(parts, []byte{','})
}

// nonce returns a stand-in for a nonce. That of the server begins with that of the
// client (RFC 5802 section 5.1), and so does what takes its place.
func (d *disguise) nonce(v []byte, replace func([]byte) []byte) []byte {
	for _, first := range d.nonces {
		if rest, ok := bytes.CutPrefix(v, first.text); ok && len(rest) > 0 {
			return append(bytes.Clone(first.instead), replace(rest)...)
		}
	}
	instead := replace(v)
	const most = 64
	if d.nonces = append(d.nonces, &value{text: bytes.Clone(v), instead: instead}); len(d.nonces) > most {
		d.nonces = d.nonces[1:]
	}
	return instead
}

// value returns a stand-in for the value of an attribute, its quotes kept.
func (d *disguise) value(v []byte, replace func([]byte) []byte) []byte {
	if len(v) > 2 && v[0] == '"' && v[len(v)-1] == '"' {
		return append(append([]byte{'"'}, replace(v[1:len(v)-1])...), '"')
	}
	return replace(v)
}

// compact returns base64 without white space and as long as it has to be.
func compact(b []byte) []byte {
	out := make([]byte, 0, len(b)+3)
	for _, c := range b {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			out = append(out, c)
		}
	}
	for len(out)%4 != 0 && len(out)%4 != 1 && len(out) >= 8 {
		out = append(out, '=')
	}
	return out
}

// spread puts base64 where that was which compact was made of.
func spread(b, instead []byte) []byte {
	out := bytes.Clone(b)
	for i, c := range b {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			out[i], instead = instead[0], instead[1:]
		}
	}
	return out
}

// isPublic reports whether an attribute is no secret.
func isPublic(name string) bool {
	switch name {
	case "i", "e", "qop", "charset", "algorithm", "nc", "maxbuf", "stale", "cipher":
		return true
	}
	return false
}

// namesAccount reports whether an attribute says who logs in, and where.
func namesAccount(name string) bool {
	switch name {
	case "n", "a", "username", "realm", "digest-uri", "authzid":
		return true
	}
	return false
}

// isUnbound reports whether an attribute repeats that no channel is bound, which
// is the same for all logins.
func isUnbound(name string, value []byte) bool {
	gs2 := decode(value)
	return name == "c" && isText(gs2) && bytes.HasSuffix(gs2, []byte{','})
}

// isText reports whether bytes are text, with the separators that mechanisms
// use.
func isText(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c > 1 || c == 0x7f {
			return false
		}
	}
	return utf8.Valid(b) && len(b) > 0
}
