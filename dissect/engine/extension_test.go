package engine_test

import (
	"bytes"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
	"talktrace/dissect/xmpp"
)

var update = flag.Bool("update", false, "write what the extensions say into testdata/extension")

// Each file of testdata/extension holds elements (in) and what is made of them
// (out): the row's kind and Info, and the fields as a tree. An element begins
// with C or S, for who sent it, and may go on over lines.
func TestExtensions(t *testing.T) {
	files, err := filepath.Glob("../../testdata/extension/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	seen := map[*dissect.Extension]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil || len(a.Files) == 0 || a.Files[0].Name != "in" {
				t.Fatalf("no in: %v", err)
			}
			out := dissectAll(a.Files[0].Data, seen)
			if *update {
				a.Files = append(a.Files[:1], txtar.File{Name: "out", Data: out})
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil { //nolint:gosec // a test file
					t.Fatal(err)
				}
				return
			}
			if len(a.Files) != 2 || !bytes.Equal(a.Files[1].Data, out) {
				t.Errorf("out is not what it was; it is now:\n%s", out)
			}
		})
	}
	for _, x := range dissect.Extensions() {
		if !seen[x] {
			t.Errorf("%s, %s: no file of testdata/extension has one of its elements", x.Spec, x.Title)
		}
	}
}

// dissectAll dissects elements on one stream and writes what comes of them. It
// notes the extensions that had a part in it.
func dissectAll(in []byte, seen map[*dissect.Extension]bool) []byte {
	c := dissect.NewContext(dissect.Options{Fields: dissect.AllFields(), XML: true})
	c.Conn = &dissect.Conn{Addr: [2]netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:40000"), netip.MustParseAddrPort("192.0.2.2:5222")}}
	s := xmpp.New(xmpp.Config{Via: "tcp", TLS: ignored, Deflate: ignored}, c.MaxStanza)
	send := func(from dissect.Sender, b []byte) {
		s.Data(c, from, dissect.Bytes{Data: b, Frame: 1})
	}
	send(dissect.Client, []byte(head))
	send(dissect.Server, []byte(head))
	c.Events = c.Events[:0]
	var element []byte
	flush := func() {
		if len(element) > 2 {
			from := dissect.Client
			if element[0] == 'S' {
				from = dissect.Server
			}
			send(from, bytes.TrimSuffix(element[2:], []byte{'\n'}))
		}
		element = nil
	}
	for line := range bytes.Lines(in) {
		if bytes.HasPrefix(line, []byte("C ")) || bytes.HasPrefix(line, []byte("S ")) {
			flush()
		}
		element = append(element, line...)
	}
	flush()
	s.End(c, dissect.Client, dissect.EndCapture)
	s.End(c, dissect.Server, dissect.EndCapture)
	var out bytes.Buffer
	for i := range c.Events {
		writeRow(&out, &c.Events[i])
		declarations(c, c.Events[i].XML, seen)
	}
	return out.Bytes()
}

// nothing is a layer that reads nothing.
type nothing struct{}

func ignored(string) dissect.Layer { return nothing{} }

func (nothing) Data(*dissect.Context, dissect.Sender, dissect.Bytes) {}
func (nothing) Gap(*dissect.Context, dissect.Sender, int64)          {}
func (nothing) End(*dissect.Context, dissect.Sender, dissect.End)    {}

func writeRow(out *bytes.Buffer, e *dissect.Event) {
	fmt.Fprintf(out, "%s %s  %s\n", strings.ToUpper(e.Sender.String()[:1]), e.Kind, e.Info)
	for _, f := range e.Fields {
		fmt.Fprintf(out, "%s%s", strings.Repeat("    ", int(f.Level)+1), f.Def.Name)
		if f.Def.Type != dissect.Presence {
			fmt.Fprintf(out, ": %s", strings.ReplaceAll(string(f.Text), "\n", `\n`))
		}
		fmt.Fprintln(out)
	}
	for _, n := range e.Notes {
		fmt.Fprintf(out, "    [%s %s] %s\n", n.Severity, n.ID, n.Text)
	}
}

// declarations notes the extensions that declare something in a unit.
func declarations(c *dissect.Context, xml []byte, seen map[*dissect.Extension]bool) {
	split := xmlstream.NewSplitter(xmlstream.AssumedScope(xmlstream.NSClient), 1<<20)
	split.Feed(xml, xmlstream.Origin{Frame: 1})
	var u xmlstream.Unit
	for split.Next(c.Parser, &c.Arena, &u) {
		if u.Tree == nil {
			continue
		}
		for n := range u.Tree.Nodes {
			if el := dissect.LookupElement(u.Tree.Nodes[n].Space, u.Tree.Local(int32(n))); el != nil {
				seen[el.Extension()] = true
				for _, a := range el.Added() {
					seen[a.Extension()] = true
				}
			}
		}
		for i := range u.Tree.Attrs {
			a := &u.Tree.Attrs[i]
			if def := dissect.LookupAttribute(a.Space, u.Tree.Raw[a.Local:a.Name.End]); def != nil {
				seen[def.Extension()] = true
			}
		}
	}
}

// Whatever the shape of an element, its fields lie inside it, in the order of a
// tree, and nothing of it is hidden in one place and shown in another.
func FuzzExtensions(f *testing.F) {
	files, _ := filepath.Glob("../../testdata/extension/*.txtar")
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for line := range bytes.Lines(a.Files[0].Data) {
			if len(line) > 2 {
				f.Add(line[2:], line[0] == 'S')
			}
		}
	}
	f.Fuzz(func(t *testing.T, element []byte, fromServer bool) {
		c := dissect.NewContext(dissect.Options{Fields: dissect.AllFields(), XML: true, Raw: true, Parts: true})
		c.Conn = &dissect.Conn{}
		s := xmpp.New(xmpp.Config{Via: "tcp", TLS: ignored, Deflate: ignored}, 1<<16)
		from := dissect.Client
		if fromServer {
			from = dissect.Server
		}
		s.Data(c, from, dissect.Bytes{Data: []byte(head), Frame: 1})
		half := len(element) / 2
		s.Data(c, from, dissect.Bytes{Data: element[:half], Frame: 2})
		s.Data(c, from, dissect.Bytes{Data: element[half:], Frame: 3})
		for i := range c.Events {
			checkFields(t, &c.Events[i])
		}
	})
}

func checkFields(t *testing.T, e *dissect.Event) {
	t.Helper()
	level := -1
	for i := range e.Fields {
		f := &e.Fields[i]
		switch {
		case f.Off > f.End || int(f.End) > e.Length:
			t.Errorf("%s is at %d to %d of %d bytes", f.Def.Name, f.Off, f.End, e.Length)
		case int(f.Level) > level+1:
			t.Errorf("%s is at level %d, below one at %d", f.Def.Name, f.Level, level)
		case f.Hidden && string(f.Text) != dissect.Redacted:
			t.Errorf("%s is hidden and says %q", f.Def.Name, f.Text)
		}
		level = int(f.Level)
	}
}
