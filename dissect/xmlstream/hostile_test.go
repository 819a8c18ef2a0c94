package xmlstream_test

import (
	"fmt"
	"strings"
	"testing"

	"talktrace/dissect"
	. "talktrace/dissect/xmlstream"
)

// TestLongPrefix holds the two machines together: a header with a long prefix
// is one also where it comes in pieces.
func TestLongPrefix(t *testing.T) {
	const header = "<averylongprefixofall:stream xmlns:averylongprefixofall='http://etherx.jabber.org/streams'>"
	for cut := range len(header) {
		got := splitAll(started(1<<20), header[:cut], header[cut:], "<a/>")
		want := "element 3-3 <a/>"
		if n := len(got); n != 2 || got[1] != want || !strings.HasPrefix(got[0], "header ") {
			t.Fatalf("cut at %d: %q", cut, got)
		}
	}
}

// TestOversized sees to it that of an element over the limit the first bytes are
// shown, and no others, however it is cut.
func TestOversized(t *testing.T) {
	element := "<message to='juliet'><body>" + strings.Repeat("0123456789", 400) + "</body></message>"
	for _, size := range []int{1, 7, 100, 1500, 3000, 10000} {
		s := started(2000)
		splitAllInto(s, header)
		var chunks []string
		for rest := element + "<presence/>"; rest != ""; {
			n := min(size, len(rest))
			chunks, rest = append(chunks, rest[:n]), rest[n:]
		}
		got := splitAll(s, chunks...)
		if len(got) != 2 {
			t.Errorf("chunks of %d: %d units", size, len(got))
			continue
		}
		_, raw, _ := strings.Cut(got[0], " <")
		if !strings.HasPrefix(got[0], "malformed ") || !strings.HasPrefix(element, "<"+raw) || len(raw) < 1000 || len(raw) > 2000 {
			t.Errorf("chunks of %d: an oversized element gives %.60s… of %d bytes", size, got[0], len(raw))
		}
		if !strings.HasSuffix(got[1], "<presence/>") {
			t.Errorf("chunks of %d: then comes %s", size, got[1])
		}
	}
}

// TestRestartInOversized cuts a header that comes within an oversized element
// at every place.
func TestRestartInOversized(t *testing.T) {
	for _, header := range []string{header, header[strings.Index(header, "?>")+2:]} {
		for cut := range len(header) {
			s := started(2000)
			splitAllInto(s, header)
			got := splitAll(s, "<message><body>", strings.Repeat("x", 3000), header[:cut], header[cut:], "<a/>")
			if len(got) != 3 || !strings.HasPrefix(got[0], "malformed ") || !strings.HasSuffix(got[1], " "+header) || !strings.HasSuffix(got[2], " <a/>") {
				t.Fatalf("cut at %d: %.200q", cut, got)
			}
		}
	}
}

// TestUnboundAttribute sees to it that an attribute whose prefix nothing
// declares is not taken for the one without a prefix.
func TestUnboundAttribute(t *testing.T) {
	p, u := parse(t, "<message x:to='a' to='b' x:from='c'/>")
	defer p()
	if a := u.Tree.Attr(0, "to"); a == nil || string(u.Tree.Bytes(a.Value)) != "b" {
		t.Errorf("to is not b")
	}
	if u.Tree.Attr(0, "from") != nil {
		t.Errorf("x:from is taken for from")
	}
	if u.Flags&UnboundPrefix == 0 {
		t.Errorf("nobody says that x is unbound")
	}
}

// TestInstructionInText leaves a processing instruction out of the text as a
// whole, whatever stands in it.
func TestInstructionInText(t *testing.T) {
	p, u := parse(t, "<body>a<?x b>c ?>d<!-- > -->e<![CDATA[<?f?>]]></body>")
	defer p()
	if got := string(u.Tree.Text(nil, 0)); got != "ade<?f?>" {
		t.Errorf("the text is %q", got)
	}
}

