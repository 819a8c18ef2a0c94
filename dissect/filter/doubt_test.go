package filter

import (
	"slices"
	"testing"
)

func TestDoubts(t *testing.T) {
	lines := func(field string) []string {
		if field != "play.line" {
			return nil
		}
		return []string{"alas", "adieu"}
	}
	for _, c := range []struct {
		filter string
		want   []Doubt
	}{
		{`kind == "mesage"`, []Doubt{{Field: "kind", Value: "mesage", Near: "message", Slip: true}}},
		{`kind == "handshake-of-ours"`, []Doubt{{Field: "kind", Value: "handshake-of-ours"}}},
		{`kind == "mesages"`, []Doubt{{Field: "kind", Value: "mesages", Near: "message", Slip: true}}},
		{`kind == "push"`, []Doubt{{Field: "kind", Value: "push", Near: "auth"}}},
		{`kind == "x"`, []Doubt{{Field: "kind", Value: "x", Near: "r"}}},
		{`kind == "bind"`, []Doubt{{Field: "kind", Value: "bind", Near: "bidi"}}},
		{`kind == "request"`, []Doubt{{Field: "kind", Value: "request", Near: "result"}}},
		{`kind == "Iqq" or kind in {"MESSAGE", "IQ"}`, []Doubt{{Field: "kind", Value: "Iqq", Near: "iq"}, {Field: "kind", Value: "MESSAGE", Near: "message", Slip: true}, {Field: "kind", Value: "IQ", Near: "iq", Slip: true}}},
		{`"clinet" == sender`, []Doubt{{Field: "sender", Value: "clinet", Near: "client", Certain: true, Slip: true}}},
		{`kind !== "mesage" or not kind in {"iq", "mesage"}`, []Doubt{{Field: "kind", Value: "mesage", Near: "message", Slip: true}}},
		{`play.genre == "tragdy"`, []Doubt{{Field: "play.genre", Value: "tragdy", Near: "tragedy", Slip: true}}},
		{`play.line == "alass"`, []Doubt{{Field: "play.line", Value: "alass", Near: "alas", Slip: true}}},
		{`kind matches "mesage" or kind == "message" or sender contains "x" or play.speaker == "x@y"`, nil},
	} {
		f, err := Compile(c.filter)
		if err != nil {
			t.Errorf("%s: %v", c.filter, err)
			continue
		}
		if got := f.Doubts(lines); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v", c.filter, got)
		}
	}
}
