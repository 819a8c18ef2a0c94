package xmlstream_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
	. "talktrace/dissect/xmlstream"
)

// TestAgainstEncodingXML holds what the Tree says of every unit that real
// servers and clients sent against what encoding/xml says of it.
func TestAgainstEncodingXML(t *testing.T) {
	files, err := filepath.Glob("../../testdata/captures/*.truth.jsonl")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files of truth, error %v", len(files), err)
	}
	seen := make(map[string]bool)
	for _, file := range files {
		headers := make(map[string]string) // by flow and direction
		for _, u := range truth(t, file) {
			way := u.Flow + u.Dir
			if u.Kind == "open" {
				headers[way] = u.XML
			}
			if headers[way] == "" { // in WebSocket and BOSH elements stand by themselves
				continue
			}
			if u.XML == "" || u.Kind == "close" || seen[headers[way]+u.XML] {
				continue
			}
			seen[headers[way]+u.XML] = true
			unit := u.XML
			if u.Kind == "open" {
				unit = ""
			}
			agree(t, headers[way], unit)
		}
	}
	if len(seen) < 2000 {
		t.Errorf("no more than %d units were compared", len(seen))
	}
}

// unitOfTruth is a unit as the endpoints of a capture kept it.
type unitOfTruth struct{ Flow, Dir, Layer, Kind, XML string }

func truth(t *testing.T, file string) (units []unitOfTruth) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(content) {
		var u unitOfTruth
		if err := json.Unmarshal(line, &u); err != nil {
			t.Fatal(err)
		}
		if u.Kind == "open" || u.Kind == "element" || u.Kind == "close" {
			units = append(units, u)
		}
	}
	return units
}

// agree checks that a header and a unit behind it (the header itself, if there
// is none) mean the same to both.
func agree(t *testing.T, header, unit string) {
	t.Helper()
	var a dissect.Arena
	p := NewParser(&dissect.Interner{})
	s := NewSplitter(AssumedScope(NSClient), 16<<20)
	var u Unit
	s.Feed([]byte(header+unit), Origin{Frame: 1})
	if !s.Next(p, &a, &u) || u.Kind != Header {
		t.Errorf("%s is no header", header)
		return
	}
	if unit != "" && (!s.Next(p, &a, &u) || u.Kind != Element || string(u.Raw) != unit) {
		t.Errorf("%s is %s behind %s: %s", unit, kindNames[u.Kind], header, u.Reason)
		return
	}
	want, err := oracle(header, unit)
	if err != nil {
		t.Errorf("encoding/xml refuses %s: %v", unit, err)
		return
	}
	if got := outline(u.Tree, 0); got != want {
		t.Errorf("%s\nis\n%sand to encoding/xml\n%s", u.Raw, got, want)
	}
}

// outline writes down an element: its name, attributes and texts, and its
// children. Namespace declarations are left out, they show in the names.
func outline(t *Tree, n int32) string {
	var b strings.Builder
	x := &t.Nodes[n]
	fmt.Fprintf(&b, "{%s}%s", x.Space, t.Local(n))
	for _, a := range t.Attrs[x.Attrs.Off:x.Attrs.End] {
		if a.Space == "xmlns" {
			continue
		}
		fmt.Fprintf(&b, " {%s}%s=%q", a.Space, t.Raw[a.Local:a.Name.End], t.Value(nil, &a))
	}
	fmt.Fprintf(&b, " %q\n", t.Text(nil, n))
	for c := x.Child; c >= 0; c = t.Nodes[c].Next {
		b.WriteString(outline(t, c))
	}
	return b.String()
}

// element is what encoding/xml makes of an element.
type element struct {
	start    xml.StartElement
	text     []byte
	children []*element
}

