package filter

import (
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	lines := func(field string) []string {
		if field != "play.line" {
			return nil
		}
		return []string{"alas", "adieu", "enough"}
	}
	for _, c := range []struct {
		begun string
		want  string // words that are among the completions
		not   string // and one that is not
	}{
		{"", "kind play not all len(", "=="},
		{"play.l", "play.line play.length", "play"},
		{"play.line ", "== contains matches and", "play"},
		{"play.act ", "== < >=", "contains"},
		{"play ", "and or", "=="},
		{"play.line co", "contains", "=="},
		{"play.genre == ", `"tragedy" "comedy"`, "play"},
		{`play.genre == "c`, `"comedy"`, `"tragedy"`},
		{`play.genre in {"comedy", `, `"tragedy"`, "play"},
		{"play.tragic == ", "true false", "play"},
		{`kind == "`, `"message" "gap"`, "kind"},
		{`kind == "message" `, "and or", "=="},
		{`kind == "message" a`, "and", "all"},
		{`kind == "message" and pl`, "play play.act", "kind"},
		{"not (ki", "kind", "play"},
		{"all tcp.p", "tcp.port", "play"},
		{"play.speaker", "play.speaker play.speaker.bare play.speaker.domain", "play"},
		{"play.speaker.d", "play.speaker.domain", "play.speaker.bare"},
		{"tcp.port in {5222} ", "and or", "=="},
		{"len(play.l", "play.line", "len("},
		{"! ", "play not", "=="},
		{`play.line == "a`, `"alas" "adieu"`, `"enough"`},
		{`play.line in {"alas", `, `"adieu" "enough"`, "play"},
	} {
		words := map[string]bool{}
		for _, x := range Complete(c.begun, lines) {
			words[x.Word] = true
			if !strings.HasSuffix(x.Text, x.Word) || !strings.HasPrefix(x.Text, c.begun) {
				t.Errorf("%q: completed to %q", c.begun, x.Text)
			}
		}
		for _, w := range strings.Fields(c.want) {
			if !words[w] {
				t.Errorf("%q: no %s", c.begun, w)
			}
		}
		if words[c.not] {
			t.Errorf("%q: %s", c.begun, c.not)
		}
	}
	for _, begun := range []string{`kind == 'a`, strings.Repeat("x", MaxLength+1), `"\q`} {
		if got := Complete(begun, nil); len(got) != 0 {
			t.Errorf("%.10q: %d completions", begun, len(got))
		}
	}
}
