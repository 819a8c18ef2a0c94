package follow

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
)

// record returns a capture file of frames with the given content.
func record(t *testing.T, format pcapfile.Format, frames ...string) []byte {
	t.Helper()
	var file bytes.Buffer
	w := pcapfile.NewWriter(&file, format)
	for _, text := range frames {
		f := capture.Frame{Time: 1e18, Precision: 6, Data: []byte(text), Length: len(text), Link: capture.LinkEthernet}
		if err := w.WriteFrame(&f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil { // and no more: nothing comes after the last frame
		t.Fatal(err)
	}
	return file.Bytes()
}

// file is a capture that is being written, and followed.
type file struct {
	*testing.T
	path    string
	notices []string
	source  *Source
	cancel  context.CancelFunc
	frames  int
}

// start begins to follow a file with the given content; nil is no file.
func start(t *testing.T, content []byte, wait bool) *file {
	t.Helper()
	f := &file{T: t, path: filepath.Join(t.TempDir(), "trace.pcap")}
	if content != nil {
		f.write(content)
	}
	ctx, cancel := context.WithCancel(t.Context())
	f.cancel = cancel
	var err error
	f.source, err = Open(ctx, f.path, Options{Wait: wait, Notice: func(text string) {
		f.notices = append(f.notices, strings.TrimPrefix(text, f.path+": "))
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.source.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func (f *file) write(content []byte) {
	f.Helper()
	out, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		f.Fatal(err)
	}
	if _, err := out.Write(content); err != nil {
		f.Error(err)
	}
	if err := out.Close(); err != nil {
		f.Error(err)
	}
}

// next waits for frames with the given content.
func (f *file) next(want ...string) {
	f.Helper()
	for _, text := range want {
		var got capture.Frame
		if err := f.source.Next(&got); err != nil {
			f.Fatal(err)
		}
		f.frames++
		if string(got.Data) != text || got.Number != f.frames {
			f.Errorf("frame %d is %q, want %q", got.Number, got.Data, text)
		}
	}
}

// later waits for a frame that is written while it is waited for.
func (f *file) later(write func(), want string) {
	f.Helper()
	if f.source.Buffered() {
		f.Error("the end of the file is not waited for")
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		write()
	}()
	f.next(want)
	<-done
}

// end ends following and expects no more frames.
func (f *file) end() {
	f.Helper()
	f.cancel()
	var got capture.Frame
	if err := f.source.Next(&got); !errors.Is(err, io.EOF) {
		f.Errorf("%v, want the end", err)
	}
}

func TestGrows(t *testing.T) {
	for _, format := range []pcapfile.Format{pcapfile.Pcap, pcapfile.PcapNG} {
		all := record(t, format, "one", "two", "three", "four")
		two := len(record(t, format, "one", "two"))
		three := len(record(t, format, "one", "two", "three"))
		f := start(t, all[:two], false)
		f.next("one", "two")
		f.later(func() { f.write(all[two : two+5]); f.write(all[two+5 : three]) }, "three")
		f.write(all[three : len(all)-1])
		f.end() // the half record is no error
	}
}

// TestFromNothing follows a file that is not there, then empty, then has half a
// header.
func TestFromNothing(t *testing.T) {
	all := record(t, pcapfile.PcapNG, "one")
	f := start(t, nil, true)
	f.later(func() { f.write(nil); f.write(all[:7]); f.write(all[7:]) }, "one")
	f.end()
	if strings.Join(f.notices, "\n") != "not there yet; waiting for it" {
		t.Errorf("%q", f.notices)
	}
}

func TestCompressed(t *testing.T) {
	all := record(t, pcapfile.Pcap, "one", "two")
	one := len(record(t, pcapfile.Pcap, "one"))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	pack := func(b []byte) []byte {
		packed.Reset()
		if _, err := z.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := z.Flush(); err != nil {
			t.Fatal(err)
		}
		return bytes.Clone(packed.Bytes())
	}
	f := start(t, pack(all[:one]), false)
	f.next("one")
	rest := pack(all[one:])
	f.later(func() { f.write(rest) }, "two")
	f.end()
}

// TestRotation moves the file away and makes another, after which the old one
// grows no more; the half record at its end is lost, and said to be.
func TestRotation(t *testing.T) {
	f := start(t, record(t, pcapfile.Pcap, "one"), false)
	f.next("one")
	rotate := func(content []byte) func() {
		return func() {
			if err := os.Rename(f.path, f.path+".1"); err != nil {
				t.Error(err)
			}
			f.write(content)
		}
	}
	f.later(rotate(record(t, pcapfile.PcapNG, "two")), "two")
	f.write(record(t, pcapfile.PcapNG, "three")[:60])
	f.later(rotate(record(t, pcapfile.Pcap, "four")), "four")
	f.end()
	want := "goes on in another file\ngoes on in another file, after half a record"
	if strings.Join(f.notices, "\n") != want {
		t.Errorf("%q", f.notices)
	}
}

// TestTruncation empties the file and begins anew in it.
func TestTruncation(t *testing.T) {
	f := start(t, record(t, pcapfile.Pcap, "one", "two"), false)
	f.next("one", "two")
	f.later(func() {
		if err := os.Truncate(f.path, 0); err != nil {
			t.Error(err)
		}
		f.write(record(t, pcapfile.Pcap, "three"))
	}, "three")
	f.end()
}

// TestTrailing moves a file away that still has frames to be read.
func TestTrailing(t *testing.T) {
	f := start(t, record(t, pcapfile.Pcap, "one"), false)
	f.next("one")
	f.write(record(t, pcapfile.Pcap, "two")[24:])
	if err := os.Rename(f.path, f.path+".1"); err != nil {
		t.Fatal(err)
	}
	f.write(record(t, pcapfile.Pcap, "three"))
	f.next("two", "three")
	f.end()
}

func TestDamage(t *testing.T) {
	f := start(t, []byte("this is no capture at all"), false)
	f.cancel() // or there could be more of it
	var got capture.Frame
	if err := f.source.Next(&got); !errors.Is(err, pcapfile.ErrNotCapture) || !f.source.Buffered() {
		t.Error(err)
	}
}

func TestOpenFails(t *testing.T) {
	folder := t.TempDir()
	for _, path := range []string{filepath.Join(folder, "missing"), folder} {
		_, err := Open(t.Context(), path, Options{})
		if e, ok := errors.AsType[*capture.Error](err); !ok || e.File != path || e.Hint == "" {
			t.Errorf("%#v", err)
		}
	}
}

// TestNobodyComes ends while the file is waited for.
func TestNobodyComes(t *testing.T) {
	start(t, nil, true).end()
	start(t, []byte{}, false).end()
}