// TestDeclarationBytes holds an XML declaration to the rules for characters.
func TestDeclarationBytes(t *testing.T) {
	for _, bad := range []string{"\xff", "\x01", "\xef\xbf\xbe"} {
		got := splitAll(started(1<<20), "<?xml version='1.0' "+bad+"?><stream:stream>")
		if len(got) == 0 || strings.HasPrefix(got[0], "header") {
			t.Errorf("%q passes in a declaration", bad)
		}
	}
}

// TestGapInSearch keeps bytes on both sides of a hole apart: glued together
// they would make names and values that nobody sent.
func TestGapInSearch(t *testing.T) {
	s := started(1 << 20)
	splitAllInto(s, header)
	got := splitAll(s, "<iq><query>", "GAP 5", "x</query><pass", "GAP 5", "SECRET</password></query></iq>")
	for _, unit := range got {
		if strings.Contains(unit, "passSECRET") {
			t.Errorf("bytes on both sides of a hole are one unit: %s", unit)
		}
	}
}

// TestNestedBehindDamage does not take for a stanza what stands in a broken
// element, however neatly it begins behind the break.
func TestNestedBehindDamage(t *testing.T) {
	for _, chunks := range [][]string{
		{"<iq type='set' id='1'><x y=<message to='b' id='12345678901234567890'/></x></iq>", "<presence/>", "<iq id='2'/>"},
		{"<iq type='set' id='1'><x y=<message to='b' id='12345678901234567890'/>", "</x></iq>", "<presence/>", "<iq id='2'/>"},
	} {
		s := started(1 << 20)
		splitAllInto(s, header)
		for _, unit := range splitAll(s, chunks...) {
			if strings.HasPrefix(unit, "element ") && strings.Contains(unit, "<message") {
				t.Errorf("an invented stanza: %s", unit)
			}
		}
	}
}

// TestSearchIsLinear feeds what once cost the square of its length. It asserts
// by running at all: with quadratic cost it takes hours.
func TestSearchIsLinear(t *testing.T) {
	const header = "<stream:stream>"
	tag := "<message to='a' b='" + strings.Repeat("x", 1<<20) + "'>"
	for name, chunks := range map[string][]string{
		"a large start tag, then drops": append([]string{header, "GAP 1", tag}, repeat("y", 1<<15)...),
		"end tags without an end":       {header, "<a></b>" + strings.Repeat("</", 1<<20)},
	} {
		t.Run(name, func(t *testing.T) {
			if got := splitAll(started(16<<20), chunks...); len(got) < 2 {
				t.Errorf("%d units", len(got))
			}
		})
	}
}

func repeat(s string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = s
	}
	return all
}

// TestTreeIsBounded sees to it that not only elements but also attributes are
// kept in bounds.
func TestTreeIsBounded(t *testing.T) {
	var element strings.Builder
	element.WriteString("<iq>")
	for range 4000 {
		element.WriteString("<a")
		for i := range 250 {
			fmt.Fprintf(&element, " a%d=''", i)
		}
		element.WriteString("/>")
	}
	element.WriteString("</iq>")
	p, u := parse(t, element.String())
	defer p()
	if !u.Tree.Cut || len(u.Tree.Attrs) > 1<<19 {
		t.Errorf("a tree of %d attributes, cut: %v", len(u.Tree.Attrs), u.Tree.Cut)
	}
}

// parse reads one element. The unit is good until the returned function is
// called.
func parse(t *testing.T, element string) (done func(), unit *Unit) {
	t.Helper()
	s := started(16 << 20)
	splitAllInto(s, header)
	var a dissect.Arena
	var u Unit
	s.Feed([]byte(element), Origin{Frame: 1})
	if !s.Next(NewParser(&dissect.Interner{}), &a, &u) || u.Kind != Element {
		t.Fatalf("%.100s is no element", element)
	}
	return func() { a.Reset() }, &u
}
