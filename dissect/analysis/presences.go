package analysis

import (
	"talktrace/dissect"
)

func init() {
	watch(judge, func(a *Analysis) watcher { return &presences{seen: newTable[*availability](a, "presences", 32<<10)} })
}

var (
	presenceFlood = kind(Kind{
		ID: "presence-flood", Severity: dissect.Warning, Title: "hardly anything but presence on a connection",
		Why:    "Presence of large rosters and rooms wakes telephones up and takes up their line; a server can hold it back while nobody looks.",
		Source: "XEP-0352 section 4",
	})
	presenceFlap = kind(Kind{
		ID: "presence-flap", Severity: dissect.Warning, Title: "somebody comes and goes all the time",
		Why:    "Each change goes to all contacts and into all rooms; a client loses its connection again and again, or two are at odds.",
		Source: "RFC 6121 section 4.4",
	})
)

const (
	minute      = 60e9
	floodRate   = 120 // presences a minute
	floodShare  = 80  // percent of the stanzas
	flapChanges = 10  // a minute
)

// presences looks at how often presence is told.
type presences struct {
	seen *table[*availability] // by connection and address
}

// availability is what is known of somebody's presence.
type availability struct {
	here    bool
	changes []int64
	told    bool
}

// tide counts the stanzas to one side of a connection in the present minute.
type tide struct {
	begun              int64
	presences, stanzas int
	high               int // minutes in a row with too many presences
}

type tides struct{ sides [2]tide }

func newTides() *tides { return &tides{} }

// Row implements watcher.
func (w *presences) Row(r *Row) {
	if r.Kind != "presence" && r.Kind != "message" && r.Kind != "iq" {
		return
	}
	w.flood(&keep(r.Session, w, newTides).sides[r.Sender], r)
	if r.Kind == "presence" && (r.Type == "" || r.Type == "unavailable") {
		w.flap(r)
	}
}

func (w *presences) flood(t *tide, r *Row) {
	if r.Time-t.begun >= minute {
		high := t.presences >= floodRate && t.presences*100 >= t.stanzas*floodShare && r.Time-t.begun < 2*minute
		if t.high++; !high {
			t.high = 0
		}
		if t.high == 2 {
			r.once(presenceFlood, "for two minutes hardly anything but presence from the %s: %d of %d stanzas in the last one",
				r.Sender, t.presences, t.stanzas)
		}
		t.begun, t.presences, t.stanzas = r.Time, 0, 0
	}
	t.stanzas++
	if r.Kind == "presence" {
		t.presences++
	}
}

func (w *presences) flap(r *Row) {
	who := r.From
	if r.Sender == dissect.Client {
		who = r.To // to a room, or to all
	}
	k := keyOf(r.number(), []byte{byte(r.Sender)}, who)
	a, ok := w.seen.get(k)
	here := r.Type == ""
	if !ok {
		w.seen.put(k, &availability{here: here})
		return
	}
	if a.here == here {
		return
	}
	a.here = here
	a.changes = recent(a.changes, r.Time, minute)
	if len(a.changes) >= flapChanges && !a.told {
		a.told = true
		name := string(who)
		if name == "" || r.Sender == dissect.Client {
			name = "the " + r.Sender.String()
		}
		r.Note(presenceFlap, "%.60s has come or gone %d times in %d s", name, len(a.changes), (r.Time-a.changes[0])/1e9)
	}
}

// End implements watcher.
func (w *presences) End(*Row) {}
