package pcapfile

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"testing"

	"talktrace/capture"
)

// fuzzFrames bounds how much of one input is read.
const fuzzFrames = 10_000

// FuzzReader reads anything at all. What comes out must be within what went
// in, in frames and in memory, and what is read must survive being written
// and read again.
func FuzzReader(f *testing.F) {
	for _, file := range samples() {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		heard := 0
		r, err := NewReader(bytes.NewReader(file), "fuzz", capture.Hooks{
			Secrets: func(_ uint32, data []byte) { heard += len(data) },
			Name:    func(_ netip.Addr, name string) { heard += len(name) },
		})
		if err != nil {
			if _, ok := errors.AsType[*capture.Error](err); !ok {
				t.Fatalf("%#v", err)
			}
			return
		}
		var copied bytes.Buffer
		w := NewWriter(&copied, PcapNG)
		var got []frame
		var one capture.Frame
		for len(got) < fuzzFrames {
			if err = r.Next(&one); err != nil {
				break
			}
			got = append(got, frame{one.Number, one.Time, one.Precision, string(one.Data), one.Length, one.Link, one.Interface, one.Comment})
			if one.Time < 0 { // which no file can express
				return
			}
			if err := w.WriteFrame(&one); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok := errors.AsType[*capture.Error](err); err != nil && !errors.Is(err, io.EOF) && !ok {
			t.Fatalf("%#v", err)
		}
		checkFrames(t, got, len(file))
		if heard > len(file) || len(r.in.buf) > max(firstWindow, 2*len(file)) {
			t.Fatalf("%d bytes heard, buffer of %d for an input of %d", heard, len(r.in.buf), len(file))
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		again, err := read(t, copied.Bytes(), capture.Hooks{})
		if err != nil || len(again) != len(got) {
			t.Fatalf("written and read again: %d frames of %d, %v", len(again), len(got), err)
		}
		for i := range got {
			if a, b := again[i], got[i]; a.Data != b.Data || a.Time/1000 != b.Time/1000 || a.Link != b.Link || a.Comment != b.Comment {
				t.Fatalf("frame %d was %+v and became %+v", i+1, b, a)
			}
		}
	})
}
