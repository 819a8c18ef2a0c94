package scrub

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"net/url"
	"slices"

	"talktrace/capture"
)

// derived is how many bytes a value must have for being looked for in other forms
// than its own, and in what is not text: shorter ones would be found by chance.
const derived = 6

// guard looks for values that must not be in a capture any more.
type guard struct {
	plain *index // in text
	forms *index // anywhere: the values as they are, reversed, in base64 and in hexadecimal
}

// newGuard returns a guard against the values that were replaced.
func newGuard(sought *index) *guard {
	g := &guard{plain: sought, forms: newIndex()}
	for _, v := range sought.values {
		if len(v.text) < derived {
			continue
		}
		g.forms.add(v.text, nil, v.what)
		reversed := bytes.Clone(v.text)
		slices.Reverse(reversed)
		g.forms.add(reversed, nil, v.what+", reversed")
		g.forms.add(hex.AppendEncode(nil, v.text), nil, v.what+", in hexadecimal")
		for shift := range 3 {
			g.forms.add(inBase64(v.text, shift), nil, v.what+", in base64")
		}
		if e := url.QueryEscape(string(v.text)); e != string(v.text) {
			g.forms.add([]byte(e), nil, v.what+", as in a URL")
		}
		if e := escapeXML(v.text); !bytes.Equal(e, v.text) {
			g.forms.add(e, nil, v.what+", with references")
		}
	}
	return g
}

// inBase64 returns the digits in base64 that depend on the text alone where so
// many bytes stand before it.
func inBase64(text []byte, shift int) []byte {
	all := base64.StdEncoding.AppendEncode(nil, append(make([]byte, shift), text...))
	first := (shift*8 + 5) / 6
	last := (shift + len(text)) * 8 / 6
	if last-first < derived {
		return nil
	}
	return all[first:last]
}

// escapeXML returns text with references for the characters that may need one.
func escapeXML(b []byte) []byte {
	for _, r := range [...][2]string{{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"'", "&apos;"}, {`"`, "&quot;"}} {
		b = bytes.ReplaceAll(b, []byte(r[0]), []byte(r[1]))
	}
	return b
}

// frames looks through the frames of a capture, each by itself.
func (g *guard) frames(src capture.Source) error {
	var f capture.Frame
	for {
		if err := src.Next(&f); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if v, _ := g.forms.find(f.Data, 0); v != nil {
			return refuse(f.Number, "%s would still be in the output", v.what)
		}
	}
}

// streams looks through conversations, across the borders of segments, and what is
// inside of them. In what is text, short values count too.
func (g *guard) streams(all []*conversation) error {
	for _, v := range all {
		for i := range v.sides {
			s := &v.sides[i]
			for k := range s.runs {
				r := &s.runs[k]
				open := r.open
				if s.carried {
					open = 0
				}
				if found, at := g.find(r.data, open); found != nil {
					return refuse(s.frame(r.pos+int64(at)), "%s would still be in the output", found.what)
				}
			}
			for _, t := range s.texts {
				for k := range t.runs {
					r := &t.runs[k]
					if found, _ := g.find(r.data, len(r.data)); found != nil {
						return refuse(s.frame(r.pos), "%s would still be in the output, in what it carries", found.what)
					}
				}
			}
		}
	}
	return nil
}

// find looks for a value in bytes, of which the first ones are text.
func (g *guard) find(b []byte, text int) (*value, int) {
	if found, at := g.forms.find(b, 0); found != nil {
		return found, at
	}
	return g.plain.find(b[:text], 0)
}
