package engine_test

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"talktrace/capture"
	"talktrace/capture/capturetest"
	"talktrace/capture/pcapfile"
	"talktrace/dissect"
	"talktrace/dissect/engine"
	"talktrace/reassembly"
)

// dense is text that does not compress.
func dense(size int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	text := make([]byte, size)
	for i := range text {
		for text[i] == 0 || strings.IndexByte("<&'\"", text[i]) >= 0 {
			text[i] = byte('!' + random.IntN(90))
		}
	}
	return text
}

// zipped returns what zlib makes of a stream that stays under the limit of what
// bytes may inflate to: a stanza that does not compress comes before the rows
// that do.
func zipped(t *testing.T, rows int) string {
	t.Helper()
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	fmt.Fprint(w, "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
	fmt.Fprintf(w, "<message id='m'><body>%s</body></message>", dense(60<<10))
	fmt.Fprint(w, strings.Repeat("<a/>", rows))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// messages returns compressed WebSocket messages of a client, the last of which
// has as many elements and no right to be binary.
func messages(t *testing.T, rows int) string {
	t.Helper()
	var out, frames bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []struct{ opcode, text string }{
		{"\xc1", "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='capulet.example' version='1.0'/>"},
		{"\xc1", fmt.Sprintf("<message xmlns='jabber:client' id='m'><body>%s</body></message>", dense(60<<10))},
		{"\xc2", strings.Repeat("<a/>", rows)},
	} {
		out.Reset()
		fmt.Fprint(w, m.text)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		payload := bytes.TrimSuffix(out.Bytes(), []byte("\x00\x00\xff\xff"))
		frames.WriteString(m.opcode + "\xff") // masked, with a length of eight bytes
		frames.Write(binary.BigEndian.AppendUint64(nil, uint64(len(payload))))
		frames.WriteString("\x00\x00\x00\x00")
		frames.Write(payload)
	}
	return frames.String()
}

const (
	upgrade = "GET /ws HTTP/1.1\r\nHost: capulet.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n" +
		"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
	upgraded = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: xmpp\r\n" +
		"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
	header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
)

// bomb returns a capture in which so many connections send a bomb of so many rows
// each, of four bytes before compression, between others that do not; one more
// sends it over WebSocket.
func bomb(t *testing.T, connections, rows int) []byte {
	t.Helper()
	zlib := zipped(t, rows)
	c := capturetest.New()
	web := c.Connect("192.0.2.100:40000", "192.0.2.200:5280")
	web.Open()
	web.Send(capturetest.Client, upgrade)
	web.Send(capturetest.Server, upgraded)
	for n := range connections {
		line := c.Connect(fmt.Sprintf("192.0.2.%d:40000", n+1), "192.0.2.200:5222")
		line.Open()
		line.Send(capturetest.Client, header+"<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>")
		line.Send(capturetest.Server, header+"<compressed xmlns='http://jabber.org/protocol/compress'/>")
		plain := c.Connect(fmt.Sprintf("192.0.2.%d:50000", n+1), "192.0.2.200:5222")
		plain.Open()
		plain.Send(capturetest.Client, header)
		line.Send(capturetest.Client, zlib)
		plain.Send(capturetest.Client, "<presence/>")
	}
	web.Send(capturetest.Client, messages(t, rows))
	var file bytes.Buffer
	if err := c.Write(&file, pcapfile.Pcap); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func open(t *testing.T, file []byte) capture.Source {
	t.Helper()
	src, err := pcapfile.Open("-", bytes.NewReader(file), capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// TestManyRowsOfFewBytes traces compressed bytes that hold several hundred times
// as many rows as usual: the rows in memory at a time are no more for it.
func TestManyRowsOfFewBytes(t *testing.T) {
	const tinyRows = 300_000
	file := bomb(t, 1, tinyRows)
	if len(file) > 200<<10 {
		t.Fatal("the capture is large itself:", len(file))
	}
	var before, m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	rows, tiny := 0, 0
	for e, err := range engine.Events(open(t, file), engine.Options{Workers: 2, Options: dissect.Options{XML: true}}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind == "a" {
			tiny++
		}
		if rows++; rows%(tinyRows/4) == 1 {
			runtime.GC()
			runtime.ReadMemStats(&m)
			if held := int64(m.HeapAlloc) - int64(before.HeapAlloc); held > 128<<20 {
				t.Errorf("%d MiB are held at row %d", held>>20, rows)
			}
		}
	}
	if tiny != 2*tinyRows {
		t.Errorf("%d rows <a/>, want %d", tiny, 2*tinyRows)
	}
}

// TestPartsDoNotShow has several bombs traced by one worker and by several, with
// a row for each of its things and with one for each frame: the rows are the
// same, and in order.
func TestPartsDoNotShow(t *testing.T) {
	const tinyRows = 100_000 // several parts
	file := bomb(t, 2, tinyRows)
	for _, frames := range []bool{false, true} {
		var first uint64
		for _, workers := range []int{1, 2, 5} {
			digest, no, frame, noted := fnv.New64a(), 0, 0, 0
			o := engine.Options{Workers: workers, Frames: frames, Limits: reassembly.DefaultLimits()}
			for e, err := range engine.Events(open(t, file), o) {
				if err != nil {
					t.Fatal(err)
				}
				if no++; e.No != no || e.Frame < frame {
					t.Fatalf("row %d of frame %d comes behind row %d of frame %d", e.No, e.Frame, no-1, frame)
				}
				if frame = e.Frame; len(e.Info) > 100<<10 {
					t.Errorf("row %d has an Info of %d bytes", no, len(e.Info))
				}
				if len(e.Notes) > 0 {
					noted++
				}
				fmt.Fprintln(digest, e.No, e.Frame, e.FirstFrame, e.Conn.Number, e.Sender, e.Kind, string(e.Info), e.Length, e.Notes)
			}
			if !frames && no < 3*tinyRows || noted != 1 {
				t.Errorf("%d workers give %d rows, %d of them with notes", workers, no, noted)
			}
			if first == 0 {
				first = digest.Sum64()
			}
			if digest.Sum64() != first {
				t.Errorf("%d workers give other rows than 1", workers)
			}
		}
	}
}

// TestStopAmidParts ends the trace while workers wait to hand over.
func TestStopAmidParts(t *testing.T) {
	file := bomb(t, 3, 60_000)
	before := runtime.NumGoroutine()
	for _, wanted := range []int{1, 20_000, 50_000, 100_000} {
		for _, err := range engine.Events(open(t, file), engine.Options{Workers: 3}) {
			if err != nil {
				t.Fatal(err)
			}
			if wanted--; wanted == 0 {
				break
			}
		}
	}
	for range 1_000_000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}
