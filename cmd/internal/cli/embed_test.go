package cli

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"talktrace/capture"
	"talktrace/dissect/tls"
)

// paper takes down what is written, in order.
type paper struct {
	lines []string
	full  bool
}

func (p *paper) WriteFrame(f *capture.Frame) error {
	p.lines = append(p.lines, fmt.Sprint("frame ", f.Number))
	return nil
}

func (p *paper) Full() bool { return p.full }

func (p *paper) WriteSecrets(_ uint32, data []byte) {
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		p.lines = append(p.lines, fields[0]+" "+fields[1][:2])
	}
}

func randomOf(connection byte) [32]byte { return [32]byte(bytes.Repeat([]byte{connection}, 32)) }

// helloFrame is a frame in which a ClientHello begins.
func helloFrame(number int, connection byte) *capture.Frame {
	random := randomOf(connection)
	data := append([]byte("\x16\x03 no record \x16\x03\x01\x00\xf0\x01\x00\x00\xec\x03\x03"), random[:]...)
	return &capture.Frame{Number: number, Data: append(data, make([]byte, 200)...)}
}

func secretOf(label string, connection byte) string {
	random := randomOf(connection)
	return label + " " + hex.EncodeToString(random[:]) + " " + strings.Repeat("ab", 48) + "\n"
}

func wantLines(t *testing.T, p *paper, want ...string) {
	t.Helper()
	if !slices.Equal(p.lines, want) {
		t.Errorf("got  %q\nwant %q", p.lines, want)
	}
	p.lines = nil
}

func mustWrite(t *testing.T, e *embedding, frames ...*capture.Frame) {
	t.Helper()
	for _, f := range frames {
		if err := e.WriteFrame(f); err != nil {
			t.Fatal(err)
		}
	}
}

// What is known goes before the frame that needs it, once; what only the
// dissection can tell goes to the end, and what nobody has met goes nowhere.
func TestEmbedding(t *testing.T) {
	keys := tls.NewKeys()
	for _, connection := range []byte{1, 2, 3, 4, 5} {
		if !keys.AddLine([]byte(secretOf("CLIENT_RANDOM", connection))) {
			t.Fatal("it is no line of a key log")
		}
	}
	var p paper
	e := newEmbedding(&p, keys, allConnections, false)
	mustWrite(t, e, helloFrame(1, 9), helloFrame(2, 1), helloFrame(3, 1), &capture.Frame{Number: 4, Data: []byte("\x16\x03\x01")})
	wantLines(t, &p, "frame 1", "CLIENT_RANDOM 01", "frame 2", "frame 3", "frame 4")
	e.met(0, randomOf(4))
	e.met(0, randomOf(1))
	e.met(0, randomOf(3))
	e.met(0, randomOf(8))
	wantLines(t, &p)
	if !e.finish() {
		t.Error("it says that nothing was written")
	}
	wantLines(t, &p, "CLIENT_RANDOM 03", "CLIENT_RANDOM 04")
	if none := newEmbedding(&p, tls.NewKeys(), allConnections, false); none.finish() {
		t.Error("it says that something was written")
	}
}

// In a live trace secrets are written as they come, before the next frame or
// when there is none.
func TestEmbeddingLive(t *testing.T) {
	keys := tls.NewKeys()
	coming := ""
	keys.SetGrowing(func() bool {
		_, _ = keys.AddLog(strings.NewReader(coming))
		coming = ""
		return true
	})
	var p paper
	e := newEmbedding(&p, keys, allConnections, true)
	mustWrite(t, e, helloFrame(1, 1))
	coming = secretOf("CLIENT_HANDSHAKE_TRAFFIC_SECRET", 1) + secretOf("CLIENT_HANDSHAKE_TRAFFIC_SECRET", 2)
	mustWrite(t, e, helloFrame(2, 1))
	wantLines(t, &p, "frame 1", "CLIENT_HANDSHAKE_TRAFFIC_SECRET 01", "frame 2")
	coming = secretOf("CLIENT_TRAFFIC_SECRET_0", 1)
	e.tick()
	e.tick()
	wantLines(t, &p, "CLIENT_TRAFFIC_SECRET_0 01")
	e.met(0, randomOf(2))
	wantLines(t, &p, "CLIENT_HANDSHAKE_TRAFFIC_SECRET 02")
	e.finish()
	wantLines(t, &p)
}

// Of connections that are not written there are no secrets either, and the
// oldest are forgotten where there are too many.
func TestEmbeddingBounds(t *testing.T) {
	keys := tls.NewKeys()
	for connection := range byte(20) {
		keys.AddLine([]byte(secretOf("CLIENT_RANDOM", connection)))
	}
	var p paper
	e := newEmbedding(&p, keys, 3, false)
	e.limit = 4
	e.met(2, randomOf(10))
	for connection := range byte(20) {
		e.met(3, randomOf(connection))
		if len(e.known) > e.limit || len(e.order) > 2*e.limit+1 {
			t.Fatalf("%d and %d connections are remembered", len(e.known), len(e.order))
		}
	}
	e.finish()
	wantLines(t, &p, "CLIENT_RANDOM 10", "CLIENT_RANDOM 11", "CLIENT_RANDOM 12", "CLIENT_RANDOM 13")
	if p.full = true; !e.Full() {
		t.Error("it takes more frames than there is room for")
	}
}

// Bytes of any kind are no ClientHello, or one without an end is.
func TestEachHello(t *testing.T) {
	whole := helloFrame(1, 7).Data
	needed := bytes.LastIndex(whole, []byte("\x16\x03")) + 11 + 32
	for end := range whole {
		n, want := 0, 0
		if end >= needed {
			want = 1
		}
		eachHello(whole[:end], func(random [32]byte) {
			if n++; random != randomOf(7) {
				t.Errorf("%d bytes: %x", end, random)
			}
		})
		if n != want {
			t.Errorf("%d bytes: %d are found", end, n)
		}
	}
}
