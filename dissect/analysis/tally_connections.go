package analysis

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"talktrace/dissect"
)

// connections counts what each connection carried, and who spoke on it.
type connections struct {
	t     *Tally
	known map[int]*connection
	// others are connections that were forgotten to stay within bounds.
	others struct {
		connection
		n int64
	}
}

// maxConnections bounds the connections that are told apart.
const maxConnections = 1 << 14

type connection struct {
	number         int
	ends           [2]string
	session        Conn // as it was at its latest row
	begun, last    int64
	stanzas, bytes both
	sealed, lost   int64
	version, suite string // of TLS
	node           string // of the client's capabilities
	software       [2]string
	identity       [2]string
	failed         string // the stream error that ended it
	end            string
	visible        bool
	seen           [2]bool
	// successor is the number of the connection on which its session goes on, -1
	// for none.
	successor int
}

var (
	countedCapsNode    = needCounted("xmpp.presence.caps.node")
	countedName        = needCounted("xmpp.version.name")
	countedVersion     = needCounted("xmpp.version.version")
	countedCategory    = needCounted("xmpp.query.identity.category")
	countedIdentity    = needCounted("xmpp.query.identity.type")
	countedIdentified  = needCounted("xmpp.query.identity.name")
	countedAgent       = needCounted("xmpp.sasl2.user-agent.software")
	countedStreamError = needCounted("xmpp.stream_error.condition")
)

func newConnections(t *Tally) *connections {
	return &connections{t: t, known: map[int]*connection{}}
}

func (t *Tally) connections() *connections {
	for _, c := range t.counters {
		if x, ok := c.(*connections); ok {
			return x
		}
	}
	return nil
}

func (x *connections) count(r *tallied) {
	c := x.known[r.Conn.Number]
	if c == nil {
		if len(x.known) >= maxConnections {
			x.forget()
		}
		c = &connection{number: r.Conn.Number, ends: r.Conn.Text, begun: r.Time, successor: -1}
		x.known[c.number] = c
	}
	c.last = max(c.last, r.Time)
	c.session = *r.Session
	c.session.state = nil
	if before := x.known[c.session.From]; before != nil && before != c {
		before.successor = c.number
	}
	c.seen[r.Sender] = true
	switch {
	case r.Kind == dissect.KindGap:
		c.lost += r.Missing
	case r.Sealed != "":
		c.sealed += int64(r.Length)
	case r.visible():
		c.visible = true
		c.bytes[r.Sender] += int64(r.Length)
	}
	if r.TLS != nil && r.Sender == dissect.Server && r.TLS.Version.Name != "" {
		c.version, c.suite = r.TLS.Version.Name, cmp.Or(r.TLS.Suite.Name, c.suite)
	}
	c.ending(r)
	if r.isStanza() {
		c.stanzas[r.Sender]++
	}
	c.learn(r)
}

// ending takes in how the connection ends.
func (c *connection) ending(r *tallied) {
	switch r.Kind {
	case "error":
		if r.XMLNS == "http://etherx.jabber.org/streams" {
			c.failed = fmt.Sprintf("%s by the %s", clip(string(countedStreamError.text(&r.Row))), r.Sender)
		}
	case dissect.KindEnd:
		c.end = fmt.Sprintf("cut off by the %s", r.Sender)
		if r.How.IsReset() {
			c.end = fmt.Sprintf("reset by the %s", r.Sender)
		}
	}
}

