package transcript

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"talktrace/dissect"
)

// section is what is written of a connection.
type section struct {
	rows    []*row
	client  uint16     // the client's port
	server  uint16     // the server's
	jid     string     // that the client was given, without its resource
	user    string     // that logs in
	from    string     // who the client says it is, in its stream header
	to      string     // whom the client wants
	layered string     // what the rows before travelled in
	acks    [2][2]bool // whether each side has asked for acks, and whether it has sent some (XEP-0198)
	wanted  string     // the resource that the client asks for, where that is a word; it may have several connections
	session string     // of BOSH: the whole address that the client was given; "" where it is no such connection or not known
}

func newSection(e *dissect.Event) *section {
	return &section{client: e.Conn.Addr[dissect.Client].Port(), server: e.Conn.Addr[dissect.Server].Port()}
}

// ack takes in an ack, or that one is asked for. When that happens is a matter of
// timers, so that it happens at all is told in one line, unless there is something
// wrong with it.
func (s *section) ack(e *dissect.Event) bool {
	if len(e.Notes) > 0 || !strings.HasPrefix(e.XMLNS, "urn:xmpp:sm:") {
		return false
	}
	what := 0
	if e.Kind == "a" {
		what = 1
	}
	s.acks[e.Sender][what] = true
	return true
}

// tellAcks returns the line on who asks for acks, and who sends them.
func (s *section) tellAcks() string {
	var told []string
	for side, arrow := range [...]string{"> ", "< "} {
		for what, kind := range [...]string{"r", "a"} {
			if s.acks[side][what] {
				told = append(told, arrow+kind)
			}
		}
	}
	if told == nil {
		return ""
	}
	return "-- acks: " + strings.Join(told, ", ")
}

// learn takes in who the two ends are.
func (s *section) learn(e *dissect.Event, r *row) {
	if e.Sender == dissect.Client && (e.Kind == dissect.KindStream || e.Kind == "open" || e.Kind == "body") {
		s.from = cmp.Or(s.from, string(e.From))
		s.to = cmp.Or(s.to, string(e.To))
	}
	if strings.Contains(e.Layers, ":bosh") {
		own := e.To // in a server's row
		if e.Sender == dissect.Client {
			own = e.From
		}
		if bytes.IndexByte(own, '/') > 0 {
			s.session = cmp.Or(s.session, string(own))
		}
	}
	for i := range r.cells {
		c := &r.cells[i]
		switch c.name {
		case "xmpp.iq.bind.jid", "xmpp.sasl2.authorization-identifier":
			bare, _, _ := strings.Cut(c.text, "/")
			s.jid = cmp.Or(s.jid, bare)
			if strings.Contains(e.Layers, ":bosh") {
				s.session = c.text
			}
		case "xmpp.iq.bind.resource", "xmpp.legacyauth.resource", "xmpp.bind2.tag":
			if !strings.ContainsAny(c.text, "0123456789") { // else it is likely to be made up
				s.wanted = cmp.Or(s.wanted, c.text)
			}
		case "xmpp.auth.username", "xmpp.legacyauth.username":
			s.user = cmp.Or(s.user, c.text)
		}
	}
}

// who says who talks to whom.
func (s *section) who() string {
	switch bare, _, _ := strings.Cut(s.session, "/"); {
	case s.jid != "" || bare != "":
		return cmp.Or(s.jid, bare)
	case s.from != "" && s.to != "":
		return s.from + " to " + s.to
	case s.user != "" && s.to != "":
		return s.user + "@" + s.to
	}
	return cmp.Or(s.to, "somebody")
}

// own returns the address of the client without its resource; "" where it is not
// known.
func (s *section) own() string {
	if s.jid == "" && s.user != "" && s.to != "" {
		return s.user + "@" + s.to
	}
	return s.jid
}

// render writes all sections, by who talks to whom, and the connections of the
// same in order of time.
func (w *Writer) render() {
	w.mergeSessions()
	slices.SortStableFunc(w.sections, func(a, b *section) int {
		return cmp.Or(cmp.Compare(a.who(), b.who()), cmp.Compare(a.server, b.server), cmp.Compare(a.wanted, b.wanted))
	})
	for _, s := range w.sections {
		for _, r := range s.rows {
			w.names.learn(r, s.own())
		}
	}
	w.names.settle()
	w.lines = []Line{}
	for i, s := range w.sections {
		if i > 0 {
			w.lines = append(w.lines, Line{})
		}
		w.section(s)
	}
	w.sections, w.byConn = nil, nil
}

// mergeSessions makes one section of the connections of a BOSH session: which of
// them carries what is an accident.
func (w *Writer) mergeSessions() {
	first := map[string]*section{}
	w.sections = slices.DeleteFunc(w.sections, func(s *section) bool {
		if s.session == "" {
			return false
		}
		whole := first[s.session]
		if whole == nil {
			first[s.session] = s
			return false
		}
		whole.rows = append(whole.rows, s.rows...)
		for side := range whole.acks {
			for what := range whole.acks[side] {
				whole.acks[side][what] = whole.acks[side][what] || s.acks[side][what]
			}
		}
		return true
	})
	for _, s := range first {
		slices.SortFunc(s.rows, func(a, b *row) int { return cmp.Compare(a.no, b.no) })
	}
}

func (w *Writer) section(s *section) {
	from := "BOSH"
	if s.session == "" {
		from = w.names.name(strconv.Itoa(int(s.client)), meansPort)
	}
	title := "== " + s.who() + ", " + from + " to " + strconv.Itoa(int(s.server))
	w.lines = append(w.lines, Line{Text: string(shown([]byte(title)))})
	w.arrange(s)
	if w.o.Order == Causal {
		s.bind()
	}
	for _, r := range s.rows {
		if r.kind != dissect.KindTLS && r.protocol != "BOSH" && r.layers != s.layered && w.o.Order <= Captured {
			w.lines = append(w.lines, Line{}, Line{Text: "-- in " + r.layers})
			s.layered = r.layers
		}
		w.lines = r.lines(w.lines, w.names)
	}
	if acks := s.tellAcks(); acks != "" {
		w.lines = append(w.lines, Line{}, Line{Text: acks})
	}
}

// arrange brings the rows of a section into the order that is asked for.
func (w *Writer) arrange(s *section) {
	switch w.o.Order {
	case BySender:
		slices.SortStableFunc(s.rows, func(a, b *row) int { return cmp.Compare(a.sender, b.sender) })
	case Sorted:
		text := map[*row]string{}
		for _, r := range s.rows {
			text[r] = anonymous(r)
		}
		slices.SortStableFunc(s.rows, func(a, b *row) int {
			return cmp.Or(cmp.Compare(a.sender, b.sender), cmp.Compare(text[a], text[b]))
		})
	}
}

// anonymous returns the text of a row without the values that change.
func anonymous(r *row) string {
	var b strings.Builder
	b.WriteString(r.kind)
	for i := range r.cells {
		c := &r.cells[i]
		b.WriteString("\n" + c.name)
		if c.meaning == "" {
			b.WriteString(" " + uuid.ReplaceAllString(c.text, ""))
		}
	}
	return b.String()
}
