package analysis

import (
	"talktrace/dissect"
)

// presenceCounts counts what people show of themselves: whether they are there, and
// whether they are typing.
type presenceCounts struct {
	t      *Tally
	tops   *top[volume]
	totals struct {
		stanzas, presence, presenceBytes, bytes both
		messages, typing                        both // typing: with a chat state and no text
	}
}

var countedShow = needCounted("xmpp.presence.show")

func newPresences(t *Tally) *presenceCounts {
	return &presenceCounts{t: t, tops: newTop(maxKeys, func(v *volume) int64 { return v.n.sum() }, addVolume)}
}

func (p *presenceCounts) count(r *tallied) {
	if !r.isStanza() {
		return
	}
	sum, side := &p.totals, r.Sender
	sum.stanzas[side]++
	sum.bytes[side] += int64(r.Length)
	switch r.Kind {
	case "presence":
		sum.presence[side]++
		sum.presenceBytes[side] += int64(r.Length)
		what := typeOf(r)
		if show := countedShow.ownText(&r.Row); what == "available" && len(show) > 0 {
			what = clip(string(show))
		}
		p.add(r, "presence", what)
	case "message":
		sum.messages[side]++
		if state := chatState.ownText(&r.Row); state != nil {
			p.add(r, "typing", clip(string(state)))
			if messageBody.ownText(&r.Row) == nil {
				sum.typing[side]++
			}
		}
	}
}

func (p *presenceCounts) add(r *tallied, kind, what string) {
	v := p.tops.at(kind + "\x00" + what)
	v.kind, v.what = kind, what
	v.n[r.Sender]++
	v.bytes[r.Sender] += int64(r.Length)
}

func (p *presenceCounts) table() *Table {
	table := &Table{
		Name: "presence", Title: "Presence and typing", Unseen: p.t.coverage.noStanzas("presences"),
		Columns: []Column{
			{Name: "kind", Title: "Kind"},
			{Name: "state", Title: "State"},
			{Name: "client", Title: "From client"},
			{Name: "client_bytes", Title: "bytes"},
			{Name: "server", Title: "From server"},
			{Name: "server_bytes", Title: "bytes"},
		},
	}
	p.tops.shrink(p.t.o.Top)
	row := func(v *volume) {
		table.Rows = append(table.Rows, []Cell{
			words(v.kind), words(v.what), number(v.n[0]), size(v.bytes[0]), number(v.n[1]), size(v.bytes[1]),
		})
	}
	for _, kind := range []string{"presence", "typing"} {
		for _, key := range p.tops.keys() {
			if v := p.tops.known[key]; v.kind == kind {
				row(v)
			}
		}
	}
	if p.tops.left > 0 {
		p.tops.others.kind = "others"
		row(&p.tops.others)
	}
	if len(table.Rows) == 0 {
		return table
	}
	sum := &p.totals
	for side := range sum.stanzas {
		if sum.stanzas[side] == 0 {
			continue
		}
		table.Notes = append(table.Notes, "Of what the "+dissect.Sender(side).String()+" sent, presence is "+
			percent(sum.presence[side], sum.stanzas[side])+" of "+several(sum.stanzas[side], "stanza")+" and "+
			percent(sum.presenceBytes[side], sum.bytes[side])+" of "+several(sum.bytes[side], "byte")+"; "+
			typing(sum.typing[side], sum.messages[side]))
	}
	table.Notes = append(table.Notes, p.t.coverage.note())
	return table
}

func typing(n, of int64) string {
	if of == 0 {
		return "there are no messages."
	}
	return percent(n, of) + " of " + several(of, "message") + " have a chat state and no text."
}