// learn takes in what the sides tell of their programs.
func (c *connection) learn(r *tallied) {
	row := &r.Row
	switch r.Kind {
	case "presence":
		if r.Sender == dissect.Client {
			if node := countedCapsNode.own(row); node != nil {
				c.node = clip(string(node.Text))
			}
		}
	case "iq":
		// What a server passes on is not its own.
		if r.Type != "result" || r.Sender == dissect.Server && string(r.From) != c.session.Domain {
			return
		}
		if name := countedName.text(row); name != nil {
			c.software[r.Sender] = clip(joined(" ", string(name), string(countedVersion.text(row))))
		}
		if kind := countedCategory.text(row); kind != nil {
			c.identity[r.Sender] = clip(joined(" ", string(kind)+"/"+string(countedIdentity.text(row)), string(countedIdentified.text(row))))
		}
	case "authenticate":
		if agent := countedAgent.text(row); agent != nil && c.software[dissect.Client] == "" {
			c.software[dissect.Client] = clip(string(agent))
		}
	}
}

// forget counts the older half together as others.
func (x *connections) forget() {
	for i, n := range slices.Sorted(maps.Keys(x.known)) {
		if i >= maxConnections/2 {
			break
		}
		x.leave(n)
	}
}

// leave counts a connection among the others.
func (x *connections) leave(number int) {
	c := x.known[number]
	o := &x.others
	o.n++
	o.stanzas.add(c.stanzas)
	o.bytes.add(c.bytes)
	o.sealed += c.sealed
	o.lost += c.lost
	delete(x.known, number)
}

// seenConnections is how much was seen of how many connections.
type seenConnections struct{ all, visible, whole, oneWay int64 }

func (x *connections) seen() seenConnections {
	s := seenConnections{all: int64(len(x.known)) + x.others.n}
	for _, c := range x.known {
		if c.visible {
			s.visible++
		}
		if c.session.Whole {
			s.whole++
		}
		if c.seen[0] != c.seen[1] {
			s.oneWay++
		}
	}
	return s
}

