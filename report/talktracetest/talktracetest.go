// Package talktracetest asserts on captures in Go tests: that the trace of a
// capture is still the one that was reviewed, and on its rows one by one.
//
//	func TestLogin(t *testing.T) {
//		talktracetest.Golden(t, "testdata/login.pcapng")
//	}
//
// The expectation stands beside the capture, as login.trace, in the form that
// "talktrace verify" reads and writes too. What changes from run to run, such as
// times, ports and ids, has a stable name in it, so a capture that is made anew
// need not change it. With TALKTRACE_UPDATE=1 in the environment the expectations
// are written instead of compared.
//
// TLS is opened with the keys that a pcapng file holds, and with the key log
// beside the capture: login.keys.
package talktracetest

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/dissect/engine"
	"talktrace/dissect/tls"
	"talktrace/report/transcript"
)

// updating names the variable of the environment that, unless it is empty, has
// expectations written.
const updating = "TALKTRACE_UPDATE"

// tlsKeyLog is the type of a Decryption Secrets Block that holds a key log.
const tlsKeyLog = 0x544c534b

// Options say how a capture is read and its trace written. The zero value is
// what Golden and Rows use.
type Options struct {
	// KeyLogs are the names of files in the format of NSS; where there are none,
	// the one beside the capture is taken, if it is there.
	KeyLogs []string
	// Keep are meanings, as transcript.Meanings lists them, whose values are
	// expected to be the same in each run.
	Keep []string
	// Ports fixes what servers speak on ports of their own: "xmpp" or "tls".
	Ports map[uint16]string
}

// Golden fails the test, with a difference in the unified format, if the trace
// of the capture of that name is another one than its expectation.
func Golden(t testing.TB, name string) {
	t.Helper()
	Options{}.Golden(t, name)
}

// Rows returns the rows of a capture with their XML, all fields, and what was
// found about them: answers name their requests. They may be kept. A capture that cannot be read to its end fails the test.
func Rows(t testing.TB, name string) []*dissect.Event {
	t.Helper()
	return Options{}.Rows(t, name)
}

// Golden is the function of that name, with options.
func (o Options) Golden(t testing.TB, name string) {
	t.Helper()
	w := transcript.New(transcript.Options{Keep: o.Keep})
	o.events(t, name, func(e *dissect.Event) {
		if err := w.Write(e); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}, func(err error) {
		_ = w.Close() // it cannot fail
		if err != nil {
			w.Damage(err)
		}
	})
	beside := besides(name, ".trace")
	if os.Getenv(updating) != "" {
		if err := os.WriteFile(beside, w.Text(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(beside)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.Fatalf("%s has no expectation %s; %s=1 go test writes it", name, beside, updating)
	case err != nil:
		t.Fatal(err)
	}
	want = bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))
	if d := transcript.Compare(name, want, w.Lines()); d != nil {
		t.Errorf("the trace of %s has changed; %s=1 go test writes it anew\n%s", name, updating, d.Diff)
	}
}

// Rows is the function of that name, with options.
func (o Options) Rows(t testing.TB, name string) []*dissect.Event {
	t.Helper()
	var rows []*dissect.Event
	o.events(t, name, func(e *dissect.Event) { rows = append(rows, e.Clone()) }, func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	})
	return rows
}

// events calls row for each row of a capture, and end with what went wrong in
// reading it.
func (o Options) events(t testing.TB, name string, row func(*dissect.Event), end func(error)) {
	t.Helper()
	keys := o.keys(t, name)
	src, err := pcapfile.Open(name, nil, capture.Hooks{Secrets: func(kind uint32, data []byte) {
		if kind == tlsKeyLog {
			keys.AddBlock(data, 0)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	found := analysis.New(analysis.Options{}) // puts what it finds on the rows
	defer found.End()
	want := dissect.Options{XML: true, TLS: true, Fields: dissect.AllFields()}
	for e, err := range engine.Events(src, engine.Options{Options: want, Keys: keys, Ports: o.Ports}) {
		if err != nil {
			end(err)
			return
		}
		found.Event(e)
		row(e)
	}
	end(nil)
}

// keys reads the key logs.
func (o Options) keys(t testing.TB, name string) *tls.Keys {
	t.Helper()
	keys := tls.NewKeys()
	logs := o.KeyLogs
	if beside := besides(name, ".keys"); len(logs) == 0 {
		if _, err := os.Stat(beside); err == nil {
			logs = []string{beside}
		}
	}
	for _, log := range logs {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := keys.AddLog(bytes.NewReader(text)); err != nil {
			t.Fatalf("%s: %v", log, err)
		}
	}
	return keys
}

// besides returns the name of the file with that ending beside a capture.
func besides(name, ending string) string {
	for _, compressed := range []string{".gz", ".zst", ".lz4"} {
		name = strings.TrimSuffix(name, compressed)
	}
	for _, format := range []string{".pcap", ".pcapng", ".cap"} {
		if stem, found := strings.CutSuffix(name, format); found {
			return stem + ending
		}
	}
	return name + ending
}
