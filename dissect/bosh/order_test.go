package bosh

import (
	"strings"
	"testing"
)

// A body that never comes is told of with the next one of its side.
func TestRidGap(t *testing.T) {
	p := newPlayer()
	p.ask("1", 0, request(1, "a"))
	p.answer("1", 0, reply("x"))
	p.ask("4", 0, request(4, "d"))
	p.answer("4", 0, reply("z"))
	p.ask("5", 0, request(5, "e"))
	p.answer("5", 0, reply("w"))
	var got []string
	for _, e := range p.c.Events {
		row := e.Sender.String() + " " + e.Kind
		for _, n := range e.Notes {
			row += " [" + n.ID + ": " + n.Text + "]"
		}
		got = append(got, row)
	}
	want := []string{
		"client a", "server x", "client d [bosh-rid-gap: 2 bodies before this one are missing]",
		"server z [bosh-rid-gap: 2 bodies before this one are missing]", "client e", "server w",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