func (x *connections) table() *Table {
	table := &Table{
		Name: "connections", Title: "Connections", Unseen: x.t.coverage.unseen("connections"),
		Columns: connectionColumns(),
	}
	if n := len(x.known) - x.t.o.Top; n > 0 {
		byWeight := slices.SortedFunc(maps.Values(x.known), func(a, b *connection) int {
			return cmp.Or(cmp.Compare(a.bytes.sum()+a.sealed, b.bytes.sum()+b.sealed), cmp.Compare(b.number, a.number))
		})
		for _, c := range byWeight[:n] {
			x.leave(c.number)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(x.known)) {
		c := x.known[n]
		table.Rows = append(table.Rows, c.cells())
	}
	if x.others.n > 0 {
		o := &x.others.connection
		o.visible = o.bytes.sum() > 0
		row := o.cells()
		for i, c := range table.Columns {
			switch c.Name {
			case "who":
				row[i] = words(several(x.others.n, "other"))
			case "others":
				row[i] = number(x.others.n)
			case "stream", "resumes", "goes_on", "begin", "duration", "end", "ended", "client", "server", "encryption":
				row[i] = Cell{}
			}
		}
		table.Rows = append(table.Rows, row)
	}
	if len(table.Rows) > 0 {
		table.Notes = []string{"Stanzas and bytes: of the client above those of the server; bytes of XML, as far as it could be read."}
	}
	return table
}

// connectionColumns are what cells fills in.
func connectionColumns() []Column {
	return []Column{
		{Name: "stream", Title: "No."},
		{Name: "jid", Title: "JID", Script: true},
		{Name: "who", Title: "Who", People: true},
		{Name: "others", Title: "Others", Script: true},
		{Name: "resumes", Title: "Resumes", Script: true},
		{Name: "goes_on", Title: "", Below: true, Unknown: " ", People: true},
		{Name: "domain", Title: "with ", Below: true, Unknown: " "},
		{Name: "client", Title: "", Below: true, Unknown: " "},
		{Name: "server", Title: "→ ", Below: true, Unknown: " "},
		{Name: "software", Title: "", Below: true, Unknown: " "},
		{Name: "caps", Title: "", Below: true, Unknown: " "},
		{Name: "identity", Title: "", Below: true, Unknown: " "},
		{Name: "server_software", Title: "server: ", Below: true, Unknown: " "},
		{Name: "server_identity", Title: "server: ", Below: true, Unknown: " "},
		{Name: "begin", Title: "Begins", Script: true},
		{Name: "duration", Title: "Lasts"},
		{Name: "encryption", Title: "", Below: true, Unknown: " ", People: true},
		{Name: "tls", Title: "TLS", Script: true},
		{Name: "cipher", Title: "Cipher", Script: true},
		{Name: "mechanism", Title: "", Below: true, Unknown: " "},
		{Name: "client_stanzas", Title: "Stanzas"},
		{Name: "server_stanzas", Title: "", Below: true},
		{Name: "client_bytes", Title: "Bytes"},
		{Name: "server_bytes", Title: "", Below: true},
		{Name: "bytes_undecrypted", Title: "Undecrypted", Script: true},
		{Name: "bytes_lost", Title: "Lost", Script: true},
		{Name: "end", Title: "End", Script: true},
		{Name: "ended", Title: "How it ended", People: true},
	}
}

// cells are the row of a connection.
func (c *connection) cells() []Cell {
	who := cmp.Or(c.session.JID, "not logged in")
	tls := c.version
	switch {
	case c.session.JID == "" && (!c.visible || c.hidden()):
		who = "not visible"
	case c.session.JID == "" && c.session.Resumed:
		who = cmp.Or(c.session.Account, "a resumed session")
	case c.session.JID == "" && c.session.Authenticated:
		who = "logged in"
	case c.session.Servers:
		who = "servers"
	case !c.session.Whole && c.session.JID == "":
		who = "login not seen"
	}
	if c.version == "" && c.session.Encrypted {
		tls = "TLS"
	}
	row := []Cell{
		number(int64(c.number)), words(c.session.JID), words(who),
		{},
		c.resumes(), words(c.goesOn()),
		words(clip(c.session.Domain)), words(c.ends[0]), words(c.ends[1]),
		words(c.software[0]), words(c.node), words(c.identity[0]), words(c.software[1]), words(c.identity[1]),
		instant(c.begun), span(c.last - c.begun), words(cmp.Or(tls, "no TLS")), words(tls), words(c.suite), words(clip(c.session.Mechanism)),
	}
	unread := c.sealed + c.lost
	if !c.visible {
		unread = max(unread, 1)
	}
	row = append(row,
		seen(number(c.stanzas[0]), unread), seen(number(c.stanzas[1]), unread),
		seen(size(c.bytes[0]), unread), seen(size(c.bytes[1]), unread))
	return append(row, few(c.sealed), few(c.lost), words(c.ended()), words(cmp.Or(c.ended(), "not visible")))
}

// resumes is the number of the connection whose session this one took up.
func (c *connection) resumes() Cell {
	if c.session.From < 0 {
		return Cell{}
	}
	return number(int64(c.session.From))
}

// goesOn says which connections have the same session (XEP-0198 section 5).
func (c *connection) goesOn() string {
	var parts []string
	switch {
	case c.session.From >= 0:
		parts = append(parts, fmt.Sprintf("resumes no. %d", c.session.From))
	case c.session.Resumed:
		parts = append(parts, "resumes a session from before")
	}
	if c.successor >= 0 {
		parts = append(parts, fmt.Sprintf("resumed as no. %d", c.successor))
	}
	return strings.Join(parts, ", ")
}

// hidden reports whether all stanzas that there may be are encrypted.
func (c *connection) hidden() bool { return c.sealed > 0 && c.stanzas.sum() == 0 }

// ended says how the connection ended, as far as that could be seen.
func (c *connection) ended() string {
	switch {
	case c.failed != "":
		return c.failed
	case c.session.Closed[0] && c.session.Closed[1]:
		return "closed"
	case c.end != "":
		return c.end
	case !c.visible:
		return ""
	}
	return "open at the end"
}
