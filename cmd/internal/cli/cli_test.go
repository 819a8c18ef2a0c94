package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"talktrace/capture"
	"talktrace/dissect"
	"talktrace/report"
)

var session = filepath.Join("..", "..", "..", "testdata", "captures", "plain-session.pcap")

// run runs the command with standard output going to out.
func run(t *testing.T, out *os.File, args ...string) (status int, complaint string) {
	t.Helper()
	errs, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer errs.Close()
	status = Run(args, Streams{In: os.Stdin, Out: out, Err: errs})
	text, err := os.ReadFile(errs.Name())
	if err != nil {
		t.Fatal(err)
	}
	return status, string(text)
}

func TestStatus(t *testing.T) {
	out, err := os.Create(filepath.Join(t.TempDir(), "stdout"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	tests := []struct {
		args string
		want int
	}{
		{session, 0},
		{"version", 0},
		{"--help", 0},
		{"", 2},
		{"-T text", 2},
		{"--nonsense", 2},
		{"nowhere.pcap", 2},
		{"version more", 2},
		{"-c -1 " + session, 2},
		{"-i lo -i lo", 2},
		{filepath.Join(filepath.Dir(session), "cut-file.pcap"), 2},
	}
	for _, tt := range tests {
		status, complaint := run(t, out, strings.Fields(tt.args)...)
		if status != tt.want {
			t.Errorf("talktrace %s: status %d, want %d: %s", tt.args, status, tt.want, complaint)
		}
		if (complaint == "") != (status == 0) {
			t.Errorf("talktrace %s: status %d and %q", tt.args, status, complaint)
		}
	}
}

// A closed pipe ends the trace, and is nobody's fault.
func TestClosedPipe(t *testing.T) {
	for _, format := range []string{"text", "table", "jsonl", "csv"} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		status, complaint := run(t, w, "-l", "-T", format, session)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if status != 0 || complaint != "" {
			t.Errorf("-T %s: status %d, %q", format, status, complaint)
		}
	}
}

func TestExplain(t *testing.T) {
	var out bytes.Buffer
	explain(&out, errors.Join(
		&capture.Error{File: "a\x1b.pcap", Err: syscall.ENOENT, Hint: "look\nelsewhere"},
		errSilent,
		misuse("", "wrong")))
	want := `talktrace: error: a\x1b.pcap: no such file or directory
talktrace: hint: look\nelsewhere
talktrace: error: wrong
`
	if out.String() != want {
		t.Errorf("got %s", out.String())
	}
}

func TestDecodeAs(t *testing.T) {
	var d decodeAs
	for _, spec := range []string{"tcp.port==7400,xmpp", "tcp.port==65534-65535, tls", "tcp.port==7400,tls"} {
		if err := d.Set(spec); err != nil {
			t.Errorf("%s: %v", spec, err)
		}
	}
	if want := (decodeAs{7400: "tls", 65534: "tls", 65535: "tls"}); !maps.Equal(d, want) {
		t.Errorf("got %v", d)
	}
	for _, spec := range []string{
		"", "7400,xmpp", "tcp.port==,xmpp", "tcp.port==1-,xmpp", "tcp.port==2-1,xmpp",
		"tcp.port==65536,xmpp", "tcp.port==1", "tcp.port==1,http", "udp.port==1,xmpp", "tcp.port==-1,xmpp",
	} {
		if err := d.Set(spec); err == nil {
			t.Errorf("%q has a meaning", spec)
		}
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]string{"1": "1", "1023": "1023", "1024": "1K", "16M": "16M", "3k": "3K", "2047M": "2047M", "1536": "1536", "1536K": "1536K"} {
		var s size
		if err := s.Set(text); err != nil || s.String() != want {
			t.Errorf("%s is %s, want %s (%v)", text, s.String(), want, err)
		}
	}
	for _, text := range []string{"", "0", "-1", "K", "1G", "2048M", "99999999999999999999", "1.5M"} {
		var s size
		if err := s.Set(text); err == nil {
			t.Errorf("%q is %d", text, s)
		}
	}
}

// open opens the session with a context of its own.
func open(t *testing.T, names *nameBlocks) (*input, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	in, err := openInput(ctx, &options{files: []string{session}}, Streams{}, names, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	return in, cancel
}

// An interrupt ends the reading of a file with an error, since part of it was
// not read; a stream that has no end of its own just ends.
func TestInterrupt(t *testing.T) {
	in, cancel := open(t, nil)
	var f capture.Frame
	if err := in.Next(&f); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := in.Next(&f); !errors.Is(err, errInterrupted) {
		t.Errorf("a file ends with %v", err)
	}
	in.live = true
	if err := in.Next(&f); !errors.Is(err, io.EOF) {
		t.Errorf("a live capture ends with %v", err)
	}
}

func TestProgress(t *testing.T) {
	in, _ := open(t, nil)
	var rows atomic.Int64
	rows.Store(76)
	var out bytes.Buffer
	p := watch(in, &rows, &out)
	p.begun = time.Now().Add(time.Hour)
	p.update()
	if out.Len() > 0 {
		t.Errorf("a short input shows %q", out.String())
	}
	p.begun = time.Now().Add(-time.Hour)
	var f capture.Frame
	if err := in.Next(&f); err != nil {
		t.Fatal(err)
	}
	p.update()
	if got := out.String(); !strings.Contains(got, "76 rows") || !strings.Contains(got, "%") {
		t.Errorf("a long input shows %q", got)
	}
	p.close()
}

// A name becomes known to the rows of the frames behind it, however far ahead
// it was read.
func TestNameBlocks(t *testing.T) {
	addr := netip.MustParseAddr("192.0.2.1")
	at := netip.AddrPortFrom(addr, 5222)
	e := &dissect.Event{Conn: &dissect.Conn{Addr: [2]netip.AddrPort{at, at}, Text: [2]string{"", "unknown"}}}
	var names report.Names
	var blocks nameBlocks
	blocks.passed(7)
	blocks.add(addr, "capulet.example")
	blocks.passed(100)

	blocks.tell(7, &names)
	if text, _ := names.End(e, dissect.Server); text != "unknown" {
		t.Errorf("at frame 7 it is %s", text)
	}
	blocks.tell(8, &names)
	if text, _ := names.End(e, dissect.Server); text != "capulet.example" {
		t.Errorf("at frame 8 it is %s", text)
	}
	for range maxWaiting + 1 {
		blocks.add(addr, "again")
	}
	if len(blocks.waiting) != maxWaiting {
		t.Errorf("%d names wait", len(blocks.waiting))
	}
}

// All help fits a terminal, whatever the verb.
func TestHelpFits(t *testing.T) {
	root := newRoot(Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	verbs := []*cobra.Command{root}
	for i := 0; i < len(verbs); i++ {
		verbs = append(verbs, verbs[i].Commands()...)
	}
	if len(verbs) < 15 {
		t.Fatalf("%d verbs", len(verbs))
	}
	for _, c := range verbs {
		var help bytes.Buffer
		c.SetOut(&help)
		if err := c.Help(); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(help.String()) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > columns {
				t.Errorf("talktrace %s: %d columns: %s", c.Name(), n, line)
			}
		}
	}
}

// Who checks an interface learns when there will be results.
func TestTellEnd(t *testing.T) {
	for _, c := range []struct {
		interfaces, files []string
		stop              string
		want              bool
	}{
		{interfaces: []string{"lo"}, want: true},
		{interfaces: []string{"lo"}, stop: "duration:1"},
		{interfaces: []string{"lo"}, stop: "packets:1"},
		{interfaces: []string{"-"}}, // which ends
		{files: []string{session}},
	} {
		x := checking{options: options{interfaces: c.interfaces, files: c.files}}
		x.writing.stops.known = []string{"duration", "packets"}
		if c.stop != "" {
			if err := x.writing.stops.Set(c.stop); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		x.tellEnd(&out)
		if told := strings.Contains(out.String(), "Ctrl-C"); told != c.want {
			t.Errorf("%+v: %q", c, out.String())
		}
	}
}
