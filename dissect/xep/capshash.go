package xep

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // what XEP-0115 hashes with
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"slices"

	"talktrace/dissect/xmlstream"
)

const nsForms = "jabber:x:data"

// digest hashes a text with an algorithm by its name (XEP-0300). It returns nil
// for one that it does not know.
func digest(algorithm string, text []byte) []byte {
	switch algorithm {
	case "sha-1":
		h := sha1.Sum(text) //nolint:gosec // as above
		return h[:]
	case "sha-256":
		h := sha256.Sum256(text)
		return h[:]
	case "sha-512":
		h := sha512.Sum512(text)
		return h[:]
	case "sha3-256":
		h := sha3.Sum256(text)
		return h[:]
	}
	return nil
}

// capsText writes what a disco#info result says as XEP-0115 section 5.1 hashes
// it.
func capsText(t *xmlstream.Tree, n int32) []byte {
	var text []byte
	for _, part := range [][][]byte{
		lines(t, n, "identity", '/', "category", "type", "lang", "name"),
		lines(t, n, "feature", '/', "var"),
	} {
		for _, line := range part {
			text = append(append(text, line...), '<')
		}
	}
	var forms [][]byte
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if !t.Is(c, nsForms, "x") {
			continue
		}
		if form, typed := capsForm(t, c); typed {
			forms = append(forms, form)
		}
	}
	slices.SortFunc(forms, bytes.Compare)
	return append(text, bytes.Join(forms, nil)...)
}

// lines returns the attributes of the children of a name, joined and sorted.
func lines(t *xmlstream.Tree, n int32, child string, between byte, attrs ...string) [][]byte {
	var list [][]byte
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if !t.Is(c, t.Nodes[n].Space, child) {
			continue
		}
		var line []byte
		for i, name := range attrs {
			if i > 0 {
				line = append(line, between)
			}
			a := t.Attr(c, name)
			if name == "lang" {
				a = t.AttrNS(c, "http://www.w3.org/XML/1998/namespace", name)
			}
			if a != nil {
				line = t.Value(line, a)
			}
		}
		list = append(list, line)
	}
	slices.SortFunc(list, bytes.Compare)
	return list
}

// formLine is a field of a form: its name and its values, sorted.
type formLine struct {
	name   []byte
	values [][]byte
}

// formLines returns the fields of a form, sorted by name.
func formLines(t *xmlstream.Tree, form int32) []formLine {
	var list []formLine
	for c := t.Nodes[form].Child; c >= 0; c = t.Nodes[c].Next {
		if !t.Is(c, nsForms, "field") {
			continue
		}
		var f formLine
		if a := t.Attr(c, "var"); a != nil {
			f.name = t.Value(nil, a)
		}
		for v := t.Nodes[c].Child; v >= 0; v = t.Nodes[v].Next {
			if t.Is(v, nsForms, "value") {
				f.values = append(f.values, t.Text(nil, v))
			}
		}
		slices.SortFunc(f.values, bytes.Compare)
		list = append(list, f)
	}
	slices.SortStableFunc(list, func(a, b formLine) int { return bytes.Compare(a.name, b.name) })
	return list
}

// capsForm writes a form as XEP-0115 hashes it: its FORM_TYPE first. It reports
// whether the form has one; those that have none are left out.
func capsForm(t *xmlstream.Tree, form int32) (text []byte, typed bool) {
	var head, rest []byte
	for _, f := range formLines(t, form) {
		if string(f.name) == "FORM_TYPE" {
			if len(f.values) > 0 {
				head, typed = append(append(head, f.values[0]...), '<'), true
			}
			continue
		}
		rest = append(append(rest, f.name...), '<')
		for _, v := range f.values {
			rest = append(append(rest, v...), '<')
		}
	}
	return append(head, rest...), typed
}

// The separators of XEP-0390 section 4.1, which cannot be in XML.
const (
	endOfPart   = 0x1c
	endOfForm   = 0x1d
	endOfRecord = 0x1e
	endOfValue  = 0x1f
)

// capsText2 writes what a disco#info result says as XEP-0390 section 4.1 hashes
// it.
func capsText2(t *xmlstream.Tree, n int32) []byte {
	var text []byte
	for _, line := range lines(t, n, "feature", endOfValue, "var") {
		text = append(append(text, line...), endOfValue)
	}
	text = append(text, endOfPart)
	for _, line := range lines(t, n, "identity", endOfValue, "category", "type", "lang", "name") {
		text = append(append(text, line...), endOfValue, endOfRecord)
	}
	text = append(text, endOfPart)
	var forms [][]byte
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if t.Is(c, nsForms, "x") {
			forms = append(forms, capsForm2(t, c))
		}
	}
	slices.SortFunc(forms, bytes.Compare)
	return append(append(text, bytes.Join(forms, nil)...), endOfPart)
}

// capsForm2 writes a form as XEP-0390 hashes it.
func capsForm2(t *xmlstream.Tree, form int32) []byte {
	var fields [][]byte
	for _, f := range formLines(t, form) {
		field := append(bytes.Clone(f.name), endOfValue)
		for _, v := range f.values {
			field = append(append(field, v...), endOfValue)
		}
		fields = append(fields, append(field, endOfRecord))
	}
	slices.SortFunc(fields, bytes.Compare)
	return append(bytes.Join(fields, nil), endOfForm)
}
