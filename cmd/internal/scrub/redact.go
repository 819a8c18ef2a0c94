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
	if compact := compact(b); credential && isBase64(compact) && alphabetOf(compact) > 6 && !isProtocol(b) {
		payload := r.disguise.payload(compact, r.account, func(value, instead []byte) { r.seek(value, instead, "part of a credential") })
		if bytes.Equal(payload, compact) {
			payload = r.disguise.base64(compact)
		}
		out := spread(b, payload)
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
	if r.second || bytes.Equal(text, instead) || isProtocol(text) {
		return
	}
	r.known.add(text, instead, what)
	r.sought.add(text, nil, what)
	if bytes.IndexByte(text, '&') >= 0 {
		r.sought.add(unescape(text), nil, what)
	}
}

// put writes a stand-in in the second round. It reports whether there is one.
func (r *redactor) put(s xmlstream.Span, instead []byte) bool {
	if r.second && instead != nil {
		copy(r.run.new[r.off+int(s.Off):r.off+int(s.End)], instead)
	}
	return instead != nil
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
		r.attribute(t, n, &t.Attrs[i])
	}
	spoken := r.Bodies && isSpoken(t, n) || r.Names && isNamed(t, n)
	pos := x.Inner.Off
	for c := x.Child; ; c = t.Nodes[c].Next {
		s := xmlstream.Span{Off: pos, End: x.Inner.End}
		if c >= 0 {
			s.End = t.Nodes[c].Outer.Off
		}
		if s.End > s.Off {
			r.text(t, n, s, spoken)
			r.asides(t, s)
		}
		if c < 0 {
			return
		}
		pos = t.Nodes[c].Outer.End
	}
}

// attribute replaces what there is to replace in an attribute of a node.
func (r *redactor) attribute(t *xmlstream.Tree, n int32, a *xmlstream.Attr) {
	name, v := t.Raw[a.Local:a.Name.End], a.Value
	switch {
	case a.Space == "xmlns" || isVocabulary(name):
		if _, known := dissect.LookupNamespace(string(t.Bytes(v))); !known && (a.Space == "xmlns" || string(name) == "xmlns") {
			r.value(t, v)
		}
	case r.Addresses && r.put(v, r.disguise.address(t.Bytes(v))):
	case r.JIDs && isAddress(name) && r.put(v, r.jid(t.Bytes(v))):
	case r.Names && isName(t, n, a), r.Bodies && isShown(name) && isSpoken(t, n):
		r.spoken(t, v)
	case r.Rest && !isIdentifier(name) && !isPlain(t.Bytes(v)) && !isSoftware(t, n):
		r.rest(t, v)
	default:
		r.value(t, v)
	}
}

// text replaces what there is to replace in a run of text of a node.
func (r *redactor) text(t *xmlstream.Tree, n int32, s xmlstream.Span, spoken bool) {
	switch local := t.Local(n); {
	case isPlace(t, n):
		r.value(t, s)
	case isTerm(t, n):
	case r.Addresses && r.put(s, r.disguise.address(t.Bytes(s))):
	case r.JIDs && isAddress(local) && r.put(s, r.jid(t.Bytes(s))):
	case spoken:
		r.spoken(t, s)
	case r.Rest && !isPlain(t.Bytes(s)):
		r.rest(t, s)
	default:
		r.value(t, s)
	}
}

// asides replaces comments and processing instructions.
func (r *redactor) asides(t *xmlstream.Tree, s xmlstream.Span) {
	if !r.second || bytes.IndexByte(t.Bytes(s), '<') < 0 {
		return
	}
	for b := r.run.new[r.off+int(s.Off) : r.off+int(s.End)]; ; {
		first := bytes.IndexByte(b, '<')
		if first < 0 {
			return
		}
		b = b[first:]
		for _, m := range [...][2]string{{"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}} {
			inner, is := bytes.CutPrefix(b, []byte(m[0]))
			if !is {
				continue
			}
			end := bytes.Index(inner, []byte(m[1]))
			if end < 0 {
				continue
			}
			if m[0] != "<![CDATA[" {
				copy(inner[:end], r.disguise.text(inner[:end], true))
			}
			b = inner[end:]
			break
		}
		b = b[1:]
	}
}

// rest replaces all of a span: the values in it that are known, and what is in
// between.
func (r *redactor) rest(t *xmlstream.Tree, s xmlstream.Span) {
	if !r.second {
		return
	}
	out := bytes.Clone(t.Bytes(s))
	r.known.cut(out, func(b []byte, v *value) { copy(b, v.instead) }, func(b []byte) { copy(b, r.disguise.text(b, false)) })
	r.put(s, out)
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
		if v, _ := r.known.find(unescape(b), 0); v != nil {
			r.put(s, r.disguise.text(b, false))
			return
		}
	}
	if v, _ := r.known.find(b, 0); v != nil && !(v.word && stamp.Match(b)) {
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
	if !r.JIDs && bytes.IndexByte(b, '@') >= 0 { // maybe the account of somebody, which stays elsewhere
		r.put(s, r.disguise.text(b, false))
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
	case "data": // files, in pieces or small ones
		return t.Nodes[n].Space == "http://jabber.org/protocol/ibb" || t.Nodes[n].Space == "urn:xmpp:bob"
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

// unescape resolves the references in a run of text or in a value, and leaves out
// what marks sections and comments.
func unescape(b []byte) []byte {
	for _, mark := range [...]string{"<![CDATA[", "]]>", "<!--", "-->"} {
		b = bytes.ReplaceAll(b, []byte(mark), nil)
	}
	return []byte(html.UnescapeString(string(b)))
}
