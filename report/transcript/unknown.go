package transcript

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"

	"talktrace/dissect"
)

// unknownElement is the field of elements that no extension declares.
const unknownElement = "xmpp.unknown"

// maxUnknown bounds how much of an element that nobody knows is looked at, in
// bytes.
const maxUnknown = 64 << 10

// within returns cells for the attributes and the text of an element that no
// extension declares. Rows with secrets in them have none, for it could be there
// that they are.
func within(e *dissect.Event, f *dissect.Field, shown bool) []cell {
	if len(e.XML) != e.Length || f.End > uint32(len(e.XML)) || f.End <= f.Off || f.End-f.Off > maxUnknown {
		return nil
	}
	d := xml.NewDecoder(bytes.NewReader(e.XML[f.Off:f.End]))
	d.Strict = false
	var cells []cell
	var text strings.Builder
	for depth := 0; ; {
		token, err := d.RawToken()
		if err != nil { // its end, or damage, of which there is a row
			break
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > 1 {
				continue
			}
			for _, a := range t.Attr {
				name := a.Name.Local
				if a.Name.Space != "" {
					name = a.Name.Space + ":" + name
				}
				cells = append(cells, cell{name: "@" + name, text: a.Value, meaning: guessed(a.Value), level: f.Level + 1, shown: shown})
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 1 {
				text.Write(t)
			}
		}
	}
	slices.SortFunc(cells, func(a, b cell) int { return strings.Compare(a.name, b.name) })
	if s := strings.TrimSpace(text.String()); s != "" {
		cells = append(cells, cell{name: "text", text: s, meaning: guessed(s), level: f.Level + 1, shown: shown})
	}
	return cells
}

// guessed returns the meaning of a value of which nothing is known: what looks
// as if a machine had made it up is another one in each run.
func guessed(value string) string {
	switch {
	case dateTime.MatchString(value):
		return meansTime
	case len(value) < least || len(value) > longest:
		return ""
	}
	digits, letters := 0, 0
	for _, c := range value {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			letters++
		case !strings.ContainsRune("+/=_-", c):
			return ""
		}
	}
	if digits > 2 && letters > 2 || digits > 8 && letters == 0 {
		return meansNonce
	}
	return ""
}
