package scrub

import (
	"bytes"
	"sync"

	"talktrace/dissect"
)

// doubtful replaces bytes of which nobody knows what they belong to.
func (r *redactor) doubtful(in *run, from, to int) {
	if r.second {
		r.fragment(in.new[from:to])
	}
}

const byteOrderMark = "\xef\xbb\xbf"

// fragment replaces, in place, all of a piece of XML but what makes it one: the
// names that are known, and the characters around them. Its beginning and end may
// be missing.
func (r *redactor) fragment(b []byte) {
	b = bytes.TrimPrefix(b, []byte(byteOrderMark))
	if end := bytes.Index(b, []byte("]]>")); end >= 0 && !bytes.Contains(b[:end], []byte("<![CDATA[")) {
		r.plain(b[:end]) // the beginning of the section is missing
		b = b[end+3:]
	}
	for len(b) > 0 {
		first := bytes.IndexByte(b, '<')
		if first < 0 {
			r.plain(b)
			return
		}
		r.plain(b[:first])
		b = b[first:]
		b = b[r.markup(b):]
	}
}

// plain replaces text. A "<" in it, in a section, becomes something else.
func (r *redactor) plain(b []byte) {
	out := r.disguise.text(b, true)
	copy(b, bytes.ReplaceAll(out, []byte{'<'}, []byte{'.'}))
}

// markup replaces what a "<" begins, and returns how long that is.
func (r *redactor) markup(b []byte) int {
	for _, m := range [...][2]string{{"<![CDATA[", "]]>"}, {"<!--", "-->"}} {
		if bytes.HasPrefix(b, []byte(m[0])) {
			end := bytes.Index(b, []byte(m[1]))
			if end < 0 {
				r.plain(b[len(m[0]):])
				return len(b)
			}
			r.plain(b[len(m[0]):end])
			return end + len(m[1])
		}
	}
	i := 1
	for i < len(b) && (b[i] == '/' || b[i] == '?' || b[i] == '!') {
		i++
	}
	i += r.name(b[i:], elementNames())
	space := false
	for i < len(b) {
		switch c := b[i]; {
		case c == '>':
			return i + 1
		case c == '<':
			return i
		case c == '\'' || c == '"':
			end := bytes.IndexByte(b[i+1:], c)
			if end < 0 {
				r.plain(b[i+1:])
				return len(b)
			}
			if value := b[i+1 : i+1+end]; !space || !isKnownSpace(value) {
				r.plain(value)
			}
			i += end + 2
		case isNameByte(c):
			n := nameLength(b[i:])
			space = bytes.HasPrefix(b[i:i+n], []byte("xmlns"))
			i += r.name(b[i:], attributeNames)
		default:
			i++
		}
	}
	return len(b)
}

func isKnownSpace(b []byte) bool {
	_, known := dissect.LookupNamespace(string(b))
	return known
}

// name replaces the name that b begins with, unless it is known, whatever prefix
// it has, and returns how long it is.
func (r *redactor) name(b []byte, known map[string]bool) int {
	n := nameLength(b)
	name := b[:n]
	local := name[bytes.IndexByte(name, ':')+1:]
	if !known[string(local)] && !attributeNames[string(local)] && !bytes.HasPrefix(name, []byte("xmlns:")) {
		copy(name, r.disguise.text(name, false))
	}
	return n
}

func nameLength(b []byte) int {
	n := 0
	for n < len(b) && isNameByte(b[n]) {
		n++
	}
	return n
}

func isNameByte(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == ':' || c == '-' || c == '_' || c == '.' || c >= 0x80
}

// attributeNames are the names of attributes, and of prefixes, that may stay in
// what is damaged.
var attributeNames = map[string]bool{
	"xmlns": true, "xml": true, "stream": true, "db": true, "from": true, "to": true, "id": true, "type": true,
	"lang": true, "version": true, "encoding": true, "jid": true, "node": true, "var": true, "name": true,
}

// elementNames are those of the elements that are known.
var elementNames = sync.OnceValue(func() map[string]bool {
	names := make(map[string]bool)
	for _, x := range dissect.Extensions() {
		for i := range x.Elements {
			names[x.Elements[i].Name] = true
		}
	}
	return names
})
