package bosh

import (
	"bytes"
	nethttp "net/http"
	"unicode/utf8"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// kindBody is the kind of the rows that bodies have of their own.
const kindBody = "body"

// plain are the attributes that say nothing but where in a session a body has
// its place. A body with elements and no other attributes has no row.
var plain = map[string]bool{
	"rid": true, "sid": true, "key": true, "newkey": true, "ack": true, "to": true, "from": true, "stream": true,
}

// telling reports whether the attributes say something about the session.
func (h *head) telling() bool {
	root := &h.tree.Nodes[0]
	for i := root.Attrs.Off; i < root.Attrs.End; i++ {
		a := &h.tree.Attrs[i]
		if a.Space == nsXMPP || a.Space == "" && !plain[string(h.tree.Raw[a.Local:a.Name.End])] {
			return true
		}
	}
	return false
}

// emit begins a row of the message.
func (m *message) emit(c *dissect.Context, kind string) *dissect.Event {
	e := c.Emit(m.from, kind)
	e.Protocol, e.Layers = "BOSH", m.layers
	e.Frame, e.Time, e.FirstFrame = m.last().Frame, m.last().Time, m.pieces[0].at.FirstFrame()
	return e
}

// row emits the row of the body itself: of its start tag, if it has elements.
func (m *message) row(c *dissect.Context, h *head, empty bool) {
	e := m.emit(c, kindBody)
	e.XMLNS = nsBind
	e.Type = c.Intern.String([]byte(h.value("type")))
	e.From, e.To = h.bytes(c, "from"), h.bytes(c, "to")
	e.Info = h.info(c, m.from, empty)
	tail := h.end
	if empty {
		tail = h.prolog + len(bytes.TrimRight(m.raw[h.prolog:], " \t\r\n"))
	}
	e.Length = tail - h.prolog
	if c.XML {
		e.XML = h.verbatim(c, m.raw[:tail:tail])
	}
	if c.Fields == nil {
		return
	}
	var hidden []xmlstream.Span
	if !c.ShowSecrets {
		hidden = c.Redactor.Find(h.tree)
	}
	c.Dissect(h.tree, hidden, e)
}

// bytes returns an attribute, or nil.
func (h *head) bytes(c *dissect.Context, name string) []byte {
	a := h.tree.Attr(0, name)
	if a == nil {
		return nil
	}
	return c.Arena.Done(h.tree.Value(c.Arena.Begin(a.Value.Len()), a))
}

// verbatim returns the bytes of a body, or of its start tag, without the
// secrets: whoever knows the sid and the rid has the session (XEP-0124 section
// 19).
func (h *head) verbatim(c *dissect.Context, raw []byte) []byte {
	if c.ShowSecrets {
		return raw[h.prolog:]
	}
	const slash = len("/>")
	var r dissect.Redactor
	xml := dissect.Replace(&c.Arena, h.tree, r.Find(h.tree))
	out := append(c.Arena.Begin(len(raw)), xml[:len(xml)-slash]...)
	out = append(out, raw[h.prolog+len(h.tree.Raw)-slash:]...)
	out = c.Arena.Done(out)
	// Some servers use the sid as the stream's id too, which is no secret else.
	if h.sid != "" && h.sid == h.value("authid") {
		for _, quote := range []string{"'", `"`} {
			out = bytes.ReplaceAll(out, []byte(quote+h.sid+quote), []byte(quote+dissect.Redacted+quote))
		}
	}
	return out
}

// unfinished emits the row of a body that broke off. Its sender has to send it
// again as a whole, so its elements have not been said yet.
func (m *message) unfinished(c *dissect.Context) {
	e := m.emit(c, dissect.KindUnfinished)
	e.Length, e.Missing = len(m.raw), m.missing
	e.Info = c.Arena.Printf("<body> its end never came, %d bytes", len(m.raw))
	if !c.XML {
		return
	}
	if e.XML = m.raw; !c.ShowSecrets {
		e.XML = c.Arena.Done(dissect.AppendRedactedFragment(c.Arena.Begin(len(m.raw)), m.raw))
	}
}

// refused emits the row of an answer without a body, as managers gave it before
// there were conditions (XEP-0124 section 17.1).
func (m *message) refused(c *dissect.Context, status int) {
	if status < nethttp.StatusBadRequest {
		return
	}
	e := m.emit(c, kindBody)
	e.Length = len(m.raw)
	e.Info = c.Arena.Printf("HTTP %d %s", status, nethttp.StatusText(status))
}

// info says in words what the attributes say.
func (h *head) info(c *dissect.Context, from dissect.Sender, empty bool) []byte {
	l := line{h: h, b: c.Arena.Begin(128)}
	switch kind := h.value("type"); {
	case kind == "terminate":
		l.add("terminate").value(" ", "condition")
	case kind == "error":
		l.add("error that can be recovered from by sending again")
	case kind != "":
		l.value("", "type").value(" ", "condition")
	case from == dissect.Client && h.sid == "" && h.rid != 0:
		l.add("session request").value(" to ", "to").terms()
	case from == dissect.Server && h.requests != 0:
		l.add("session granted").value(" by ", "from").terms()
	case h.restarts():
		l.add("restart").value(" to ", "to")
	case h.value("pause") != "":
		l.add("pause").value(" of ", "pause").add(" seconds")
	case h.value("report") != "":
		l.add("report of a lost answer").value(" to ", "report")
	case empty && from == dissect.Client:
		l.add("empty request")
	case empty:
		l.add("empty answer")
	default:
		l.add("session attributes")
	}
	return c.Arena.Done(l.b)
}

// restarts reports whether the stream is to begin anew (XEP-0206 section 5).
func (h *head) restarts() bool {
	a := h.tree.AttrNS(0, nsXMPP, "restart")
	return a != nil && (string(h.tree.Bytes(a.Value)) == "true" || string(h.tree.Bytes(a.Value)) == "1")
}

// line builds the Info column.
type line struct {
	h *head
	b []byte
}

func (l *line) add(s string) *line {
	l.b = append(l.b, s...)
	return l
}

// value adds a label and the beginning of an attribute, if it is there.
func (l *line) value(label, name string) *line {
	v := l.h.value(name)
	if v == "" {
		return l
	}
	l.add(label)
	const longest = 100
	if len(v) > longest {
		end := longest
		for end > longest-utf8.UTFMax && !utf8.RuneStart(v[end]) {
			end--
		}
		return l.add(v[:end]).add("…")
	}
	return l.add(v)
}

// terms adds what the two ends agree on for a session.
func (l *line) terms() {
	l.value(", wait ", "wait").value(", hold ", "hold").value(", requests ", "requests")
	l.value(", inactivity ", "inactivity").value(", version ", "ver")
}
