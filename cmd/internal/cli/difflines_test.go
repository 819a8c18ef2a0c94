package cli

import (
	"bytes"
	"slices"
	"testing"

	"talktrace/report/transcript"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text          string
		first, others int
		want          []string
	}{
		{"to be or not to be", 80, 76, []string{"to be or not to be"}},
		{"to be, or not to be, that is the question", 20, 16, []string{"to be, or not to be,", "that is the", "question"}},
		{"honorificabilitudinitatibus is one word", 20, 16, []string{"honorificabilitudinitatibus", "is one word"}},
		{"honorificabilitudinitatibus", 20, 16, []string{"honorificabilitudinitatibus"}},
		{"ロミオ ジュリエット バルコニー", 20, 16, []string{"ロミオ ジュリエット", "バルコニー"}},
		{"a line of any length, where there is none", -4, -8, []string{"a line of any length, where there is none"}},
	} {
		if got := wrap(c.text, c.first, c.others); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// A row that is longer than the terminal is wide goes on below, indented.
func TestDifferencesOnATerminal(t *testing.T) {
	changes := []transcript.Change{{
		Who:  "juliet@capulet.example",
		Old:  &transcript.Entry{Row: 5, Frame: 8, Text: `> message chat to romeo@montague.example: "Wherefore art thou?"`},
		New:  &transcript.Entry{Row: 5, Frame: 8, Text: `> message chat to romeo@montague.example: "Deny thy father"`},
		Less: []string{"xmpp.message.body: Wherefore art thou?"}, More: []string{"xmpp.message.body: Deny thy father"},
	}}
	var b bytes.Buffer
	if err := writeChanges(&b, "text", changes, layout{width: 48}); err != nil {
		t.Fatal(err)
	}
	const want = `== juliet@capulet.example
- row 5, frame 8: > message chat to
      romeo@montague.example: "Wherefore art
      thou?"
+ row 5, frame 8: > message chat to
      romeo@montague.example: "Deny thy father"
    - xmpp.message.body: Wherefore art thou?
    + xmpp.message.body: Deny thy father
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}