// oracle is outline by encoding/xml, of the last element that it opens below
// the root, or of the root.
func oracle(header, unit string) (string, error) {
	d := xml.NewDecoder(strings.NewReader(header + unit))
	var open []*element
	var last *element
	for {
		token, err := d.Token()
		if err != nil {
			if open = open[:min(len(open), 1)]; last == nil && len(open) == 1 {
				last = open[0]
			}
			// The stream is not closed, so the end is always unexpected.
			var syntax *xml.SyntaxError
			if !errors.Is(err, io.EOF) && (!errors.As(err, &syntax) || syntax.Msg != "unexpected EOF") || last == nil {
				return "", err
			}
			return last.outline(), nil
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{start: token.Copy()}
			if len(open) > 0 {
				up := open[len(open)-1]
				up.children = append(up.children, e)
			}
			if open = append(open, e); len(open) == 2 {
				last = e
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				up := open[len(open)-1]
				up.text = append(up.text, token...)
			}
		}
	}
}

func (e *element) outline() string {
	var b strings.Builder
	fmt.Fprintf(&b, "{%s}%s", e.start.Name.Space, e.start.Name.Local)
	for _, a := range e.start.Attr {
		if a.Name.Space == "xmlns" || a.Name == (xml.Name{Local: "xmlns"}) {
			continue
		}
		fmt.Fprintf(&b, " {%s}%s=%q", a.Name.Space, a.Name.Local, attributeValue(a.Value))
	}
	fmt.Fprintf(&b, " %q\n", e.text)
	for _, c := range e.children {
		b.WriteString(c.outline())
	}
	return b.String()
}

// attributeValue makes up for what encoding/xml leaves out: white space in
// attribute values becomes blanks (XML 1.0, section 3.3.3). Generated values
// hold none by reference, which would have to stay.
func attributeValue(v string) string { return strings.NewReplacer("\n", " ", "\t", " ").Replace(v) }

