package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"runtime"
	"testing"

	"talktrace/capture"
	"talktrace/capture/capturetest"
	"talktrace/capture/pcapfile"
	"talktrace/dissect"
	"talktrace/dissect/engine"
)

// TestSoak traces connections that come and go, with new addresses all the
// time. Once as many have ended as are remembered, memory grows no more.
func TestSoak(t *testing.T) {
	const connections, settled = 50_000, 25_000
	src := &visits{frames: visit(t), connections: connections, settled: settled}
	rows := 0
	for e, err := range engine.New(src, engine.Options{Workers: 2}).Events() {
		if err != nil {
			t.Fatal(err)
		}
		if rows = e.No; e.Kind == dissect.KindGap {
			t.Errorf("row %d: %s", e.No, e.Info)
		}
	}
	if want := connections * 5; rows != want {
		t.Errorf("%d rows, want %d", rows, want)
	}
	first, last := src.held[0], src.held[1]
	if last.memory > first.memory+first.memory/10 || last.files != first.files || last.goroutines != first.goroutines {
		t.Errorf("after %d connections %+v was held, after %d %+v", settled, first, connections, last)
	}
}

// visit returns the frames of a short session of a client at 10.0.0.0.
func visit(t *testing.T) (frames []capture.Frame) {
	t.Helper()
	c := capturetest.New()
	conn := c.Connect("10.0.0.0:40000", "192.0.2.2:5222")
	conn.Open()
	conn.Send(capturetest.Client, "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='capulet.example' version='1.0'>")
	conn.Send(capturetest.Server, "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='capulet.example' version='1.0'>")
	conn.Send(capturetest.Client, "<message to='juliet@capulet.example'><body>Good morrow</body></message>")
	conn.Send(capturetest.Client, "</stream:stream>")
	conn.Send(capturetest.Server, "</stream:stream>")
	conn.Close(capturetest.Client)
	conn.Close(capturetest.Server)
	conn.Ack(capturetest.Client)
	return framesOf(t, c)
}

// framesOf returns the frames of a capture.
func framesOf(t *testing.T, c *capturetest.Capture) (frames []capture.Frame) {
	t.Helper()
	var file bytes.Buffer
	if err := c.Write(&file, pcapfile.Pcap); err != nil {
		t.Fatal(err)
	}
	src, err := pcapfile.NewReader(&file, "session", capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	for {
		var f capture.Frame
		if err := src.Next(&f); err != nil {
			if !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			return frames
		}
		f.Data = bytes.Clone(f.Data)
		frames = append(frames, f)
	}
}

// visits is a source of many sessions, one after the other, each of another
// client.
type visits struct {
	frames      []capture.Frame
	connections int
	settled     int     // after so many of them memory is measured
	held        [2]held // then and in the end

	number int
	buffer []byte
}

func (s *visits) Next(f *capture.Frame) error {
	conn, i := s.number/len(s.frames), s.number%len(s.frames)
	if i == 0 && conn == s.settled {
		s.held[0] = measure()
	}
	if conn == s.connections {
		s.held[1] = measure()
		return io.EOF
	}
	s.number++
	*f = s.frames[i]
	s.buffer = append(s.buffer[:0], f.Data...)
	client := s.buffer[26:30] // where IPv4 has the source
	if client[0] != 10 {
		client = s.buffer[30:34]
	}
	binary.BigEndian.PutUint32(client, 10<<24+uint32(conn))
	f.Data, f.Number = s.buffer, s.number
	f.Time += int64(conn) * 1e9
	return nil
}

func (s *visits) Close() error { return nil }

// held is what a process holds.
type held struct {
	memory            uint64 // bytes
	goroutines, files int
}

func measure() (h held) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	h.memory, h.goroutines = m.HeapAlloc, runtime.NumGoroutine()
	if all, err := os.ReadDir("/proc/self/fd"); err == nil {
		h.files = len(all)
	}
	return h
}
