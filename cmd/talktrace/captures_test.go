package main

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/dissect"
	"talktrace/dissect/engine"
	"talktrace/report"
	"talktrace/report/jsonl"
	"talktrace/report/text"
)

const (
	captureDir = "../../testdata/captures"
	goldenDir  = "../../testdata/golden"
)

// forEachCapture runs a subtest for every capture, with its name and content.
func forEachCapture(t *testing.T, test func(t *testing.T, name string, file []byte)) {
	entries, err := os.ReadDir(captureDir)
	if err != nil {
		t.Fatal(err)
	}
	isCapture := regexp.MustCompile(`^(.+?)\.pcap(ng)?(\.gz)?$`)
	found := 0
	for _, entry := range entries {
		m := isCapture.FindStringSubmatch(entry.Name())
		if m == nil {
			continue
		}
		found++
		t.Run(m[1], func(t *testing.T) {
			file, err := os.ReadFile(filepath.Join(captureDir, entry.Name()))
			if err != nil {
				t.Fatal(err)
			}
			test(t, m[1], file)
		})
	}
	if found < 30 {
		t.Errorf("there are no more than %d captures", found)
	}
}

// newRun prepares the trace of a capture that lies in memory.
func newRun(file []byte, o engine.Options) (*engine.Run, error) {
	f, err := pcapfile.Open("-", bytes.NewReader(file), capture.Hooks{Secrets: func(_ uint32, log []byte) {
		if o.Keys != nil {
			o.Keys.AddBlock(log, 0)
		}
	}})
	if err != nil {
		return nil, err
	}
	return engine.New(f, o), nil
}

// write writes the trace of a capture in a format, as the command does. It
// returns what could be written, and the error that ended the input.
func write(t *testing.T, file []byte, format string, workers int) ([]byte, error) {
	t.Helper()
	run, err := newRun(file, engine.Options{
		Options: dissect.Options{XML: format == "jsonl", TLS: format == "jsonl"},
		Workers: workers,
	})
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	var w report.Writer
	if format == "jsonl" {
		w = jsonl.New(&out, jsonl.Options{Start: run.Start})
	} else {
		mode, err := report.ParseTimeMode("r")
		if err != nil {
			t.Fatal(err)
		}
		cells := report.Cells{Clock: report.NewClock(mode, run.Start)}
		w = text.New(&out, text.Options{Columns: report.Trace(), Cells: cells, Header: true})
	}
	var failed error
	for e, err := range run.Events() {
		if err != nil {
			failed = err
			break
		}
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), failed
}

// byteForByte are the captures whose rows are kept as they are written, with
// their times and frames: one for each way in which rows come about. What the
// others say is in the expectations beside them; see TestExpectations.
var byteForByte = []string{
	"badnet-plain", "bosh-plain", "capture-loss", "cut-file", "errors-common", "gtalk-plain", "muc-plain", "nanosecond",
	"proxy-haproxy", "s2s-external-bidi", "sm-resume", "snaplen96", "tls13-nokey", "websocket-deflate",
}

// TestGolden holds traces against what they were when somebody last looked at
// them; -update writes what they are now. The number of workers must not show.
func TestGolden(t *testing.T) {
	forEachCapture(t, func(t *testing.T, name string, file []byte) {
		for _, format := range []string{"text", "jsonl"} {
			got, err := write(t, file, format, 1)
			var damaged *capture.Error
			if err != nil && (name != "cut-file" || !errors.As(err, &damaged)) {
				t.Fatal(err)
			}
			for _, workers := range []int{2, 8} {
				if other, _ := write(t, file, format, workers); !bytes.Equal(got, other) {
					t.Errorf("%s: %d workers write something else than one: %s", format, workers, firstDifference(got, other))
				}
			}
			if !slices.Contains(byteForByte, name) {
				continue
			}
			golden := filepath.Join(goldenDir, name+"."+format)
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s is not what it was: %s", format, firstDifference(want, got))
			}
		}
	})
}

// firstDifference shows the first lines that differ.
func firstDifference(want, got []byte) string {
	a, b := bytes.Split(want, []byte("\n")), bytes.Split(got, []byte("\n"))
	for i := range max(len(a), len(b)) {
		x, y := []byte("nothing"), []byte("nothing")
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if !bytes.Equal(x, y) {
			return "\nwant " + string(x[:min(len(x), 1000)]) + "\ngot  " + string(y[:min(len(y), 1000)])
		}
	}
	return "no line differs"
}

// TestGoldenFiles sees to it that no golden file is there that nobody reads.
func TestGoldenFiles(t *testing.T) {
	files, err := filepath.Glob(goldenDir + "/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := filepath.Base(file[:len(file)-len(filepath.Ext(file))])
		if !slices.Contains(byteForByte, name) {
			t.Errorf("%s is of no capture that is kept byte for byte", file)
		}
	}
}

// damages is how many times each capture is damaged in each way.
func damages() int {
	if testing.Short() {
		return 10
	}
	return 200
}

// TestDamaged cuts every capture off at random places, and changes random bytes
// of it: the trace still comes to its end, and says what is wrong.
func TestDamaged(t *testing.T) {
	forEachCapture(t, func(t *testing.T, name string, file []byte) {
		t.Parallel()
		if len(file) > 32<<10 { // what a trace starts with tells enough
			file = file[:32<<10]
		}
		rng := rand.New(rand.NewPCG(1, uint64(len(file))))
		for range damages() {
			exhaust(t, file[:rng.IntN(len(file)+1)])
			changed := slices.Clone(file)
			for range 1 + rng.IntN(20) {
				changed[rng.IntN(len(changed))] = byte(rng.Uint32())
			}
			exhaust(t, changed)
		}
	})
}

// exhaust traces a capture to its end. Errors must be those of the input.
func exhaust(t *testing.T, file []byte) {
	t.Helper()
	run, err := newRun(file, engine.Options{Options: dissect.Options{XML: true, Names: true}, Workers: 1, Frames: len(file)%2 == 0})
	if err == nil {
		out := jsonl.New(io.Discard, jsonl.Options{Start: run.Start})
		for e, failed := range run.Events() {
			if err = failed; err != nil {
				break
			}
			if err := out.Write(e); err != nil {
				t.Fatal(err)
			}
		}
	}
	var input *capture.Error
	if err != nil && !errors.As(err, &input) {
		t.Errorf("a damaged file gives %T: %v", err, err)
	}
}
