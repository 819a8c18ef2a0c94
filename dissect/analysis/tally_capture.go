package analysis

import (
	"fmt"
	"strings"

	"talktrace/dissect"
)

// CaptureFacts are what is known of a capture beside its rows.
type CaptureFacts struct {
	Frames      int64
	First, Last int64 // times of the first and the latest frame
	Cut         int64 // frames that were not captured as a whole
	Back        int64 // frames whose time is before that of an earlier one
	Segments    int64 // of TCP
	Connections int64 // of TCP
	Undecodable int64 // frames given up below TCP
	Fragments   int64 // IP fragments whose packet was never whole
	Conflicts   int64 // bytes that were sent again with other content
	Evicted     int64 // connections forgotten to stay within bounds
	Narrowed    bool  // not all rows are counted
	// Dropped and Missed are the frames that the system and the interface lost,
	// where Told says that somebody has counted them.
	Told            bool
	Dropped, Missed int64
}

// coverage is how much of what there was could be seen.
type coverage struct {
	visible, sealed int64 // bytes
	gaps, lost      both  // by whose bytes they were
	malformed       both
	unread          int64 // bytes of these, and of what was never finished
	stanzas         int64
	unfinished      both
}

func (c *coverage) row(r *tallied) {
	switch r.Kind {
	case dissect.KindGap:
		c.gaps[r.Sender]++
		c.lost[r.Sender] += r.Missing
	case dissect.KindMalformed:
		c.malformed[r.Sender]++
		c.unread += int64(r.Length)
	case dissect.KindUnfinished:
		c.unread += int64(r.Length)
		c.unfinished[r.Sender]++
	}
	switch {
	case r.Sealed != "" && r.Kind != dissect.KindMalformed:
		c.sealed += int64(r.Length)
	case r.visible():
		c.visible += int64(r.Length)
		if r.isStanza() {
			c.stanzas++
		}
	}
}

// all is all bytes that are known of.
func (c *coverage) all() int64 { return c.visible + c.sealed + c.unread + c.lost.sum() }

// note says how much of what there was the numbers are of, where that is not all.
func (c *coverage) note() string {
	if c.visible == c.all() {
		return ""
	}
	var why []string
	if c.sealed > 0 {
		why = append(why, fmt.Sprintf("%s stayed encrypted", several(c.sealed, "byte")))
	}
	if n := c.lost.sum(); n > 0 {
		why = append(why, fmt.Sprintf("%s are missing", several(n, "byte")))
	}
	if c.unread > 0 {
		why = append(why, fmt.Sprintf("%s are damaged or cut off", several(c.unread, "byte")))
	}
	return fmt.Sprintf("Coverage: %s of the bytes could be read; %s. What they held is not counted.",
		percent(c.visible, c.all()), strings.Join(why, ", "))
}

// noStanzas says why there is nothing to count that is in stanzas.
func (c *coverage) noStanzas(what string) string {
	if c.stanzas == 0 && c.visible < c.all() {
		return "Not visible: no stanza could be read. " + c.note()
	}
	return c.unseen(what)
}

// unseen says why there is nothing to count: none of what, or nothing to be seen.
func (c *coverage) unseen(what string) string {
	switch {
	case c.visible == 0 && c.all() > 0:
		return "Not visible: nothing could be read. " + c.note()
	case c.visible == 0:
		return "There is no XMPP in the input."
	case c.visible < c.all():
		return "There are no " + what + " in what could be read."
	}
	return "There are no " + what + "."
}

const notTold = "the input does not tell"

