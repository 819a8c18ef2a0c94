package scrub

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/dissect"
	"talktrace/dissect/engine"
	"talktrace/dissect/tls"
	"talktrace/reassembly"
)

const captures = "../../../testdata/captures"

// whole is a capture up to where it is cut off.
type whole struct{ capture.Source }

func (w whole) Next(f *capture.Frame) error {
	err := w.Source.Next(f)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return io.EOF
	}
	return err
}

func open(name string) Input {
	return func() (capture.Source, error) {
		f, err := pcapfile.Open(name, nil, capture.Hooks{})
		if err != nil {
			return nil, err
		}
		return whole{f}, nil
	}
}

func all() Options {
	return Options{Bodies: true, JIDs: true, Names: true, Addresses: true, MACs: true, Rest: true}
}

// TestCaptures scrubs the captures of real traffic in both ways.
func TestCaptures(t *testing.T) {
	names, err := filepath.Glob(captures + "/*.pcap*")
	if err != nil || len(names) < 40 {
		t.Fatalf("found %d captures: %v", len(names), err)
	}
	for _, name := range names {
		base := filepath.Base(name)
		t.Run(base, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "out.pcapng")
			if err := File(t.Context(), open(name), out, Options{}); err != nil {
				t.Fatal(err)
			}
			sameRows(t, name, out)
			stem, _, _ := strings.Cut(base, ".")
			truth := filepath.Join(captures, stem+".truth.jsonl")
			credentials, jids, bodies := confidential(t, truth, "plain", "ws", "bosh", "zlib")
			absent(t, out, credentials)
			if err := File(t.Context(), open(name), out, all()); err != nil {
				t.Fatal(err)
			}
			absent(t, out, slices.Concat(credentials, jids, bodies))
		})
	}
}

// TestOpened scrubs what is inside of the captures of real traffic.
func TestOpened(t *testing.T) {
	names, err := filepath.Glob(captures + "/*.pcap*")
	if err != nil || len(names) < 40 {
		t.Fatalf("found %d captures: %v", len(names), err)
	}
	for _, name := range names {
		base := filepath.Base(name)
		stem, _, _ := strings.Cut(base, ".")
		t.Run(base, func(t *testing.T) {
			t.Parallel()
			keys := tls.NewKeys()
			if log, err := os.Open(filepath.Join(captures, stem+".keys")); err == nil {
				_, err = keys.AddLog(log)
				if err := errors.Join(err, log.Close()); err != nil {
					t.Fatal(err)
				}
			}
			in := Opened(open(name), engine.Options{Keys: keys, Workers: 1}, nil)
			out := filepath.Join(t.TempDir(), "out.pcapng")
			if err := File(t.Context(), in, out, Options{}); err != nil {
				t.Fatal(err)
			}
			sameTrace(t, in, open(out))
			credentials, jids, bodies := confidential(t, filepath.Join(captures, stem+".truth.jsonl"), "plain", "tls", "ws", "bosh", "zlib")
			absent(t, out, credentials)
			if err := File(t.Context(), in, out, all()); err != nil {
				t.Fatal(err)
			}
			absent(t, out, slices.Concat(credentials, jids, bodies))
		})
	}
}

