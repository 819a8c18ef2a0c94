package scrub

import (
	"bytes"
	"net/netip"
	"strings"
	"unicode/utf8"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// addressFields are the fields that hold JIDs.
func addressFields() *dissect.FieldSet {
	var defs []*dissect.FieldDef
	for _, name := range dissect.FieldNames() {
		for _, d := range dissect.LookupField(name) {
			if d.Type == dissect.JID {
				defs = append(defs, d)
			}
		}
	}
	return dissect.NewFieldSet(defs...)
}

// addresses notes the JIDs in an element.
func (r *redactor) addresses(t *xmlstream.Tree) {
	var e dissect.Event
	r.ctx.Dissect(t, nil, &e)
	for i := range e.Fields {
		r.address(e.Fields[i].Text)
	}
	for n := range t.Nodes {
		x := &t.Nodes[n]
		for i := x.Attrs.Off; i < x.Attrs.End; i++ {
			a := &t.Attrs[i]
			switch value := t.Value(nil, a); string(t.Raw[a.Local:a.Name.End]) {
			case "jid", "from", "to":
				r.address(value)
			default:
				r.mentions(value)
			}
		}
		switch text := t.Text(nil, int32(n)); string(t.Local(int32(n))) {
		case "username", "resource":
			r.part(text, "")
		case "jid":
			r.address(text)
		default:
			r.mentions(text)
		}
	}
}

// mentions notes what looks like a JID in a text.
func (r *redactor) mentions(text []byte) {
	if bytes.IndexByte(text, '@') < 0 {
		return
	}
	for word := range bytes.FieldsFuncSeq(text, func(c rune) bool { return strings.ContainsRune(" \t\r\n<>\"'&(),;:=?#!|", c) }) {
		jid, _, _ := bytes.Cut(word, []byte{'/'})
		local, domain, ok := bytes.Cut(jid, []byte{'@'})
		if domain = bytes.TrimRight(domain, "."); ok && len(local) > 0 && len(domain) > 0 {
			r.address(jid[:len(local)+1+len(domain)])
		}
	}
}

// address notes a JID and its parts (RFC 7622 section 3.1). The parts get the
// same stand-in wherever they stand.
func (r *redactor) address(jid []byte) {
	if r.second || len(jid) == 0 || r.met[string(jid)] || !utf8.Valid(jid) {
		return
	}
	r.met[string(jid)] = true
	bare, resource, full := bytes.Cut(jid, []byte{'/'})
	local, domain, account := bytes.Cut(bare, []byte{'@'})
	if !account {
		local, domain = nil, bare
	}
	r.part(domain, "a domain")
	r.part(local, "")
	r.part(resource, "")
	stand := r.disguise.text(domain, false)
	if account {
		stand = append(append(r.disguise.text(local, false), '@'), stand...)
		r.seek(bare, stand, "a JID")
	}
	if full && len(resource) < prefix {
		r.known.add(jid, append(append(bytes.Clone(stand), '/'), r.disguise.text(resource, false)...), "a JID")
	}
}

// part notes a part of a JID. What may be a word like any other is replaced
// wherever it stands as one, but is not proof of anything where it is found.
func (r *redactor) part(b []byte, what string) {
	if isWord(string(b)) {
		return
	}
	v := r.known.add(b, r.disguise.text(b, false), what)
	if v != nil {
		v.word = true
		r.known.fold(v)
	}
	if known := r.known.values[string(b)]; known != nil && what != "" && bytes.IndexByte(b, '.') >= 0 && !isProtocol(b) {
		known.word = false
		r.sought.fold(r.sought.add(b, nil, what))
		r.names.add(b, r.disguise.text(b, false), what)
	}
}

// isAddress reports whether an attribute, or an element, of that name holds a JID or
// a part of one.
func isAddress(name []byte) bool {
	switch string(name) {
	case "from", "to", "jid", "by", "username", "resource", "with", "host":
		return true
	}
	return false
}

// jid returns what stands for a JID, or a part of one, as XML has it; nil where there
// is none.
func (r *redactor) jid(b []byte) []byte {
	trimmed := bytes.TrimSpace(b)
	if _, err := netip.ParseAddr(string(trimmed)); err == nil {
		return nil
	}
	if len(trimmed) == 0 || bytes.IndexByte(trimmed, '<') >= 0 || !utf8.Valid(trimmed) {
		return nil
	}
	out := bytes.Clone(b)
	lead := len(b) - len(bytes.TrimLeft(b, " \t\r\n"))
	rest := out[lead : lead+len(trimmed)]
	part := func(b []byte) {
		if !isWord(string(b)) {
			copy(b, r.disguise.text(b, false))
		}
	}
	if i := bytes.IndexByte(rest, '/'); i >= 0 {
		part(rest[i+1:])
		rest = rest[:i]
	}
	if i := bytes.IndexByte(rest, '@'); i >= 0 {
		part(rest[:i])
		rest = rest[i+1:]
	}
	part(rest)
	return out
}

// encrypted replaces the domains in what else is as it was: all versions of TLS show
// what server is asked for (RFC 6066 section 3), and some their certificates.
func (r *redactor) encrypted(s *side) {
	torn := false
	for i := range s.runs {
		u := &s.runs[i]
		if u.new == nil {
			continue
		}
		torn = r.certificates(u, torn)
		if r.JIDs {
			copy(u.new[u.open:], r.names.replace(u.new[u.open:]))
		}
	}
}

// handshake notes the names that the handshakes of a row tell.
func (r *redactor) handshake(facts *dissect.TLSFacts) {
	names := []string{facts.ServerName}
	for _, c := range facts.Certificates {
		names = append(append(names, c.Subject, c.Issuer), c.Names...)
		names = append(append(names, c.XMPPAddrs...), c.SRVNames...)
	}
	for _, name := range names {
		if i := strings.IndexByte(name, '.'); i > 0 && (name[0] == '_' || name[0] == '*') {
			name = name[i+1:]
		}
		r.address([]byte(name))
		r.names.add([]byte(name), r.disguise.text([]byte(name), false), "a name in a TLS handshake")
		if len(name) >= derived {
			r.sought.add([]byte(name), nil, "a name in a TLS handshake")
		}
	}
}

// isWord reports whether a part of a JID is a word that protocols use, so that
// it says nothing of anybody, and elements could not be read without it.
func isWord(s string) bool {
	switch s {
	case "away", "chat", "none", "both", "from", "client", "server", "conference", "account", "true", "false",
		"message", "presence", "result", "error", "unavailable":
		return true
	}
	return false
}
