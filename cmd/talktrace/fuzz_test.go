package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"talktrace/capture"
	"talktrace/capture/capturetest"
	"talktrace/capture/pcapfile"
	"talktrace/dissect"
	"talktrace/dissect/engine"
	"talktrace/report"
	"talktrace/report/csv"
	"talktrace/report/jsonl"
	"talktrace/report/table"
	"talktrace/report/text"
)

// FuzzTrace takes any bytes for a capture file and writes its trace in every
// format, as rows of XMPP and as rows of frames. Whatever is in the file, the
// outputs hold nothing that steers a terminal.
func FuzzTrace(f *testing.F) {
	for _, name := range []string{"putty-raw.pcap", "directtls-alpn-dsb.pcapng", "register-digestmd5.pcap", "sm-resume.pcap"} {
		file, err := os.ReadFile(filepath.Join(captureDir, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file[:min(len(file), 6<<10)], false)
		f.Add(file[:min(len(file), 3<<10)], true)
	}
	for _, script := range []string{
		"vlan 7\nopen\ngreet\nC `<message><body>x</body></message>`\nC lost `<a/>`\nS ack\nC `<b/>` | `<presence/>`\nC fin",
		"link raw\nclient [2001:db8::1]:1\nserver [2001:db8::2]:5269\ndns a.example 2001:db8::2\ngreet\nS rst",
		"link sll\nport 5223\nopen\nC hex:1603010005010000010016030100\nS hex:15030300020228",
		"snaplen 70\nlink null\ngreet\nudp `x`",
	} {
		c, err := capturetest.Parse(script)
		if err != nil {
			f.Fatal(err)
		}
		for _, format := range []pcapfile.Format{pcapfile.Pcap, pcapfile.PcapNG} {
			var file bytes.Buffer
			if err := c.Write(&file, format); err != nil {
				f.Fatal(err)
			}
			f.Add(file.Bytes(), format == pcapfile.Pcap)
		}
	}
	f.Fuzz(func(t *testing.T, file []byte, frames bool) {
		if len(file) > 16<<10 {
			return
		}
		src, err := pcapfile.NewReader(bytes.NewReader(file), "fuzz", capture.Hooks{})
		if err != nil {
			return
		}
		run := engine.New(src, engine.Options{
			Options: dissect.Options{XML: true, Names: true, MaxStanza: 4 << 10}, Workers: 1, Frames: frames,
		})
		var out bytes.Buffer
		writeAll(t, run, everyWriter(t, run, &out, frames))
		if !utf8.Valid(out.Bytes()) {
			t.Errorf("output that is not UTF-8")
		}
		for _, r := range out.String() {
			if r < ' ' && r != '\n' || 0x7f <= r && r <= 0x9f || 0x202a <= r && r <= 0x202e {
				t.Fatalf("%U in the output", r)
			}
		}
	})
}

// everyWriter returns a writer of each format to out.
func everyWriter(t *testing.T, run *engine.Run, out io.Writer, frames bool) []report.Writer {
	mode, err := report.ParseTimeMode("ad")
	if err != nil {
		t.Fatal(err)
	}
	columns := report.Trace()
	if frames {
		columns = report.Packets()
	}
	names := &report.Names{}
	cells := report.Cells{Clock: report.NewClock(mode, run.Start), Names: names}
	return []report.Writer{
		learner{names},
		text.New(out, text.Options{Columns: columns, Cells: cells, Header: true}),
		table.New(out, table.Options{Columns: columns, Cells: cells, Width: 120}),
		jsonl.New(out, jsonl.Options{Start: run.Start, Names: names}),
		csv.New(out, csv.Options{Start: run.Start, Names: names}),
	}
}

// learner takes in the names that rows tell, before the others write them.
type learner struct{ names *report.Names }

func (l learner) Write(e *dissect.Event) error { l.names.Learn(e); return nil }
func (learner) Flush() error                   { return nil }
func (learner) Close() error                   { return nil }

// writeAll writes the whole trace with all writers.
func writeAll(t *testing.T, run *engine.Run, writers []report.Writer) {
	for e, err := range run.Events() {
		if err != nil {
			var input *capture.Error
			if !errors.As(err, &input) {
				t.Fatalf("a damaged file gives %T: %v", err, err)
			}
			break
		}
		for _, w := range writers {
			if err := w.Write(e); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, w := range writers {
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