// rowsOf returns the rows of a capture as text, with their secrets or without.
func rowsOf(t *testing.T, in Input, secrets bool) (rows []string) {
	src, err := in()
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	for e, err := range engine.Events(src, engine.Options{Options: dissect.Options{XML: true, ShowSecrets: secrets}, Workers: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		row := strings.Join([]string{e.Source(), e.Destination(), e.Kind, string(e.Info), string(e.ID), string(e.From), string(e.To)}, " ")
		if e.Kind != dissect.KindMalformed && e.Kind != dissect.KindUnfinished { // nothing but names is left of these
			row += string(e.XML)
		}
		rows = append(rows, row)
	}
	return rows
}

// sameRows compares all that is shown of two captures.
func sameRows(t *testing.T, before, after string) {
	t.Helper()
	sameTrace(t, open(before), open(after))
}

func sameTrace(t *testing.T, before, after Input) {
	t.Helper()
	was, is := rowsOf(t, before, false), rowsOf(t, after, false)
	if len(was) != len(is) {
		t.Fatalf("%d rows became %d", len(was), len(is))
	}
	for i := range was {
		if was[i] != is[i] {
			t.Errorf("row %d was\n%s\nand is\n%s", i+1, was[i], is[i])
		}
	}
}

var address = regexp.MustCompile(`[A-Za-z0-9._-]+@[a-z0-9.-]+[a-z]`)

// confidential returns what the endpoints say they sent that nobody is to see.
// It is read by another XML parser than ours.
func confidential(t *testing.T, truth string, layers ...string) (credentials, jids, bodies []string) {
	f, err := os.Open(truth)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewReader(f); ; {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		var unit struct{ Layer, XML string }
		if json.Unmarshal(line, &unit) != nil || !slices.Contains(layers, unit.Layer) {
			continue
		}
		for _, jid := range address.FindAllString(unit.XML, -1) {
			_, domain, _ := strings.Cut(jid, "@")
			jids = append(jids, jid, domain)
		}
		d := xml.NewDecoder(strings.NewReader(unit.XML))
		d.Strict = false
		for name := ""; ; {
			token, err := d.Token()
			if err != nil {
				break
			}
			switch x := token.(type) {
			case xml.StartElement:
				name = x.Name.Local
			case xml.CharData:
				switch text := strings.TrimSpace(string(x)); name {
				case "auth", "response", "challenge", "password", "digest":
					credentials = append(credentials, text)
					if plain, err := base64.StdEncoding.DecodeString(text); err == nil && bytes.Count(plain, []byte{0}) == 2 {
						credentials = append(credentials, string(plain[bytes.LastIndexByte(plain, 0)+1:]))
					}
				case "body", "subject":
					bodies = append(bodies, text)
				}
			}
		}
	}
	return credentials, jids, bodies
}

// bytesOf returns all that a capture holds: the file, and what is said in it.
func bytesOf(t *testing.T, name string) []byte {
	held, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	src, err := open(name)()
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	said := &listener{streams: make(map[*reassembly.Conn]*[2][]byte)}
	asm := reassembly.New(said, reassembly.Limits{})
	var f capture.Frame
	for src.Next(&f) == nil {
		asm.Frame(&f)
	}
	asm.Close()
	for _, s := range said.streams {
		held = append(append(append(append(held, '\n'), s[0]...), '\n'), s[1]...)
	}
	for _, row := range rowsOf(t, open(name), true) {
		held = append(append(held, '\n'), row...)
	}
	return held
}

// listener keeps what is said on connections.
type listener struct {
	streams map[*reassembly.Conn]*[2][]byte
}

func (l *listener) Chunk(c *reassembly.Conn, ch reassembly.Chunk) {
	if l.streams[c] == nil {
		l.streams[c] = new([2][]byte)
	}
	l.streams[c][ch.From] = append(l.streams[c][ch.From], ch.Data...)
}
func (l *listener) End(*reassembly.Conn, reassembly.Side, reassembly.EndReason, int, int64) {}
func (l *listener) Free(*reassembly.Conn)                                                   {}

// absent looks for values in all forms, where they are long enough not to be
// there by chance.
func absent(t *testing.T, name string, values []string) {
	t.Helper()
	held := bytesOf(t, name)
	slices.Sort(values)
	for _, v := range slices.Compact(values) {
		if len(v) < 8 {
			continue
		}
		reversed := []byte(v)
		slices.Reverse(reversed)
		forms := []string{v, string(reversed), string(escapeXML([]byte(v)))}
		for shift := range 3 {
			in := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + v))
			forms = append(forms, in[(shift*8+5)/6:(shift+len(v))*8/6])
		}
		for _, form := range forms {
			if bytes.Contains(held, []byte(form)) {
				t.Errorf("%q is still there, as %q", v, form)
			}
		}
	}
}
