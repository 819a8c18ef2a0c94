package dissect

import "bytes"

// The parameters of xmpp links that are secrets: what lets one into a room
// (XEP-0045, query type join) and what came with an invitation (XEP-0379).
var linkParameters = [...][]byte{[]byte("password="), []byte("preauth=")}

// mayHoldLink reports whether there may be a key or a password of a link in XML,
// in whatever spelling.
func mayHoldLink(xml []byte) bool {
	if bytes.IndexByte(xml, '#') >= 0 { // which also begins a character reference
		return true
	}
	for _, p := range linkParameters {
		if bytes.Contains(xml, p) {
			return true
		}
	}
	return false
}

func hasLinkKey(b []byte) bool {
	found := false
	eachLinkKey(b, func(int, int) { found = true })
	return found
}

// eachLinkKey calls yield with where the keys and passwords in the links in b
// are, in order: the fragments of aesgcm links (XEP-0454), and parameters. It
// goes over b once for each kind of them, however many there are.
func eachLinkKey(b []byte, yield func(off, end int)) {
	if bytes.IndexByte(b, '#') < 0 && bytes.IndexByte(b, '=') < 0 {
		return
	}
	var next [1 + len(linkParameters)]found
	for kind := range next {
		next[kind] = findLinkKey(kind, b, 0)
	}
	for {
		first := found{-1, -1}
		for _, f := range next {
			if f.off >= 0 && (first.off < 0 || f.off < first.off) {
				first = f
			}
		}
		if first.off < 0 {
			return
		}
		yield(first.off, first.end)
		for kind, f := range next {
			if f.off >= 0 && f.off < first.end {
				next[kind] = findLinkKey(kind, b, first.end)
			}
		}
	}
}

// found is where something was found; off is -1 where nothing was.
type found struct{ off, end int }

// findLinkKey finds the first key of one kind from an offset on.
func findLinkKey(kind int, b []byte, from int) found {
	if kind == 0 {
		return fragmentKey(b, from)
	}
	return parameter(b, linkParameters[kind-1], from)
}

// fragmentKey finds the key of the first aesgcm link that has one.
func fragmentKey(b []byte, from int) found {
	const scheme, mark = "aesgcm", "://"
	for {
		i := bytes.Index(b[from:], []byte(mark))
		if i < 0 {
			return found{-1, -1}
		}
		i += from
		end := i + len(mark)
		from = end
		if i < len(scheme) || !bytes.EqualFold(b[i-len(scheme):i], []byte(scheme)) {
			continue
		}
		for end < len(b) && bytes.IndexByte([]byte("<>\"' \t\r\n"), b[end]) < 0 {
			end++
		}
		from = end
		if h := bytes.IndexByte(b[i:end], '#'); h >= 0 && i+h+1 < end {
			return found{i + h + 1, end}
		}
	}
}

// parameter finds the value of the first parameter of this name.
func parameter(b, name []byte, from int) found {
	for {
		i := bytes.Index(b[from:], name)
		if i < 0 {
			return found{-1, -1}
		}
		off := from + i + len(name)
		for from = off; from < len(b) && bytes.IndexByte([]byte("<>\"' \t\r\n;&#"), b[from]) < 0; {
			from++
		}
		before := off - len(name) - 1
		if from > off && before >= 0 && bytes.IndexByte([]byte(";?&"), b[before]) >= 0 {
			return found{off, from}
		}
	}
}

// HideLinkKeys replaces the keys and passwords in the links of text[from:], in
// place or by growing text.
func HideLinkKeys(text []byte, from int) []byte {
	return hideLinkKeys(text, from, appendRedacted)
}

func hideLinkKeys(text []byte, from int, hide concealment) []byte {
	if !hasLinkKey(text[from:]) {
		return text
	}
	was, pos := bytes.Clone(text[from:]), 0
	text = text[:from]
	eachLinkKey(was, func(off, end int) {
		text = hide(append(text, was[pos:off]...), was[off:end])
		pos = end
	})
	return append(text, was[pos:]...)
}