// captureTable makes the table of how good the capture is.
func (t *Tally) captureTable(f CaptureFacts) *Table {
	c, seen := &t.coverage, t.connections().seen()
	table := &Table{Name: "capture", Title: "Capture", Facts: true}
	var row []Cell
	add := func(name, title string, value Cell, unknown string) {
		table.Columns = append(table.Columns, Column{Name: name, Title: title, Unknown: unknown})
		row = append(row, value)
	}
	begin, length, dropped, missed := Cell{}, Cell{}, Cell{}, Cell{}
	if f.Frames > 0 {
		begin, length = instant(f.First), span(f.Last-f.First)
	}
	if f.Told {
		dropped, missed = number(f.Dropped), number(f.Missed)
	}
	add("begin", "begins", begin, "there are no frames")
	add("duration", "lasts", length, "there are no frames")
	add("frames", "frames", number(f.Frames), "")
	add("frames_dropped", "frames dropped by the system", dropped, notTold)
	add("frames_missed", "frames missed by the interface", missed, notTold)
	add("frames_cut", "frames cut short", number(f.Cut), "")
	add("frames_undecodable", "frames given up below TCP", number(f.Undecodable), "")
	add("frames_back", "frames older than one before", number(f.Back), "")
	add("fragments_dropped", "IP fragments without the rest", number(f.Fragments), "")
	add("segments", "TCP segments", number(f.Segments), "")
	add("tcp_connections", "TCP connections", number(f.Connections), "")
	add("connections_forgotten", "… forgotten to stay within bounds", number(f.Evicted), "")
	add("connections", "… that have rows", number(seen.all), "")
	add("connections_visible", "… of which XMPP could be read", number(seen.visible), "")
	add("connections_whole", "… from the beginning of the stream", number(seen.whole), "")
	add("connections_one_way", "… of which only one side was seen", number(seen.oneWay), "")
	add("client_gaps", "gaps in what clients sent", number(c.gaps[dissect.Client]), "")
	add("client_bytes_lost", "… bytes in them", size(c.lost[dissect.Client]), "")
	add("server_gaps", "gaps in what servers sent", number(c.gaps[dissect.Server]), "")
	add("server_bytes_lost", "… bytes in them", size(c.lost[dissect.Server]), "")
	add("bytes_conflicting", "bytes sent again with other content", size(f.Conflicts), "")
	add("malformed", "pieces that are no XML", number(c.malformed.sum()), "")
	add("unfinished", "elements never finished", number(c.unfinished.sum()), "")
	add("bytes_damaged", "… bytes in such pieces and elements", size(c.unread), "")
	add("bytes_undecrypted", "bytes that stayed encrypted", size(c.sealed), "")
	add("bytes_visible", "bytes of XMPP that could be read", size(c.visible), "")
	add("coverage", "… of all bytes of these connections", share(c.visible, c.all()), "there are none")
	table.Rows = [][]Cell{row}
	if f.Narrowed {
		table.Notes = []string{"The other tables count only the rows that were asked for."}
	}
	return table
}

// undecrypted counts the TLS records that could not be opened, by reason.
type undecrypted struct {
	t    *Tally
	tops *top[sealed]
}

type sealed struct {
	records, bytes both
}

func newUndecrypted(t *Tally) *undecrypted {
	return &undecrypted{t: t, tops: newTop(maxKeys,
		func(s *sealed) int64 { return s.bytes.sum() },
		func(into, from *sealed) {
			into.records.add(from.records)
			into.bytes.add(from.bytes)
		})}
}

func (u *undecrypted) count(r *tallied) {
	if r.Sealed == "" {
		return
	}
	s := u.tops.at(r.Sealed)
	s.records[r.Sender]++
	s.bytes[r.Sender] += int64(r.Length)
}

func (u *undecrypted) table() *Table {
	table := &Table{
		Name: "undecrypted", Title: "What stayed encrypted", Unseen: "There is nothing that stayed encrypted.",
		Columns: []Column{
			{Name: "reason", Title: "Reason"},
			{Name: "client_records", Title: "Records, client"},
			{Name: "client_bytes", Title: "bytes"},
			{Name: "server_records", Title: "Records, server"},
			{Name: "server_bytes", Title: "bytes"},
		},
	}
	for _, key := range u.tops.keys() {
		s := u.tops.known[key]
		table.Rows = append(table.Rows, []Cell{
			words(key), number(s.records[0]), size(s.bytes[0]), number(s.records[1]), size(s.bytes[1]),
		})
	}
	return table
}
