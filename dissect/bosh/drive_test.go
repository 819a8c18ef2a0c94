package bosh

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// recorder stands for the stream of a session and makes a row of every element.
type recorder struct{ via string }

func (r recorder) Element(c *dissect.Context, from dissect.Sender, b dissect.Bytes, scope xmlstream.Scope) {
	split := xmlstream.NewSplitter(scope, c.MaxStanza)
	split.Feed(b.Data, xmlstream.Origin{Frame: b.Frame, First: b.First, Time: b.Time})
	var u xmlstream.Unit
	for split.Next(c.Parser, &c.Arena, &u) || split.End(&c.Arena, &u) {
		e := c.Emit(from, fmt.Sprintf("unit%d", u.Kind))
		e.Layers, e.Frame, e.FirstFrame, e.Time = r.via+":xmpp", b.Frame, b.FirstFrame(), b.Time
		e.XML = u.Raw
		switch u.Kind {
		case xmlstream.Element:
			e.Kind, e.XMLNS = string(u.Tree.Local(0)), u.Tree.Nodes[0].Space
		case xmlstream.Unfinished:
			e.Kind = dissect.KindUnfinished
		}
	}
}

// player hands bodies to the connections of one pair of hosts.
type player struct {
	c     *dissect.Context
	conns map[int]*Conn
	shown map[int]*dissect.Conn
	owed  map[string]func(*dissect.Context, int, []dissect.Bytes, int64)
}

func newPlayer() *player {
	return &player{
		c:     dissect.NewContext(dissect.Options{XML: true, MaxStanza: 1 << 16}),
		conns: map[int]*Conn{}, shown: map[int]*dissect.Conn{},
		owed: map[string]func(*dissect.Context, int, []dissect.Bytes, int64){},
	}
}

func (p *player) conn(number int) *Conn {
	if p.conns[number] == nil {
		p.conns[number] = New("tcp:http", func(via string) Stream { return recorder{via} })
		p.shown[number] = &dissect.Conn{Number: number}
	}
	p.c.Conn = p.shown[number]
	return p.conns[number]
}

// pieces are text in frames of their own, which begin where there is a "|".
func (p *player) pieces(text string) []dissect.Bytes {
	var pieces []dissect.Bytes
	for part := range strings.SplitSeq(text, "|") {
		p.c.Frame++
		p.c.Time = int64(p.c.Frame) * 1000
		pieces = append(pieces, dissect.Bytes{Data: []byte(part), Frame: p.c.Frame, Time: p.c.Time})
	}
	return pieces
}

// ask plays a request on a connection. It is answered under the same name.
func (p *player) ask(name string, number int, text string) {
	n := p.conn(number)
	pieces := p.pieces(text)
	p.owed[name] = n.Request(p.c, pieces, 0)
	for _, b := range pieces {
		clear(b.Data) // which is not the session's to keep
	}
}

// answer plays the answer to a request.
func (p *player) answer(name string, number int, text string) {
	p.conn(number)
	p.owed[name](p.c, 200, p.pieces(text), 0)
}

// rows are the events as text.
func (p *player) rows() []string {
	var rows []string
	for _, e := range p.c.Events {
		row := fmt.Sprintf("%d %s %s", e.Conn.Number, e.Sender, e.Kind)
		if e.Kind == kindBody {
			row += fmt.Sprintf(": %s", e.Info)
		} else if e.Kind == dissect.KindUnfinished {
			row += fmt.Sprintf(" %s missing %d", e.XML, e.Missing)
		} else if row += " " + e.XMLNS; e.Missing > 0 {
			row += fmt.Sprintf(" missing %d", e.Missing)
		}
		rows = append(rows, row)
	}
	return rows
}

func compare(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

const ns = " xmlns='http://jabber.org/protocol/httpbind'"

// request is a request of the session s with elements by their names.
func request(rid int, elements ...string) string {
	return fmt.Sprintf("<body rid='%d' sid='s'%s>%s</body>", rid, ns, markup(elements))
}

// reply is an answer of the session s.
func reply(elements ...string) string {
	return "<body sid='s'" + ns + ">" + markup(elements) + "</body>"
}

func markup(names []string) string {
	text := ""
	for _, n := range names {
		text += "<" + n + " xmlns=''/>"
	}
	return text
}
