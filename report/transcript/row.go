package transcript

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"

	"talktrace/dissect"
	"talktrace/report"
	"talktrace/report/escape"
)

// row is a row, kept until all are known.
type row struct {
	no, frame int
	sender    dissect.Sender
	kind      string
	protocol  string
	layers    string
	info      string
	cells     []cell
	notes     []string
	bond      *bond // nil where the order of rows is fixed
}

// cell is a field of a row.
type cell struct {
	name    string
	text    string // empty for what is merely there
	meaning string // of the value, "" where it is the same in each run
	level   uint8
	shown   bool
}

// changes reports whether the value is another one in each run.
func (c *cell) changes() bool {
	return c.text != "" && c.meaning != "" && c.meaning != meansTime && !wellKnown(c.name, c.text)
}

func (r *row) size() int {
	n := len(r.info) + 256
	for i := range r.cells {
		n += len(r.cells[i].text) + 80
	}
	return n
}

// unopened is what a run of TLS records says that nobody can open: how many they
// are, and how long, is another matter each time.
const unopened = "application data, not opened"

// passing reports whether a row tells nothing that would be the same in the next
// run: one that comes when it comes, or a TLS record that cannot be opened,
// unless it is the first of several.
func (w *Writer) passing(s *section, e *dissect.Event) bool {
	switch {
	case e.Step == dissect.SealedData:
		return len(s.rows) > 0 && s.rows[len(s.rows)-1].info == unopened
	case w.keep[meansIdle]:
		return false
	case e.Kind == dissect.KindTLS:
		return e.Step == dissect.Ticket
	case e.Protocol == "BOSH":
		return bytes.HasPrefix(e.Info, []byte("empty "))
	case e.Kind == "r" || e.Kind == "a":
		return s.ack(e)
	}
	return e.Kind == dissect.KindKeepalive && e.XMLNS == "" // an element may be named so
}

// record copies of a row what is needed later.
func (w *Writer) record(e *dissect.Event) *row {
	r := &row{no: e.No, frame: e.Frame, sender: e.Sender, kind: e.Kind, protocol: e.Protocol, layers: e.Layers, info: string(e.Info)}
	if e.Step == dissect.SealedData {
		r.info = unopened
	}
	for i := range e.Fields {
		f := &e.Fields[i]
		c := cell{name: f.Def.Name, level: f.Level, shown: w.shows(f.Def), meaning: meaningOf(f.Def, e)}
		if f.Def.Type != dissect.Presence {
			c.text = string(f.Text)
		}
		if c.meaning == "" && c.text != "" {
			c.meaning = meaningOfValue(c.name, c.text)
		}
		if f.Hidden {
			c.meaning = ""
		}
		r.cells = append(r.cells, c)
		if c.name == unknownElement {
			r.cells = append(r.cells, within(e, f, c.shown)...)
		}
	}
	if e.TLS != nil {
		w.tellTLS(r, e)
	}
	if !w.keep[meansSet] {
		r.sortSets()
	}
	if !w.keep[meansNonce] {
		r.info = payload.ReplaceAllString(r.info, "payload")
	}
	for i := range e.Notes {
		if w.o.Unjudged {
			break
		}
		r.notes = append(r.notes, e.Notes[i].Severity.String()+": "+e.Notes[i].ID)
	}
	return r
}

// payload is what the Info column says of SASL payloads, whose length is that of
// a nonce. A payload that is empty is so each time.
var payload = regexp.MustCompile(`\bpayload of \d+ bytes?\b`)

// tellTLS adds what a TLS handshake says.
func (w *Writer) tellTLS(r *row, e *dissect.Event) {
	for _, def := range w.facts {
		w.values = def.Values(w.values[:0], e)
		for _, v := range w.values {
			c := cell{name: def.Name, shown: w.shows(def), meaning: meaningOf(def, e)}
			if def.Type != dissect.Presence {
				c.text = string(report.AppendValue(nil, def.Type, v))
			}
			r.cells = append(r.cells, c)
		}
	}
}

func (w *Writer) shows(def *dissect.FieldDef) bool {
	return !w.o.Brief && (w.fields == nil || w.fields[def.Index()])
}

// lines appends the line that tells the row, and under it the findings on it.
func (r *row) lines(dst []Line, n *names) []Line {
	head := "> "
	if r.sender == dissect.Server {
		head = "< "
	}
	head += r.kind
	if r.kind == dissect.KindTLS {
		head += " " + r.protocol
	}
	if r.info != "" {
		head += " " + n.inInfo(r)
	}
	dst = append(dst, r.line(head))
	for _, note := range r.notes {
		dst = append(dst, r.line("    ! "+note))
	}
	for i := range r.cells {
		c := &r.cells[i]
		if !c.shown {
			continue
		}
		text := strings.Repeat("  ", 2+int(c.level)) + c.name
		if c.text != "" {
			text += ": " + clip(n.value(c))
		}
		dst = append(dst, r.line(text))
	}
	return dst
}

func (r *row) line(text string) Line {
	return Line{Text: string(shown([]byte(text))), Row: r.no, Frame: r.frame, bond: r.bond}
}

func shown(text []byte) []byte { return escape.Text(nil, text) }

// longest is how long a value may be that is written in full.
const longest = 240

// clip writes of a long value its beginning, its length and a hash.
func clip(s string) string {
	if len(s) <= longest {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return strings.ToValidUTF8(s[:longest*2/3], "") + "… (" + strconv.Itoa(len(s)) + " bytes, SHA-256 " + hex.EncodeToString(sum[:6]) + ")"
}
