// Package chat writes the rows of a trace as what people would have seen: who
// came online, who is typing, who said what and whether it arrived. What was
// captured twice, on its way to the server and from it, is told once.
package chat

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"time"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
	"talktrace/report"
)

// Options say how the log looks, and what is in it.
type Options struct {
	Color bool           // people's names in colours of their own
	Width int            // cells of a line
	Zone  *time.Location // of the times
	// With, where it is not empty, leaves only what one account or room has to do
	// with; a JID without resource.
	With string
	// Account returns the full JID that a connection has logged in with, as far
	// as it is known by now; empty where it is not.
	Account func(conn int) string
}

// Bounds on what is remembered.
const (
	maxHeld  = 1024 // lines that may still get a tick
	maxSaid  = 16 << 10
	maxFaces = 64 << 10
	maxRooms = 4 << 10
	maxCalls = 4 << 10
)

// Writer writes a chat log. It holds back some lines to put ticks on them, so
// all of it is there only after Close.
//
// It wants rows with their XML (dissect.Options.XML), through which
// dissect/analysis has gone: what a server has passed on is known by that.
type Writer struct {
	out    *bufio.Writer
	o      Options
	parser *xmlstream.Parser
	intern dissect.Interner
	arena  dissect.Arena

	held  []*line
	byRow map[int]*line // those of held that a row gave
	day   string        // of the last line written
	talk  string        // its conversation

	own     map[int]string // accounts that were guessed
	said    recent[*said]
	seen    recent[*sightings]
	faces   recent[string] // what is known of somebody's presence
	asked   recent[string] // the last word between two on subscriptions
	typing  recent[bool]
	rooms   recent[*room]
	calls   recent[*call]
	scratch []byte
	hidden  bool // lines are not wanted: see Overhear
}

var _ report.Writer = (*Writer)(nil)

// New makes a writer of a chat log to w.
func New(w io.Writer, o Options) *Writer {
	c := &Writer{out: bufio.NewWriter(w), o: o, byRow: map[int]*line{}, own: map[int]string{}}
	c.parser = xmlstream.NewParser(&c.intern)
	c.said.most, c.seen.most, c.asked.most = maxSaid, maxSaid, maxSaid
	c.faces.most, c.typing.most = maxFaces, maxSaid
	c.rooms.most, c.calls.most = maxRooms, maxCalls
	return c
}

// Write takes the next row.
func (w *Writer) Write(e *dissect.Event) error {
	switch e.Kind {
	case "message", "presence":
	case "iq":
		if e.Type != "set" || !bytes.Contains(e.XML, []byte("jingle")) && !bytes.Contains(e.XML, []byte("google.com/session")) {
			return nil
		}
	case "a":
		w.acknowledged(e)
		return nil
	case dissect.KindStreamClose:
		if e.Sender == dissect.Client {
			w.left(e)
		}
		return nil
	default:
		return nil
	}
	t := w.parse(e)
	if t == nil {
		return nil
	}
	s := w.stanza(e, t, 0)
	switch e.Kind {
	case "message":
		w.message(s)
	case "presence":
		w.presence(s)
	case "iq":
		w.session(s)
	}
	return w.spill(maxHeld)
}

// Overhear takes the next row where nothing is to be shown of it. It may still put
// ticks on what is shown, and say what rooms there are.
func (w *Writer) Overhear(e *dissect.Event) error {
	w.hide(true)
	defer w.hide(false)
	return w.Write(e)
}

// hide has what comes leave no lines, and no memory of having been told.
func (w *Writer) hide(on bool) {
	w.hidden = on
	w.seen.frozen, w.faces.frozen, w.asked.frozen, w.typing.frozen = on, on, on, on
}

// parse returns the tree of a row's element, nil where it has none.
func (w *Writer) parse(e *dissect.Event) *xmlstream.Tree {
	if len(e.XML) == 0 {
		return nil
	}
	w.arena.Reset()
	split := xmlstream.NewSplitter(xmlstream.AssumedScope(e.XMLNS), len(e.XML))
	split.Feed(e.XML, xmlstream.Origin{})
	var u xmlstream.Unit
	if !split.Next(w.parser, &w.arena, &u) || u.Kind != xmlstream.Element {
		return nil
	}
	return u.Tree
}

// account returns the full JID of a connection's client, empty where it is not
// known.
func (w *Writer) account(e *dissect.Event) string {
	if w.o.Account != nil {
		if jid := w.o.Account(e.Conn.Number); jid != "" {
			return jid
		}
	}
	jid := w.own[e.Conn.Number]
	if jid == "" && e.Sender == dissect.Server && bytes.IndexByte(e.To, '@') > 0 && e.XMLNS == xmlstream.NSClient {
		if len(w.own) >= maxFaces {
			clear(w.own)
		}
		jid = string(e.To[:min(len(e.To), longestValue)])
		w.own[e.Conn.Number] = jid
	}
	return jid
}

// Flush writes out the lines so far. Ticks that come later get lines of their
// own.
func (w *Writer) Flush() error {
	if err := w.spill(0); err != nil {
		return err
	}
	return w.out.Flush()
}

// Close writes out the rest.
func (w *Writer) Close() error { return w.Flush() }

// recent is a map that forgets what was put into it longest ago.
type recent[T any] struct {
	young, old map[string]T
	most       int
	frozen     bool // takes in nothing
}

func (r *recent[T]) get(key string) (T, bool) {
	if v, ok := r.young[key]; ok {
		return v, true
	}
	v, ok := r.old[key]
	return v, ok
}

func (r *recent[T]) put(key string, v T) {
	if r.frozen {
		return
	}
	if r.young == nil {
		r.young = map[string]T{}
	}
	if len(r.young) >= r.most/2 {
		r.old, r.young = r.young, make(map[string]T)
	}
	r.young[key] = v
}

// bare returns a JID without its resource.
func bare(jid string) string {
	b, _, _ := strings.Cut(jid, "/")
	return b
}

// resource returns the part behind the slash; in rooms it is the nickname.
func resource(jid string) string {
	_, r, _ := strings.Cut(jid, "/")
	return r
}

// short returns what somebody is called in a conversation with another: the part
// before the @, unless both have the same.
func short(jid, other string) string {
	local, _, found := strings.Cut(bare(jid), "@")
	if o, _, _ := strings.Cut(bare(other), "@"); !found || local == o && bare(jid) != bare(other) {
		return bare(jid)
	}
	return local
}
