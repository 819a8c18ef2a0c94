package escape

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

func TestText(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"plain", "Art thou not Romeo?", "Art thou not Romeo?"},
		{"white space", "a\nb\tc\rd", `a\nb\tc\rd`},
		{"escape sequence", "\x1b[2J", `\x1b[2J`},
		{"NUL and DEL", "\x00 \x7f", `\x00 \x7f`},
		{"C1 as UTF-8", "\u009b31m", `\u009b31m`},
		{"C1 as bytes", "\x9b31m", `\x9b31m`},
		{"not UTF-8", "a\xffb", `a\xffb`},
		{"cut short", "\xe2\x82", `\xe2\x82`},
		{"surrogate", "\xed\xa0\x80", `\xed\xa0\x80`},
		{"bidi override", "\u202egnp.exe", `\u202egnp.exe`},
		{"bidi isolates", "\u2066\u2067\u2068\u2069", `\u2066\u2067\u2068\u2069`},
		{"bidi marks", "\u200e\u200f\u061c", `\u200e\u200f\u061c`},
		{"line separators", "\u2028\u2029\u0085", `\u2028\u2029\u0085`},
		{"zero width", "\u200b\u200c\u200d\u2060\ufeff", `\u200b\u200c\u200d\u2060\ufeff`},
		{"soft hyphen", "a\u00adb", `a\u00adb`},
		{"annotations", "\ufff9\ufffa\ufffb", `\ufff9\ufffa\ufffb`},
		{"tags", "\U000e0001\U000e0041", `\U000e0001\U000e0041`},
		{"variation selectors", "\ufe00\U000e0100", `\ufe00\U000e0100`},
		{"fillers", "\u115f\u3164\uffa0\u2800\u034f", `\u115f\u3164\uffa0\u2800\u034f`},
		{"private use", "\ue000", `\ue000`},
		{"unassigned", "\u0378\uffff", `\u0378\uffff`},
		{"letters", "Ångström жизнь 日本語 한국어 ひらがな עברית", "Ångström жизнь 日本語 한국어 ひらがな עברית"},
		{"spaces", "a\u00a0b\u3000c", "a\u00a0b\u3000c"},
		{"emoji", "👍🏽 ☎\ufe0f", "👍🏽 ☎\ufe0f"},
		{"replacement character", "\ufffd", "\ufffd"},
		{"backslash", `C:\new`, `C:\new`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// At every place within a word of eight bytes.
			for n := range 17 {
				pad := strings.Repeat("x", n)
				got := string(Text([]byte(">"), []byte(pad+tt.in+pad)))
				if want := ">" + pad + tt.want + pad; got != want {
					t.Fatalf("got %q, want %q", got, want)
				}
			}
		})
	}
}