// TestGeneratedXML does the same with XML that no server would send.
func TestGeneratedXML(t *testing.T) {
	const header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:p='urn:p'>"
	for seed := range uint64(20000) {
		g := generator{rng: rand.New(rand.NewPCG(seed, 1)), prefixes: []string{"", "", "p"}}
		g.element(0)
		unit := g.out.String()
		agree(t, header, unit)
		want := unitsOf(header+unit, func() int { return len(header) + len(unit) })
		if got := unitsOf(header+unit, func() int { return 1 + g.rng.IntN(9) }); got != want {
			t.Errorf("cut into pieces, %s is\n%s", unit, got)
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// generator writes a random element.
type generator struct {
	rng      *rand.Rand
	out      strings.Builder
	prefixes []string
}

func (g *generator) pick(from ...string) string { return from[g.rng.IntN(len(from))] }

// space writes white space: as much as may be none, at least some.
func (g *generator) space(least int) {
	if least > 0 || g.rng.IntN(8) == 0 {
		g.out.WriteString(g.pick(" ", " ", "  ", "\n", "\t\r\n", "\r"))
	}
}

func (g *generator) name() string {
	prefix := g.pick(g.prefixes...)
	if prefix != "" {
		prefix += ":"
	}
	return prefix + g.pick("a", "b", "message", "body", "x-y.z_1", "é")
}

func (g *generator) element(depth int) {
	outer := g.prefixes
	defer func() { g.prefixes = outer }()
	var attributes []string
	switch g.rng.IntN(6) {
	case 0:
		attributes = append(attributes, "xmlns="+g.quoted(g.pick("urn:q", "", "jabber:client", "urn:&amp;&#x51;")))
	case 1:
		attributes = append(attributes, "xmlns:q="+g.quoted(g.pick("urn:q", "urn:r")))
		g.prefixes = append(slices.Clone(outer), "q")
	case 2:
		attributes = append(attributes, "xmlns:p="+g.quoted("urn:other"))
	}
	name := g.name()
	if depth == 0 && strings.Contains(name, "stream") {
		name = "iq"
	}
	for _, i := range g.rng.Perm(5)[:g.rng.IntN(4)] {
		attributes = append(attributes, []string{"to", "from", "xml:lang", "p:to", "a.b"}[i]+g.pick("=", "=", " = ", "=\n")+g.quoted(g.value()))
	}
	g.rng.Shuffle(len(attributes), func(i, j int) { attributes[i], attributes[j] = attributes[j], attributes[i] })
	g.out.WriteString("<" + name)
	for _, a := range attributes {
		g.space(1)
		g.out.WriteString(a)
	}
	g.space(0)
	if g.rng.IntN(4) == 0 {
		g.out.WriteString("/>")
		return
	}
	g.out.WriteString(">")
	for range g.rng.IntN(5) {
		if depth < 5 && g.rng.IntN(2) == 0 {
			g.element(depth + 1)
		} else {
			g.out.WriteString(g.text())
		}
	}
	g.out.WriteString("</" + name)
	g.space(0)
	g.out.WriteString(">")
}

// quoted puts a value between quotes, of which it has none of the kind.
func (g *generator) quoted(v string) string {
	if q := g.pick("'", "\""); !strings.Contains(v, q) {
		return q + v + q
	}
	return "'" + strings.ReplaceAll(v, "'", "&apos;") + "'"
}

func (g *generator) value() string {
	var v string
	for range g.rng.IntN(4) {
		v += g.pick("a", "/>", ">", "]]>", "'", "\"", "&lt;", "&#65;", "&#x20ac;", "é", "🎭", " ", "\t", "\n", "=", "]]")
	}
	return v
}

func (g *generator) text() string {
	return g.pick("text", ">", "]x", "]]x", " ", "\n", "\r\n", "\r", "'", "\"", "&lt;", "&gt;&amp;", "&quot;&apos;", "&#9;", "&#x1F3AD;",
		"é", "🎭", "/>", "<![CDATA[]]>", "<![CDATA[<a></b>&lt;]]>", "<![CDATA[]]]]><![CDATA[>]]>", "<![CDATA[\r\nx\r]]>", "<![CDATA[]]]>", "<![CDATA[x]]]]>",
		"<!---->", "<!-- <a> & ]]> -->", "<?p?>", "<?p??>", "<?p a>b <c ?>")
}

// TestCuts splits every direction of every truth, whole and cut in many ways,
// and wants the same units.
func TestCuts(t *testing.T) {
	files, err := filepath.Glob("../../testdata/captures/*.truth.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	streams := 0
	for _, file := range files {
		ways := make(map[string]string)
		for _, u := range truth(t, file) {
			ways[u.Flow+u.Dir] += u.XML
		}
		for way, stream := range ways {
			streams++
			rng := rand.New(rand.NewPCG(2, uint64(len(stream))))
			want := unitsOf(stream, func() int { return len(stream) })
			for _, size := range []func() int{
				func() int { return 1 }, func() int { return 7 }, func() int { return 1 + rng.IntN(20) }, func() int { return 1 + rng.IntN(3000) },
			} {
				if got := unitsOf(stream, size); got != want {
					t.Fatalf("%s %s: got\n%s\nwant\n%s", file, way, got, want)
				}
			}
		}
	}
	if streams < 100 {
		t.Errorf("no more than %d streams", streams)
	}
}

// unitsOf splits a stream that comes in chunks of those sizes and writes down
// its units, but for white space, which depends on the chunks.
func unitsOf(stream string, size func() int) string {
	var chunks []string
	for stream != "" {
		n := min(size(), len(stream))
		chunks, stream = append(chunks, stream[:n]), stream[n:]
	}
	var b strings.Builder
	for _, unit := range splitAll(NewSplitter(AssumedScope(NSClient), 16<<20), chunks...) {
		kind, rest, _ := strings.Cut(unit, " ")
		_, raw, _ := strings.Cut(rest, " ")
		if kind != "space" {
			fmt.Fprintf(&b, "%s %s\n", kind, raw)
		}
	}
	return b.String()
}

// FuzzSplitter feeds any bytes in any chunks. All of them come out again, in
// units or as white space between them, and while they are well-formed it does
// not matter how they were cut.
func FuzzSplitter(f *testing.F) {
	for _, stream := range []string{
		header + "<message><body>x</body></message><presence/> <iq/>\n</stream:stream>",
		header + "<a><![CDATA[</a>]]>&lt;<!-- --></a><?pi?><!-- c --><b x='>' y=\"'\"/>",
		header + "<message><body></message><presence/><iq id='1'/><a xmlns='urn:xmpp:sm:3' h='1'/>",
		"dy></message><message to='a'><body/></message><presence/><presence/><presence/>",
		header + "<message><body>" + header + "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
		header + strings.Repeat("<x>", 600) + strings.Repeat("</x>", 600) + "<presence/>",
	} {
		f.Add([]byte(stream), uint64(1), false)
		f.Add([]byte(stream), uint64(2), true)
	}
	f.Fuzz(func(t *testing.T, stream []byte, seed uint64, late bool) {
		if len(stream) > 64<<10 {
			return
		}
		whole := account(t, stream, late, func() int { return len(stream) })
		rng := rand.New(rand.NewPCG(seed, 3))
		most := 1 + int(seed%40)
		cut := account(t, stream, late, func() int { return 1 + rng.IntN(most) })
		if whole.clean && cut.clean && whole.units != cut.units {
			t.Errorf("whole\n%s\ncut\n%s", whole.units, cut.units)
		}
		if whole.clean != cut.clean && !whole.text && !cut.text {
			t.Errorf("it depends on the cuts whether it is well-formed\nwhole\n%s\ncut\n%s", whole.units, cut.units)
		}
	})
}

// reckoning is what came of a stream.
type reckoning struct {
	units string
	clean bool // there were only headers, elements and closes
	text  bool // there was text between the elements
}

// limit is the size of the elements that account lets pass.
const limit = 4 << 10

// account splits a stream and checks that no byte gets lost, doubled or out of
// order, and that little is held.
func account(t *testing.T, stream []byte, late bool, size func() int) reckoning {
	s := NewSplitter(AssumedScope(NSClient), limit)
	if late {
		s.Late()
	}
	var a dissect.Arena
	p := NewParser(&dissect.Interner{})
	r := reckoning{clean: !late}
	var out strings.Builder
	total, frame, last := 0, 0, 0
	note := func(u *Unit) {
		total += u.Length
		switch u.Kind {
		case Header, Element, Close:
			fmt.Fprintf(&out, "%s %s\n", kindNames[u.Kind], u.Raw)
			if !bytes.Contains(stream, u.Raw) || u.Length != len(u.Raw) {
				t.Errorf("nobody sent %q", u.Raw)
			}
			if u.First.Frame > u.Last.Frame || u.Last.Frame > frame || u.Last.Frame < last {
				t.Errorf("a unit from frame %d to %d in frame %d, behind one in %d", u.First.Frame, u.Last.Frame, frame, last)
			}
			last = u.Last.Frame
		case Space:
		case Text:
			r.text = true
			fallthrough
		default:
			r.clean = false
			fmt.Fprintf(&out, "%s of %d\n", kindNames[u.Kind], u.Length)
		}
	}
	var u Unit
	rest := stream
	for len(rest) > 0 {
		n := min(size(), len(rest))
		frame++
		s.Feed(rest[:n:n], Origin{Frame: frame})
		for rest = rest[n:]; s.Next(p, &a, &u); {
			note(&u)
		}
		if held := s.Buffered(); held > 16*limit+4*n {
			t.Errorf("%d bytes are held", held)
		}
	}
	s.Settle(p, &a)
	for s.Next(p, &a, &u) {
		note(&u)
	}
	for s.End(&a, &u) {
		note(&u)
	}
	if between := blanks(stream); total > len(stream) || total < len(stream)-between {
		t.Errorf("units of %d bytes out of %d, of which %d may stand between", total, len(stream), between)
	}
	r.units = out.String()
	return r
}

// blanks counts the bytes that may stand between units: white space and byte
// order marks.
func blanks(b []byte) int {
	n := 3 * bytes.Count(b, []byte("\xef\xbb\xbf"))
	for _, c := range b {
		if strings.IndexByte(" \t\r\n", c) >= 0 {
			n++
		}
	}
	return n
}
