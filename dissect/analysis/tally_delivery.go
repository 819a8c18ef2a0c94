package analysis

import (
	"talktrace/dissect"
)

// deliveries measures how long stanzas take through the server, where both ways
// were captured.
type deliveries struct {
	t     *Tally
	kinds [3]delivered // by stanzaKinds
}

type delivered struct {
	sent  int64 // by clients, to somebody
	times Histogram
}

func newDeliveries(t *Tally) *deliveries { return &deliveries{t: t} }

func (d *deliveries) count(r *tallied) {
	if !r.isStanza() {
		return
	}
	x := &d.kinds[stanzaOrder(&volume{kind: r.Kind, stanza: true})]
	if r.Sender == dissect.Client {
		if r.To != nil || r.Kind == "presence" {
			x.sent++
		}
	} else if r.Sent != 0 && certain(r) {
		x.times.Add(r.Transit)
	}
}

// certain reports whether a stanza has something by which it can be told from
// the others of its sender.
func certain(r *tallied) bool { return r.ID != nil || messageBody.text(&r.Row) != nil }

func (d *deliveries) table() *Table {
	table := &Table{
		Name: "delivery", Title: "Delivery: from the client to the server, and on to another",
		Unseen: "Not visible: no stanza was seen both on its way to the server and on its way from it.",
		Columns: []Column{
			{Name: "kind", Title: "Kind"},
			{Name: "sent", Title: "Sent by clients"},
			{Name: "delivered", Title: "Copies delivered"},
			{Name: "transit", Title: "Time through the server"},
		},
	}
	for i := range d.kinds {
		if x := &d.kinds[i]; x.times.N() > 0 {
			table.Rows = append(table.Rows, []Cell{
				words(stanzaKinds[i]), number(x.sent), number(x.times.N()), times(&x.times),
			})
		}
	}
	if len(table.Rows) > 0 {
		table.Notes = []string{
			"Delivered are those whose way from the server was captured too; what went to other places is not visible here. Of one stanza there may be several copies.",
			d.t.coverage.note(),
		}
		if d.kinds[1].times.N() > 0 {
			table.Notes = append(table.Notes, "Servers keep a presence and send it again to those who come later; the long times are theirs.")
		}
	}
	return table
}