// Every byte in every place of a word, beside every other byte.
func TestPlain(t *testing.T) {
	for c := range 256 {
		for at := range 16 {
			for _, next := range []byte{0, 0x1f, 'x', 0x7f, 0x80, 0xff} {
				b := bytes.Repeat([]byte{'x'}, 18)
				b[at], b[at+1] = byte(c), next
				if got, want := plain(b), first(b, ""); got != want {
					t.Fatalf("plain(%q) = %d, want %d", b, got, want)
				}
				if got, want := plainJSON(b), first(b, `"\`); got != want {
					t.Fatalf("plainJSON(%q) = %d, want %d", b, got, want)
				}
			}
		}
	}
}

// first is the plainest way to say what plain and plainJSON look for.
func first(b []byte, others string) int {
	for i, c := range b {
		if c < ' ' || c >= 0x7f || strings.IndexByte(others, c) >= 0 {
			return i
		}
	}
	return len(b)
}

func TestJSON(t *testing.T) {
	tests := []struct{ in, want string }{
		{`<a b="c"/>`, `<a b=\"c\"/>`},
		{`\`, `\\`},
		{"\n\r\t\x00\x7f", `\n\r\t\u0000\u007f`},
		{"\u0085\u202e", `\u0085\u202e`},
		{"\U000e0041", `\udb40\udc41`},
		{"é日👍", "é日👍"},
		{"\xff\xe2\x82", "\ufffd\ufffd\ufffd"},
	}
	for _, tt := range tests {
		if got := string(JSON(nil, []byte(tt.in))); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.in, got, tt.want)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "plain", "\x1b[2J\r\n", "\u202e\u200b\ufeff", "\xff\xc3(\xe2\x82", "=1,\"2\"", " x", "日本語👍🏽", "e\u0301\u0301"} {
		f.Add([]byte(s), 5)
	}
	f.Fuzz(func(t *testing.T, src []byte, width int) {
		width &= 31
		text := Text(nil, src)
		checkVisible(t, text)
		if got := Text(nil, text); !bytes.Equal(got, text) {
			t.Errorf("%q changed again, to %q", text, got)
		}
		checkJSON(t, src)
		checkCSV(t, src)
		for _, fit := range []func(dst, s []byte, width int) []byte{Fit, FitMiddle} {
			short := fit(nil, text, width)
			if w := displaywidth.Bytes(short); w > width {
				t.Errorf("%q takes up %d cells of %d", short, w, width)
			}
		}
	})
}

func checkVisible(t *testing.T, text []byte) {
	t.Helper()
	for b := text; len(b) > 0; {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 || r < ' ' || r == 0x7f || r > 0x7f && !visible(r) {
			t.Errorf("%U is left in %q", r, text)
		}
		b = b[size:]
	}
}

// checkJSON holds JSON against what encoding/json makes of it.
func checkJSON(t *testing.T, src []byte) {
	t.Helper()
	line := append(JSON([]byte{'"'}, src), '"')
	var got string
	if err := json.Unmarshal(line, &got); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	if want := string([]rune(string(src))); got != want {
		t.Errorf("%s: got %q, want %q", line, got, want)
	}
	checkVisible(t, line)
}

// checkCSV holds CSV against what encoding/csv makes of it.
func checkCSV(t *testing.T, src []byte) {
	t.Helper()
	line := append(CSV([]byte("1,"), src), ",2\n"...)
	r := csv.NewReader(bytes.NewReader(line))
	records, err := r.ReadAll()
	if err != nil || len(records) != 1 || len(records[0]) != 3 {
		t.Fatalf("%q: %q, %v", line, records, err)
	}
	got := records[0][1]
	if want := string(Text(nil, src)); got != want && got != "'"+want {
		t.Errorf("%q: got %q, want %q", line, got, want)
	}
	if got != "" && strings.ContainsAny(got[:1], "=+-@") {
		t.Errorf("%q is a formula", got)
	}
}

func TestCSV(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"plain", "plain"},
		{"a,b", `"a,b"`},
		{`say "hi"`, `"say ""hi"""`},
		{`"`, `""""`},
		{" lead", `" lead"`},
		{"=1+1", "'=1+1"},
		{"+49", "'+49"},
		{"-1,5", `"'-1,5"`},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", `'\t=1`},
		{"\r=1", `'\r=1`},
		{"a\nb", `a\nb`},
	}
	for _, tt := range tests {
		if got := string(CSV(nil, []byte(tt.in))); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestFit(t *testing.T) {
	tests := []struct {
		in          string
		width       int
		end, middle string
	}{
		{"", 0, "", ""},
		{"abc", 0, "", ""},
		{"abc", 1, "…", "…"},
		{"abcdef", 6, "abcdef", "abcdef"},
		{"abcdef", 5, "abcd…", "ab…ef"},
		{"abcdefg", 4, "abc…", "ab…g"},
		{"日本語", 6, "日本語", "日本語"},
		{"日本語", 5, "日本…", "日…語"},
		{"日本語", 4, "日…", "日…"},
		{"e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…", "e\u0301…"},
	}
	for _, tt := range tests {
		if got := string(Fit(nil, []byte(tt.in), tt.width)); got != tt.end {
			t.Errorf("Fit(%q, %d) = %q, want %q", tt.in, tt.width, got, tt.end)
		}
		if got := string(FitMiddle(nil, []byte(tt.in), tt.width)); got != tt.middle {
			t.Errorf("FitMiddle(%q, %d) = %q, want %q", tt.in, tt.width, got, tt.middle)
		}
	}
}

// Marks without end are one cell wide, and are cut nevertheless.
func TestFitMarks(t *testing.T) {
	pile := []byte("a" + strings.Repeat("\u0301", 100_000))
	for _, got := range [][]byte{Fit(nil, pile, 10), FitMiddle(nil, pile, 10)} {
		if len(got) > 2*bytesPerCell*10 {
			t.Errorf("%d bytes are left", len(got))
		}
	}
}

var corpus = map[string][]byte{
	"xml":      bytes.Repeat([]byte(`<message from="romeo@montague.example" id="m1"><body>Art thou not Romeo, and a Montague? Neither, fair saint.</body></message>`), 64),
	"ascii":    bytes.Repeat([]byte("Art thou not Romeo, and a Montague? "), 256),
	"cyrillic": bytes.Repeat([]byte("Не ты ль Ромео? "), 256),
	"accents":  bytes.Repeat([]byte("Pourquoi es-tu Roméo? Ça « ira » "), 256),
}

func BenchmarkText(b *testing.B) { benchmark(b, Text) }
func BenchmarkJSON(b *testing.B) { benchmark(b, JSON) }
func BenchmarkCSV(b *testing.B)  { benchmark(b, CSV) }

func benchmark(b *testing.B, escape func(dst, src []byte) []byte) {
	for name, src := range corpus {
		b.Run(name, func(b *testing.B) {
			var dst []byte
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				dst = escape(dst[:0], src)
			}
		})
	}
}
