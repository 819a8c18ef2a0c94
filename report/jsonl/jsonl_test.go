package jsonl

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"talktrace/report"
	"talktrace/report/internal/reporttest"
)

func options() Options { return Options{Start: reporttest.Begin} }

func TestGolden(t *testing.T) {
	var out bytes.Buffer
	reporttest.Write(t, New(&out, options()))
	reporttest.Golden(t, "rows.golden", out.Bytes())
	if c := reporttest.Controls(out.Bytes()); c != nil {
		t.Errorf("control characters %q", c)
	}
}

// Every line is an object with the promised keys, in their order, and says what
// the event says.
func TestLines(t *testing.T) {
	var out bytes.Buffer
	reporttest.Write(t, New(&out, options()))
	lines := bytes.Split(bytes.TrimSuffix(out.Bytes(), []byte{'\n'}), []byte{'\n'})
	events := reporttest.Events()
	if len(lines) != len(events) {
		t.Fatalf("%d lines for %d rows", len(lines), len(events))
	}
	for i, line := range lines {
		var got map[string]any
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		checkKeys(t, line)
		e := events[i]
		when, err := time.Parse(time.RFC3339Nano, got["time"].(string))
		if err != nil || when.UnixNano() != e.Time {
			t.Errorf("row %d: time %v, want %d (%v)", e.No, got["time"], e.Time, err)
		}
		for key, want := range map[string][]byte{"id": e.ID, "from": e.From, "to": e.To, "info": e.Info, "xml": e.XML} {
			value, ok := got[key]
			if ok != (want != nil) || ok && value != string([]rune(string(want))) {
				t.Errorf("row %d: %s is %q, want %q", e.No, key, value, want)
			}
		}
		if _, ok := got["stream"]; ok != (e.Conn != nil) {
			t.Errorf("row %d: stream is there: %v", e.No, ok)
		}
	}
}

func checkKeys(t *testing.T, line []byte) {
	t.Helper()
	order := []string{
		"no", "frame", "first_frame", "time", "elapsed", "source", "destination", "stream", "sender",
		"protocol", "layers", "kind", "xmlns", "type", "id", "from", "to", "info", "length", "xml", "missing", "tls", "notes",
	}
	dec := json.NewDecoder(bytes.NewReader(line))
	last, depth := -1, 0
	for key := true; ; {
		token, err := dec.Token()
		if err == io.EOF {
			return
		}
		if d, ok := token.(json.Delim); ok {
			if d == '{' || d == '[' {
				depth++
			} else if depth--; depth == 1 {
				key = true
			}
			continue
		}
		if depth != 1 {
			continue
		}
		if key {
			at := slices.Index(order, token.(string))
			if at <= last {
				t.Errorf("key %v is unknown or out of order in %s", token, line)
			}
			last = at
		}
		key = !key
	}
}

func TestNanoseconds(t *testing.T) {
	var out bytes.Buffer
	w := New(&out, options())
	e := reporttest.Events()[0]
	e.Time = reporttest.Start - 1
	if err := w.Write(e); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if want := `"time":"2026-11-22T08:14:54.222620999Z","elapsed":-0.000000001,`; !strings.Contains(out.String(), want) {
		t.Errorf("no %s in %s", want, out.String())
	}
}

func TestNames(t *testing.T) {
	names := &report.Names{}
	var out bytes.Buffer
	w := New(&out, Options{Start: reporttest.Begin, Names: names})
	e := reporttest.Events()[5]
	e.Names[0].Name = `a"b`
	names.Learn(e)
	if err := w.Write(e); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if want := `"destination":"a\"b:5222"`; !strings.Contains(out.String(), want) {
		t.Errorf("no %s in %s", want, out.String())
	}
}

// A unit that is written in pieces reads as if it were written at once,
// wherever the pieces are cut.
func TestLargeUnit(t *testing.T) {
	for shift := range 5 {
		xml := strings.Repeat("x", shift) + strings.Repeat("é日👍\xff\u0085", 3*piece/10)
		e := reporttest.Events()[3]
		e.XML = []byte(xml)
		var out bytes.Buffer
		w := New(&out, options())
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		var got struct{ XML string }
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual([]rune(got.XML), []rune(xml)) {
			t.Errorf("shifted by %d, the unit reads differently", shift)
		}
	}
}

func TestAllocations(t *testing.T) {
	reporttest.Allocations(t, New(io.Discard, options()))
}

func BenchmarkWrite(b *testing.B) {
	reporttest.Benchmark(b, func(w io.Writer) report.Writer { return New(w, options()) })
}
