package scrub

import (
	"bytes"
	"html"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// redactor finds what is to be replaced and replaces it, in two rounds: what is
// found in the first one is replaced wherever it stands in the second.
type redactor struct {
	Options
	disguise disguise
	ctx      *dissect.Context
	known    *index // values and what takes their place
	sought   *index // what must not be in the output any more
	names    *index // those of them that the handshakes of TLS may tell
	hosts    hosts
	met      map[string]bool // JIDs that were noted
	second   bool
	run      *run // being written to in the second round
	off      int
}

func newRedactor(o Options) *redactor {
	return &redactor{Options: o, known: newIndex(), sought: newIndex(), names: newIndex(), hosts: make(hosts), met: make(map[string]bool)}
}

// words returns a stand-in for a value, and has it looked for: found in the first
// round it is replaced everywhere.
func (r *redactor) words(b []byte, credential bool, what string) []byte {
	if credential && isBase64(b) && alphabetOf(b) > 6 {
		out := r.disguise.payload(b, r.account, func(value, instead []byte) { r.seek(value, instead, "part of a credential") })
		r.seek(b, out, what)
		return out
	}
	if v := r.known.values[string(b)]; v != nil {
		return v.instead
	}
	out := r.disguise.text(b, credential)
	r.seek(b, out, what)
	return out
}

// account returns what stands for who logs in, as a payload says it.
func (r *redactor) account(b []byte) []byte {
	if !r.JIDs {
		return b
	}
	out := bytes.Clone(b)
	for part := range bytes.FieldsFuncSeq(out, func(c rune) bool { return c == '@' || c == '/' }) {
		if string(part) == "xmpp" { // of a digest-uri, RFC 2831 section 2.1.2
			continue
		}
		if !r.second {
			r.part(bytes.Clone(part), "")
		}
		copy(part, r.disguise.text(part, false))
	}
	return out
}

// seek notes a value that is replaced.
func (r *redactor) seek(text, instead []byte, what string) {
	if r.second || bytes.Equal(text, instead) {
		return
	}
	r.known.add(text, instead, what)
	r.sought.add(text, nil, what)
	if bytes.IndexByte(text, '&') >= 0 {
		r.sought.add(unescape(text), nil, what)
	}
}

// put writes a stand-in in the second round.
func (r *redactor) put(s xmlstream.Span, instead []byte) {
	if r.second {
		copy(r.run.new[r.off+int(s.Off):r.off+int(s.End)], instead)
	}
}

// element takes up an element that was read as a whole.
func (r *redactor) element(t *xmlstream.Tree, in *run, off int) {
	r.run, r.off = in, off
	hidden := r.ctx.Redactor.Find(t)
	if r.JIDs && !r.second {
		r.addresses(t)
	}
	for n := range t.Nodes {
		r.node(t, int32(n))
	}
	for _, s := range hidden {
		r.secret(t, s)
	}
}

// secret replaces a span that is a credential.
func (r *redactor) secret(t *xmlstream.Tree, s xmlstream.Span) {
	b := t.Bytes(s)
	if i := bytes.IndexByte(b, '<'); i >= 0 && !bytes.HasPrefix(b[i:], []byte("<!")) { // elements, with what is in them
		out := bytes.Clone(b)
		r.fragment(out)
		r.put(s, out)
		return
	}
	lead := len(b) - len(bytes.TrimLeft(b, " \t\r\n"))
	s.Off += uint32(lead)
	s.End = s.Off + uint32(len(bytes.TrimSpace(b)))
	if b = t.Bytes(s); isBase64(b) && isExternal(t) {
		out := encode(r.stranger(decode(b)))
		r.seek(b, out, "a credential")
		r.put(s, out)
		return
	}
	r.put(s, r.words(b, true, "a credential"))
}

// isExternal reports whether an element begins a login by which nothing is told
// but who it is: the proof is elsewhere (RFC 4422 appendix A).
func isExternal(t *xmlstream.Tree) bool {
	a := t.Attr(0, "mechanism")
	return a != nil && string(t.Bytes(a.Value)) == "EXTERNAL"
}

// stranger returns somebody else in the place of who logs in.
func (r *redactor) stranger(b []byte) []byte {
	if r.JIDs {
		return r.account(b)
	}
	return r.disguise.text(b, false)
}

// node replaces what there is to replace in the attributes and the text of a
// node. Credentials come later, in the same places.
func (r *redactor) node(t *xmlstream.Tree, n int32) {
	x := &t.Nodes[n]
	for i := x.Attrs.Off; i < x.Attrs.End; i++ {
		a := &t.Attrs[i]
		if r.Names && isName(t, n, a) || r.Bodies && isShown(t.Raw[a.Local:a.Name.End]) && isSpoken(t, n) {
			r.spoken(t, a.Value)
			continue
		}
		if a.Space != "xmlns" && !isVocabulary(t.Raw[a.Local:a.Name.End]) {
			r.value(t, a.Value)
		}
	}
	spoken := r.Bodies && isSpoken(t, n) || r.Names && isNamed(t, n)
	pos := x.Inner.Off
	for c := x.Child; ; c = t.Nodes[c].Next {
		s := xmlstream.Span{Off: pos, End: x.Inner.End}
		if c >= 0 {
			s.End = t.Nodes[c].Outer.Off
		}
		switch {
		case s.End <= s.Off:
		case spoken:
			r.spoken(t, s)
		default:
			r.value(t, s)
		}
		if c < 0 {
			return
		}
		pos = t.Nodes[c].Outer.End
	}
}

// value replaces the known values in a span.
func (r *redactor) value(t *xmlstream.Tree, s xmlstream.Span) {
	if !r.second || s.End <= s.Off {
		return
	}
	b := t.Bytes(s)
	if _, space := dissect.LookupNamespace(string(b)); space {
		return
	}
	if bytes.IndexByte(b, '&') >= 0 || bytes.Contains(b, []byte("<!")) {
		if v, _ := r.known.find(unescape(b)); v != nil {
			r.put(s, r.disguise.text(b, false))
			return
		}
	}
	if v, _ := r.known.find(b); v != nil {
		r.put(s, r.known.replace(b))
	}
}

// spoken replaces text that people wrote. Where it is long enough not to be
// found by chance, it is replaced wherever it stands.
func (r *redactor) spoken(t *xmlstream.Tree, s xmlstream.Span) {
	b := t.Bytes(s)
	if len(bytes.TrimSpace(b)) == 0 {
		return
	}
	if len(b) >= longText || bytes.IndexByte(b, ' ') >= 0 && len(b) >= longText/2 {
		r.put(s, r.words(b, false, "text of a message"))
		return
	}
	r.put(s, r.disguise.text(b, false))
}

// longText is how many bytes of text do not stand in two places by chance.
const longText = 12

// isSpoken reports whether the text of a node is part of a message, of a
// presence, or of what is published.
func isSpoken(t *xmlstream.Tree, n int32) bool {
	switch string(t.Local(n)) {
	case "body", "subject", "snippet", "status", "desc", "title", "note":
		return true
	}
	for ; n >= 0; n = t.Nodes[n].Parent {
		switch string(t.Local(n)) {
		case "message", "presence", "item", "vCard", "vcard":
			return true
		case "query":
			return t.Nodes[n].Space == "jabber:iq:private"
		}
	}
	return false
}

// isShown reports whether an attribute of what is written holds a part of it.
func isShown(name []byte) bool {
	switch string(name) {
	case "href", "src", "alt", "title", "url", "uri", "desc", "label", "subject", "snippet":
		return true
	}
	return false
}

// isName reports whether an attribute of a node is what people call somebody or
// something.
func isName(t *xmlstream.Tree, n int32, a *xmlstream.Attr) bool {
	switch string(t.Raw[a.Local:a.Name.End]) {
	case "nick", "nickname":
		return true
	case "name":
		return string(t.Local(n)) == "item" || string(t.Local(n)) == "conference" || string(t.Local(n)) == "sender"
	}
	return false
}

// isNamed reports whether the text of a node is a name, or the page in the address
// book that goes with one.
func isNamed(t *xmlstream.Tree, n int32) bool {
	switch string(t.Local(n)) {
	case "nick", "name", "group", "first", "last", "email":
		return true
	}
	for ; n >= 0; n = t.Nodes[n].Parent {
		if local := string(t.Local(n)); local == "vCard" || local == "vcard" {
			return true
		}
	}
	return false
}

// isVocabulary reports whether the values of an attribute are words of the
// protocol, which are nobody's secret and without which nothing can be read.
func isVocabulary(name []byte) bool {
	switch string(name) {
	case "xmlns", "type", "version", "lang", "mechanism", "affiliation", "role", "subscription", "ver", "hash", "var":
		return true
	}
	return false
}

// unescape resolves the references in a run of text or in a value, and leaves out
// what marks sections and comments.
func unescape(b []byte) []byte {
	for _, mark := range [...]string{"<![CDATA[", "]]>", "<!--", "-->"} {
		b = bytes.ReplaceAll(b, []byte(mark), nil)
	}
	return []byte(html.UnescapeString(string(b)))
}
