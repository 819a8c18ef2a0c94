// Package talktracetest asserts on captures in Go tests: that the trace of a
// capture is still the one that was reviewed, and on its rows one by one.
//
//	func TestLogin(t *testing.T) {
//		talktracetest.Golden(t, "testdata/login.pcapng")
//	}
//
// The expectation stands beside the capture, as login.trace, in the form that
// "talktrace verify" reads and writes too, with the same options: those in the
// .talktrace.toml beside the capture hold here too. What changes from run to run, such as
// times, ports and ids, has a stable name in it, so a capture that is made anew
// need not change it. With TALKTRACE_UPDATE=1 in the environment the expectations
// are written instead of compared.
//
// TLS is opened with the keys that a pcapng file holds, and with the key log
// beside the capture, login.keys, or those that .talktrace.toml names.
package talktracetest

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"testing"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/dissect/engine"
	"talktrace/dissect/tls"
	"talktrace/report/fixture"
	"talktrace/report/transcript"
)

// updating names the variable of the environment that, unless it is empty, has
// expectations written.
const updating = "TALKTRACE_UPDATE"

// tlsKeyLog is the type of a Decryption Secrets Block that holds a key log.
const tlsKeyLog = 0x544c534b

// Options say how a capture is read and its trace written, besides what the
// .talktrace.toml in the capture's folder says. The zero value, which adds nothing
// to that, is what Golden and Rows use. What is set here is unknown to "talktrace
// verify": where a project runs both, the file is the place for it.
type Options struct {
	// KeyLogs are the names of files in the format of NSS, by which those that the
	// folder has are replaced.
	KeyLogs []string
	// Keep are meanings, as transcript.Meanings lists them, whose values are
	// expected to be the same in each run.
	Keep []string
	// Ports fixes what servers speak on ports of their own: "xmpp" or "tls".
	Ports map[uint16]string
}

// fixture returns a capture with its options.
func (o Options) fixture(t testing.TB, name string) *fixture.Fixture {
	t.Helper()
	f, err := fixture.Of(name)
	if err != nil {
		t.Fatal(err)
	}
	if len(o.KeyLogs) > 0 {
		f.Options.KeyLog = o.KeyLogs
	}
	f.Options.Keep = slices.Concat(f.Options.Keep, o.Keep)
	return &f
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
	f := o.fixture(t, name)
	how, err := f.Options.Transcript()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	chosen, err := f.Options.Choose()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	w := transcript.New(how)
	o.events(t, f, func(e *dissect.Event) {
		if chosen != nil && !chosen.Match(e) {
			return
		}
		if err := w.Write(e); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}, func(err error) {
		_ = w.Close() // it cannot fail
		if err != nil {
			w.Damage(err)
		}
	})
	if w.Empty() {
		t.Fatalf("%s: %v", name, transcript.ErrNoRows)
	}
	want, err := os.ReadFile(f.Expected)
	if os.Getenv(updating) != "" {
		if err == nil && transcript.Compare(name, want, w.Lines()) == nil {
			return
		}
		if err := os.WriteFile(f.Expected, w.Text(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.Fatalf("%s has no expectation %s; %s=1 go test writes it", name, f.Expected, updating)
	case err != nil:
		t.Fatal(err)
	}
	if d := transcript.Compare(name, want, w.Lines()); d != nil {
		t.Errorf("the trace of %s has changed; %s=1 go test writes it anew\n%s", name, updating, d.Diff)
	}
}

// Rows is the function of that name, with options.
func (o Options) Rows(t testing.TB, name string) []*dissect.Event {
	t.Helper()
	var rows []*dissect.Event
	o.events(t, o.fixture(t, name), func(e *dissect.Event) { rows = append(rows, e.Clone()) }, func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	})
	return rows
}

// events calls row for each row of a capture, and end with what went wrong in
// reading it.
func (o Options) events(t testing.TB, f *fixture.Fixture, row func(*dissect.Event), end func(error)) {
	t.Helper()
	ports, err := f.Options.Ports()
	if err != nil {
		t.Fatalf("%s: %v", f.Capture, err)
	}
	maps.Copy(ports, o.Ports)
	keys := keys(t, &f.Options)
	src, err := pcapfile.Open(f.Capture, nil, capture.Hooks{Secrets: func(kind uint32, data []byte) {
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
	for e, err := range engine.Events(src, engine.Options{Options: want, Keys: keys, Ports: ports}) {
		if err != nil {
			end(err)
			return
		}
		found.Event(e)
		row(e)
	}
	end(nil)
}

// keys reads the key logs and the private keys.
func keys(t testing.TB, o *fixture.Options) *tls.Keys {
	t.Helper()
	keys := tls.NewKeys()
	take := func(name string, add func(text []byte) error) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := add(text); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	for _, name := range o.RSAKey {
		take(name, keys.AddRSAKey)
	}
	for _, name := range o.KeyLog {
		take(name, func(text []byte) error {
			_, err := keys.AddLog(bytes.NewReader(text))
			return err
		})
	}
	return keys
}
