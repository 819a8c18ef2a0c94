package xmpp

import (
	"bytes"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// unit makes a row of a unit.
func (s *Stream) unit(c *dissect.Context, from dissect.Sender, u *xmlstream.Unit) {
	d := &s.dirs[from]
	e := c.Emit(from, kinds[u.Kind])
	e.Protocol, e.Layers = "XMPP", s.layers
	e.Frame, e.Time, e.FirstFrame = u.Last.Frame, u.Last.Time, u.First.FirstFrame()
	e.Length, e.Missing = u.Length, u.Missing
	e.Before, e.After = u.Before, u.After
	switch u.Kind {
	case xmlstream.Header, xmlstream.Element:
		s.element(c, from, u, e)
	case xmlstream.Close:
		d.closed = true
		e.XML, e.Raw = u.Raw, u.Raw
	case xmlstream.Space:
		e.XML, e.Raw = u.Raw, u.Raw
		l := dissect.BeginLine(c, u, from)
		e.Info = l.Count(u.Length, "byte", "bytes").Add(" of white space").Finish(c)
	default:
		s.damaged(c, u, e)
	}
	s.notes(u, e)
	if c.Parts && u.Parts != nil {
		e.Parts = append([]dissect.Part(nil), u.Parts...)
	}
}

var kinds = map[xmlstream.Kind]string{
	xmlstream.Header:      dissect.KindStream,
	xmlstream.Close:       dissect.KindStreamClose,
	xmlstream.Space:       dissect.KindKeepalive,
	xmlstream.Text:        dissect.KindMalformed,
	xmlstream.Comment:     dissect.KindMalformed,
	xmlstream.Instruction: dissect.KindMalformed,
	xmlstream.Malformed:   dissect.KindMalformed,
	xmlstream.Unfinished:  dissect.KindUnfinished,
}

// element fills in the row of a header or an element.
func (s *Stream) element(c *dissect.Context, from dissect.Sender, u *xmlstream.Unit, e *dissect.Event) {
	d, t := &s.dirs[from], u.Tree
	root := &t.Nodes[0]
	e.XMLNS = root.Space
	attributes(c, t, e)
	d.asked = false
	if u.Kind == xmlstream.Header {
		d.opened, d.closed = true, false
		if c.Names && !c.Conn.Relayed && from == dissect.Client && len(e.To) > 0 {
			e.Names = append(e.Names, dissect.Name{Addr: c.Conn.Addr[dissect.Server].Addr(), Name: string(e.To)})
		}
	} else {
		e.Kind = c.Intern.String(t.Local(0))
		if root.Space == nsHTTPBind && isStanza(e.Kind) {
			e.XMLNS = xmlstream.NSClient // what is meant, if not what is written (XEP-0206)
		}
		if root.Space == nsFraming {
			s.frame(d, e)
		}
		d.asked = asksForLayer(root.Space, e.Kind)
	}
	if !c.Bare {
		l := dissect.BeginLine(c, u, from)
		describe(&l)
		e.Info = l.Finish(c)
	}
	if !c.ShowSecrets && e.ID != nil && dissect.IsBearer(root.Space, e.Kind) {
		e.ID = []byte(dissect.Redacted)
	}
	if c.Payload && isStanza(e.Kind) {
		e.Payload = payloadOf(t, 0)
	}
	s.contents(c, t, e)
}

// contents fills in the unit's bytes and fields, for those who ask for them.
func (s *Stream) contents(c *dissect.Context, t *xmlstream.Tree, e *dissect.Event) {
	if !c.XML && !c.Raw && c.Fields == nil {
		return
	}
	var hidden []xmlstream.Span
	if e.XML = t.Raw; !c.ShowSecrets {
		hidden = c.Redactor.Find(t)
		e.XML = dissect.Replace(&c.Arena, t, hidden)
	}
	if c.Raw {
		e.Raw = masked(c, t, hidden)
	}
	c.Dissect(t, hidden, e)
}

// masked returns the bytes of a unit with stars over its secrets; over all that
// may be one where not all of the unit is in the tree.
func masked(c *dissect.Context, t *xmlstream.Tree, hidden []xmlstream.Span) []byte {
	if t.Cut && !c.ShowSecrets {
		return c.Arena.Done(dissect.AppendMaskedFragment(c.Arena.Begin(len(t.Raw)), t.Raw))
	}
	if len(hidden) == 0 {
		return t.Raw
	}
	b := c.Arena.Copy(t.Raw)
	for _, h := range hidden {
		for i := h.Off; i < h.End; i++ {
			b[i] = '*'
		}
	}
	return b
}

// describe fills the line for a first-level element.
func describe(l *dissect.Line) {
	if !l.Say(0) {
		l.Label(0)
	}
}

// frame makes of the framing elements of WebSocket what they stand for
// (RFC 7395 section 3.4 to 3.6).
func (s *Stream) frame(d *direction, e *dissect.Event) {
	switch e.Kind {
	case "open":
		e.Kind, d.opened, d.closed = dissect.KindStream, true, false
	case "close":
		e.Kind, d.closed = dissect.KindStreamClose, true
	}
}

// isStanza reports whether an element of this name is a stanza.
func isStanza(local string) bool {
	return local == "message" || local == "presence" || local == "iq"
}

// asksForLayer reports whether other bytes than XML may follow an element.
func asksForLayer(space, kind string) bool {
	switch space {
	case "urn:ietf:params:xml:ns:xmpp-tls":
		return kind == "starttls" || kind == "proceed"
	case "http://jabber.org/protocol/compress":
		return kind == "compress" || kind == "compressed"
	}
	return false
}

// attributes fills in what rows have of the root's attributes.
func attributes(c *dissect.Context, t *xmlstream.Tree, e *dissect.Event) {
	root := &t.Nodes[0]
	for i := root.Attrs.Off; i < root.Attrs.End; i++ {
		a := &t.Attrs[i]
		if a.Space != "" || a.Local != a.Name.Off {
			continue
		}
		switch string(t.Raw[a.Local:a.Name.End]) {
		case "id":
			e.ID = shown(c, value(c, t, a))
		case "from":
			e.From = shown(c, value(c, t, a))
		case "to":
			e.To = shown(c, value(c, t, a))
		case "type":
			e.Type = c.Intern.String(shown(c, value(c, t, a)))
		}
	}
}

// value returns an attribute's value, its references resolved.
func value(c *dissect.Context, t *xmlstream.Tree, a *xmlstream.Attr) []byte {
	if !a.Escaped {
		return t.Bytes(a.Value)
	}
	return c.Arena.Done(t.Value(c.Arena.Begin(a.Value.Len()), a))
}

// shown returns a value without what must not be shown of a link.
func shown(c *dissect.Context, v []byte) []byte {
	if c.ShowSecrets || bytes.IndexByte(v, '#') < 0 && bytes.IndexByte(v, '=') < 0 {
		return v
	}
	return c.Arena.Done(dissect.HideLinkKeys(append(c.Arena.Begin(len(v)), v...), 0))
}

// damaged fills in the row of a unit that is no element.
func (s *Stream) damaged(c *dissect.Context, u *xmlstream.Unit, e *dissect.Event) {
	l := dissect.BeginLine(c, u, dissect.Client)
	if u.Kind == xmlstream.Unfinished {
		if name := fragmentName(u.Raw); len(name) > 0 {
			l.Add("<").Bytes(name).Add("> ")
		}
	}
	l.Add(u.Reason).Add(", ").Count(u.Length, "byte", "bytes")
	if u.Missing > 0 {
		l.Add(", ").Count(int(u.Missing), "more lost", "more lost")
	}
	e.Info = l.Finish(c)
	if !c.XML && !c.Raw {
		return
	}
	e.XML, e.Raw = u.Raw, u.Raw
	if c.ShowSecrets {
		return
	}
	if c.XML {
		e.XML = c.Arena.Done(dissect.AppendRedactedFragment(c.Arena.Begin(len(u.Raw)+16), u.Raw))
	}
	if c.Raw {
		e.Raw = c.Arena.Done(dissect.AppendMaskedFragment(c.Arena.Begin(len(u.Raw)), u.Raw))
	}
}

// fragmentName returns the name of the element that the bytes begin.
func fragmentName(b []byte) []byte {
	if len(b) < 2 || b[0] != '<' {
		return nil
	}
	for i := 1; i < len(b) && i < 64; i++ {
		switch b[i] {
		case ' ', '\t', '\r', '\n', '>', '/':
			return b[1:i]
		}
	}
	return nil
}

// notes says what was let pass in a unit.
func (s *Stream) notes(u *xmlstream.Unit, e *dissect.Event) {
	if u.Flags == 0 {
		return
	}
	for _, f := range irregular {
		if u.Flags&f.flag != 0 {
			e.Notes = append(e.Notes, f.note)
		}
	}
}

var irregular = []struct {
	flag xmlstream.Flags
	note dissect.Note
}{
	{xmlstream.HasComment, dissect.Note{Severity: dissect.Warning, ID: "xml-comment", Text: "a comment inside an element, which XMPP forbids (RFC 6120 section 11.1)"}},
	{xmlstream.HasInstruction, dissect.Note{Severity: dissect.Warning, ID: "xml-instruction", Text: "a processing instruction inside an element, which XMPP forbids (RFC 6120 section 11.1)"}},
	{xmlstream.UnboundPrefix, dissect.Note{Severity: dissect.Warning, ID: "xml-unbound-prefix", Text: "a namespace prefix that nothing declares"}},
}
