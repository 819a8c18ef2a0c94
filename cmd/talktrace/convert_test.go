package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"talktrace/cmd/internal/cli"
)

// retold is what has to be the same in a row of a conversation that is written in
// another form.
type retold struct {
	Kind, Sender, Xmlns, Type, ID, From, To, Info, Time, Client, Server string
	XML                                                                 *string
}

// run runs the command and returns what it wrote to standard output.
func run(t *testing.T, args ...string) []byte {
	t.Helper()
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	said, err := os.Create(filepath.Join(t.TempDir(), "err"))
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	in, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if status := cli.Run(args, cli.Streams{In: in, Out: out, Err: said}); status != 0 {
		text, _ := os.ReadFile(said.Name())
		if !bytes.Contains(text, []byte("cut off in the middle")) {
			t.Fatalf("talktrace %q: status %d: %s", args, status, text)
		}
	}
	text, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// toldRows returns the rows with XML of each side of each connection.
func toldRows(t *testing.T, args ...string) map[[2]string][]retold {
	t.Helper()
	rows := map[[2]string][]retold{}
	for line := range bytes.Lines(run(t, slices.Concat(args, []string{"-T", "jsonl", "--show-secrets"})...)) {
		var r struct {
			retold
			Source, Destination, Protocol string
		}
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		if r.XML == nil || r.Protocol == "BOSH" {
			continue
		}
		r.Client, r.Server = r.Source, r.Destination
		if r.Sender == "server" {
			r.Client, r.Server = r.Server, r.Client
		}
		at, err := time.Parse(time.RFC3339Nano, r.Time)
		if err != nil {
			t.Fatal(err)
		}
		r.Time = at.UTC().Format(time.RFC3339Nano) // without the zeros that only one of the files has
		key := [2]string{r.Client, r.Sender}
		rows[key] = append(rows[key], r.retold)
	}
	return rows
}

// What is written as it was inside of whatever it travelled in says the same: row by
// row what, by whom, when and between whom. So does the XML document.
func TestRetold(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*.pcap*", "tls/*.pcap"} {
		found, err := filepath.Glob(filepath.Join(captureDir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 80 {
		t.Errorf("there are no more than %d captures", len(files))
	}
	// What is no XML is kept up to a bound; what is more of it is a hole.
	rest := regexp.MustCompile(`(the rest of what was cut by lost bytes), \d+ bytes`)
	web := regexp.MustCompile(`:(5280|5281|443)$`) // what comes without HTTP comes on the port for that
	for _, file := range files {
		t.Run(strings.TrimPrefix(file, captureDir+"/"), func(t *testing.T) {
			stem, _, _ := strings.Cut(filepath.Base(file), ".pcap")
			stem = filepath.Join(filepath.Dir(file), stem)
			args := []string{"-r", file}
			if _, err := os.Stat(stem + ".keys"); err == nil {
				args = append(args, "--keylog", stem+".keys")
			} else if filepath.Base(filepath.Dir(file)) == "tls" {
				args = append(args, "--rsa-key", filepath.Join(filepath.Dir(file), "server.key"))
			}
			want := toldRows(t, args...)
			for _, form := range [][]string{{"--open", "x.pcapng"}, {"--open", "x.pcap", "-F", "nsecpcap"}, {"--format=xml", "x.xml"}} {
				if len(want) == 0 {
					continue // what is not opened has nothing to tell
				}
				out := filepath.Join(t.TempDir(), form[1])
				run(t, slices.Concat([]string{"convert"}, args, []string{form[0], "--show-secrets", "-w", out}, form[2:])...)
				got := toldRows(t, "-r", out)
				if len(got) != len(want) {
					t.Errorf("%s: %d sides, want %d", form[1], len(got), len(want))
				}
				for side, rows := range want {
					if len(got[side]) != len(rows) {
						t.Fatalf("%s: %d rows of %v, want %d", form[1], len(got[side]), side, len(rows))
					}
					for i, w := range rows {
						g := got[side][i]
						if *g.XML != *w.XML {
							t.Fatalf("%s: XML %q, want %q", form[1], *g.XML, *w.XML)
						}
						g.XML, w.XML = nil, nil
						g.Info, w.Info = rest.ReplaceAllString(g.Info, "$1"), rest.ReplaceAllString(w.Info, "$1")
						g.Server, w.Server = web.ReplaceAllString(g.Server, ":5222"), web.ReplaceAllString(w.Server, ":5222")
						if g != w {
							t.Fatalf("%s: row %d of %v:\n%+v, want\n%+v", form[1], i, side, g, w)
						}
					}
				}
			}
		})
	}
}
