//go:build unix

package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/capture/traffic"
)

// TestSignals traces from a pipe with -w: a hang-up begins another file, the
// user's signal asks for a summary, and the end of the input is the end.
func TestSignals(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.pcapng")
	cmd := exec.CommandContext(t.Context(), "talktrace", "-i", "-", "-w", name)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	rows, rowsEnd := pipe(t, &cmd.Stdout)
	said, saidEnd := pipe(t, &cmd.Stderr)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = errors.Join(rowsEnd.Close(), saidEnd.Close()) // they are the command's now

	frames := conversation(t)
	half := len(frames) / 2
	w := pcapfile.NewWriter(in, pcapfile.Pcap)
	feed := func(frames []capture.Frame) {
		for i := range frames {
			if err := w.WriteFrame(&frames[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	feed(frames[:half])
	line(t, rows) // of the header: the trace has begun, and waits for signals
	line(t, rows)
	// The first answer tells that signals are answered in their turn.
	for range 2 {
		signalTo(t, cmd, syscall.SIGHUP)
		signalTo(t, cmd, syscall.SIGUSR1)
		if text := line(t, said); !strings.Contains(text, " frames, ") || !strings.HasSuffix(text, " s\n") {
			t.Errorf("said %q", text)
		}
	}
	feed(frames[half:])
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, rows); err != nil {
		t.Error(err)
	}
	rest, err := io.ReadAll(said)
	if err := errors.Join(err, cmd.Wait()); err != nil || !bytes.Contains(rest, []byte("80 frames, 1 TCP connection, ")) {
		t.Errorf("in the end said %q, %v", rest, err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) != 3 || names[0] != name {
		t.Fatalf("%q, %v", names, err)
	}
	var all []int64
	for _, name := range names {
		all = append(all, timesIn(t, name)...)
	}
	if len(all) != len(frames) {
		t.Fatalf("%d of %d frames are in the files", len(all), len(frames))
	}
	for i, at := range all {
		if at != frames[i].Time {
			t.Fatalf("frame %d is from %d, want %d", i+1, at, frames[i].Time)
		}
	}
}

// TestAutostop has an input that never ends: the trace does, when its time is
// over, or when the time of its last file is.
func TestAutostop(t *testing.T) {
	for name, args := range map[string][]string{
		"duration": {"-a", "duration:0.1"},
		"files":    {"-b", "duration:0.1", "-a", "files:1", "-w", filepath.Join(t.TempDir(), "a")},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), "talktrace", append([]string{"-i", "-", "-q"}, args...)...)
			in, end, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = errors.Join(in.Close(), end.Close()) }()
			var said bytes.Buffer
			cmd.Stdin, cmd.Stderr = in, &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			w := pcapfile.NewWriter(end, pcapfile.PcapNG)
			for _, f := range conversation(t) {
				if err := w.WriteFrame(&f); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err != nil || !strings.Contains(said.String(), " rows, 0 gaps; ") {
				t.Errorf("%v, said %q", err, said.String())
			}
		})
	}
}

// conversation returns 80 frames of one connection.
func conversation(t *testing.T) (frames []capture.Frame) {
	t.Helper()
	src := traffic.New(traffic.Options{Stanzas: 200, Connections: 1, Seed: 7})
	for range 80 {
		var f capture.Frame
		if err := src.Next(&f); err != nil {
			t.Fatal(err)
		}
		f.Data = bytes.Clone(f.Data)
		frames = append(frames, f)
	}
	return frames
}

// pipe makes a pipe to read what a command writes.
func pipe(t *testing.T, to *io.Writer) (*bufio.Reader, *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	*to = w
	return bufio.NewReader(r), w
}

func line(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	text, err := r.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func signalTo(t *testing.T, cmd *exec.Cmd, s syscall.Signal) {
	t.Helper()
	if err := cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// timesIn returns the times of the frames in a file.
func timesIn(t *testing.T, name string) (times []int64) {
	t.Helper()
	src, err := pcapfile.Open(name, nil, capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	var f capture.Frame
	for err = src.Next(&f); err == nil; err = src.Next(&f) {
		times = append(times, f.Time)
	}
	if !errors.Is(err, io.EOF) {
		t.Errorf("%s: %v", name, err)
	}
	return times
}
