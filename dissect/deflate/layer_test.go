package deflate

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
)

// recorder is the layer inside: it keeps what it is told.
type recorder struct {
	told   []string
	plain  [2][]byte
	pieces []dissect.Bytes
	quiet  bool
}

func (r *recorder) Data(_ *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	r.plain[from] = append(r.plain[from], b.Data...)
	if r.pieces = append(r.pieces, b); !r.quiet {
		r.told = append(r.told, fmt.Sprintf("%s in frame %d-%d at %d: %s", from, b.FirstFrame(), b.Frame, b.Time, b.Data))
	}
}

func (r *recorder) Gap(c *dissect.Context, from dissect.Sender, n int64) {
	c.Gap(from, "tcp:deflate:xmpp", n)
	r.told = append(r.told, fmt.Sprintf("%s lost %d", from, n))
}

func (r *recorder) End(_ *dissect.Context, from dissect.Sender, how dissect.End) {
	r.told = append(r.told, fmt.Sprintf("%s ended %d", from, how))
}

// player plays frames to a layer.
type player struct {
	l *Layer
	r recorder
	c *dissect.Context
}

func newPlayer(l Limits) *player {
	p := &player{c: dissect.NewContext(dissect.Options{})}
	p.l = New("tcp", &p.r, l)
	return p
}

func (p *player) frame() {
	p.c.Frame++
	p.c.Time = int64(p.c.Frame) * 1000
}

func (p *player) data(from dissect.Sender, b []byte) {
	p.frame()
	lent := slices.Clone(b) // the layer must not keep it
	p.l.Data(p.c, from, dissect.Bytes{Data: lent, Frame: p.c.Frame, Time: p.c.Time})
	clear(lent)
}

func (p *player) gap(from dissect.Sender, n int64) {
	p.frame()
	p.l.Gap(p.c, from, n)
}

func (p *player) end() {
	p.frame()
	p.l.End(p.c, dissect.Client, dissect.EndFIN)
	p.l.End(p.c, dissect.Server, dissect.EndRST)
}

func (p *player) rows() []string {
	var rows []string
	for i := range p.c.Events {
		e := &p.c.Events[i]
		row := fmt.Sprintf("%d-%d %s %s %s %s length %d missing %d", e.FirstFrame, e.Frame, e.Sender, e.Protocol, e.Layers, e.Kind, e.Length, e.Missing)
		if e.Kind != dissect.KindGap { // which the context describes
			row += ": " + string(e.Info)
		}
		rows = append(rows, row)
	}
	return rows
}

func want(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %s\nwant %s", what, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// flushed is a stream that zlib made: the messages, and the bytes of the stream
// up to the flush behind each.
type flushed struct {
	name     string
	messages []string
	bytes    [][]byte
}

func readFlushed(t testing.TB) []flushed {
	t.Helper()
	f, err := os.Open("testdata/flushes.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var streams []flushed
	for s := bufio.NewScanner(f); s.Scan(); {
		switch line := strings.Split(s.Text(), "\t"); {
		case strings.HasPrefix(line[0], "#"):
		case line[0] != "":
			streams = append(streams, flushed{name: line[0]})
		default:
			b, err := hex.DecodeString(line[2])
			if err != nil {
				t.Fatal(err)
			}
			last := &streams[len(streams)-1]
			last.messages, last.bytes = append(last.messages, line[1]), append(last.bytes, b)
		}
	}
	if len(streams) != 12 {
		t.Fatalf("%d streams", len(streams))
	}
	return streams
}

// TestFlushes sends each message of zlib's own streams in a frame: with every
// kind of flush it is out in that frame, and belongs to no other.
func TestFlushes(t *testing.T) {
	for _, s := range readFlushed(t) {
		p := newPlayer(Limits{})
		var due []string
		for i, b := range s.bytes {
			p.data(dissect.Client, b)
			due = append(due, fmt.Sprintf("client in frame %d-%d at %d: %s", i+1, i+1, 1000*(i+1), s.messages[i]))
		}
		want(t, s.name, p.r.told, due...)
	}
}

// TestCuts cuts zlib's own streams in two at every byte, and at all of them:
// the bytes are the same, and all those before a flush are out with it.
func TestCuts(t *testing.T) {
	for _, s := range readFlushed(t) {
		stream, plain := slices.Concat(s.bytes...), strings.Join(s.messages, "")
		for at := range stream {
			p := newPlayer(Limits{})
			p.data(dissect.Server, stream[:at])
			p.data(dissect.Server, stream[at:])
			if got := string(p.r.plain[dissect.Server]); got != plain {
				t.Fatalf("%s cut at %d: %q", s.name, at, got)
			}
		}
		p := newPlayer(Limits{})
		for i, b := range s.bytes {
			for _, c := range b {
				p.data(dissect.Server, []byte{c})
			}
			if got, due := string(p.r.plain[dissect.Server]), strings.Join(s.messages[:i+1], ""); got != due {
				t.Fatalf("%s, byte by byte, after message %d: %q", s.name, i, got)
			}
		}
		if len(p.c.Events) > 0 {
			t.Errorf("%s: rows %v", s.name, p.rows())
		}
	}
}

// TestProvenance follows a message with codes of its own over three frames.
func TestProvenance(t *testing.T) {
	s := readFlushed(t)[2] // partial 6: the first block has its own codes
	p := newPlayer(Limits{})
	p.r.quiet = true
	head := s.bytes[0]
	p.data(dissect.Client, head[:1]) // half a zlib header
	p.data(dissect.Client, head[1:20])
	p.data(dissect.Client, head[20:30]) // still codes
	p.data(dissect.Client, head[30:])
	p.data(dissect.Client, s.bytes[1])
	type origin struct{ first, frame int }
	var got []origin
	for _, b := range p.r.pieces {
		if b.First == b.Frame {
			t.Errorf("First is told of frame %d although it is the only one", b.Frame)
		}
		got = append(got, origin{b.FirstFrame(), b.Frame})
	}
	if !slices.Equal(got, []origin{{2, 4}, {5, 5}}) {
		t.Errorf("pieces from frames %v", got)
	}
}

// TestProvenanceOfEachByte sends a block byte by byte: what comes out has begun
// with the bits that were left of the byte before.
func TestProvenanceOfEachByte(t *testing.T) {
	s := readFlushed(t)[2]
	p := newPlayer(Limits{})
	p.r.quiet = true
	for _, b := range s.bytes[0] {
		p.data(dissect.Client, []byte{b})
	}
	first := p.r.pieces[0]
	if first.FirstFrame() != 3 { // behind the two bytes of header
		t.Errorf("the first piece is of frames %d to %d", first.FirstFrame(), first.Frame)
	}
	shared := 0
	for i, b := range p.r.pieces[1:] {
		if before := p.r.pieces[i].Frame; b.FirstFrame() < before {
			t.Errorf("the piece of frame %d begins in %d, before the one of %d", b.Frame, b.FirstFrame(), before)
		}
		if b.FirstFrame() < b.Frame {
			shared++
		}
	}
	if shared < len(p.r.pieces)*2/3 {
		t.Errorf("%d of %d pieces began in an earlier frame", shared, len(p.r.pieces))
	}
}

// TestProvenanceOfManyPieces has a frame give much: only the first piece began
// before it.
func TestProvenanceOfManyPieces(t *testing.T) {
	stream := compressed(t, texts()["stanzas"], 6, 1<<20)
	p := newPlayer(Limits{})
	p.r.quiet = true
	p.data(dissect.Client, stream[:30])
	p.data(dissect.Client, stream[30:])
	for i, b := range p.r.pieces {
		if due := 2 - 1/(i+1); b.FirstFrame() != due || b.Frame != 2 {
			t.Errorf("piece %d is of frames %d to %d", i, b.FirstFrame(), b.Frame)
		}
	}
	if len(p.r.pieces) < 2 {
		t.Errorf("%d pieces", len(p.r.pieces))
	}
}

// TestFirstOfSeveral says that bytes which came in several frames below, as in
// a TLS record, keep the first of them.
func TestFirstOfSeveral(t *testing.T) {
	p := newPlayer(Limits{})
	s := readFlushed(t)[5]
	p.l.Data(p.c, dissect.Client, dissect.Bytes{Data: s.bytes[0], First: 3, Frame: 5, Time: 5000})
	want(t, "inner", p.r.told, "client in frame 3-5 at 5000: "+s.messages[0])
}

func TestDirectionsAreApart(t *testing.T) {
	s := readFlushed(t)
	p := newPlayer(Limits{})
	for i := range s[0].bytes {
		p.data(dissect.Client, s[2].bytes[i])
		p.data(dissect.Server, s[7].bytes[i])
	}
	p.end()
	for from, got := range p.r.plain {
		if plain := strings.Join(s[0].messages, ""); string(got) != plain {
			t.Errorf("side %d: %q", from, got)
		}
	}
	want(t, "rows", p.rows())
}

func TestCorruptStream(t *testing.T) {
	p := newPlayer(Limits{})
	s := readFlushed(t)[6] // sync 6
	p.data(dissect.Client, s.bytes[0])
	p.data(dissect.Client, []byte("\x06garbage"))
	p.data(dissect.Client, s.bytes[1])
	p.data(dissect.Client, s.bytes[2])
	p.data(dissect.Server, s.bytes[0])
	p.end()
	want(t, "inner", p.r.told,
		"client in frame 1-1 at 1000: "+s.messages[0], "server in frame 5-5 at 5000: "+s.messages[0],
		"client ended 0", "server ended 1")
	n := len(s.bytes[1]) + len(s.bytes[2])
	want(t, "rows", p.rows(),
		"2-2 client zlib tcp:deflate malformed length 7 missing 0: zlib stream given up: a block of no known type; 7 bytes left",
		fmt.Sprintf("3-6 client zlib tcp:deflate malformed length %d missing 0: rest of the zlib stream, %d bytes, not inflated: a block of no known type", n, n))
}

func TestNoZlibAtAll(t *testing.T) {
	p := newPlayer(Limits{})
	p.data(dissect.Client, []byte("<message/>"))
	p.end()
	want(t, "rows", p.rows(),
		"1-1 client zlib tcp:deflate malformed length 10 missing 0: zlib stream given up: no zlib header; 10 bytes left")
}

func TestGap(t *testing.T) {
	p := newPlayer(Limits{})
	s := readFlushed(t)[10] // full 6: even a full flush is no way back in
	p.data(dissect.Server, s.bytes[0])
	p.gap(dissect.Server, 17)
	p.data(dissect.Server, s.bytes[2])
	p.gap(dissect.Server, 4)
	p.data(dissect.Server, []byte{0})
	p.data(dissect.Client, s.bytes[0])
	p.end()
	n := len(s.bytes[2]) + 1
	want(t, "inner", p.r.told,
		"server in frame 1-1 at 1000: "+s.messages[0], "server lost 17",
		"client in frame 6-6 at 6000: "+s.messages[0], "client ended 0", "server ended 1")
	want(t, "rows", p.rows(),
		"2-2 server TCP tcp:deflate:xmpp gap length 0 missing 17",
		"4-4 server TCP tcp:deflate gap length 0 missing 4",
		fmt.Sprintf("3-7 server zlib tcp:deflate malformed length %d missing 0: rest of the zlib stream, %d bytes, not inflated: bytes before it were lost", n, n))
}

// TestBombs has each limit passed: what came out before is handed on, then one
// row says why there is no more.
func TestBombs(t *testing.T) {
	bomb := compressed(t, make([]byte, 20<<20), 9, 1<<30)
	for _, c := range []struct {
		limits   Limits
		piece    int
		min, max int
		reason   Error
	}{
		{Limits{Ratio: 2000}, len(bomb), 16 << 20, 16 << 20, ErrChunk},
		{Limits{Chunk: 100_000}, 1460, 100_000, 100_000, ErrChunk},
		{Limits{}, 1460, 1 << 20, 3 << 20, ErrRatio},
		{Limits{Ratio: 20}, 100, 1 << 20, 2 << 20, ErrRatio},
		{Limits{Ratio: 2000, Total: 5 << 20}, 1000, 5 << 20, 5<<20 + maxPiece, ErrTotal},
	} {
		p := newPlayer(c.limits)
		p.r.quiet = true
		for b := range slices.Chunk(bomb, c.piece) {
			p.data(dissect.Client, b)
		}
		p.end()
		if n := len(p.r.plain[dissect.Client]); n < c.min || n > c.max {
			t.Errorf("%v: %d bytes", c.reason, n)
		}
		for _, b := range p.r.pieces {
			if len(b.Data) > maxPiece {
				t.Errorf("%v: a piece of %d bytes", c.reason, len(b.Data))
			}
		}
		rows := p.rows()
		if len(rows) == 0 || len(rows) > 2 || !strings.Contains(rows[0], "malformed") || !strings.Contains(rows[0], string(c.reason)) {
			t.Errorf("%v: rows %v", c.reason, rows)
		}
		told := 0
		for _, e := range p.c.Events {
			told += e.Length
		}
		if told == 0 || told >= len(bomb) {
			t.Errorf("%v: %d bytes told of %d", c.reason, told, len(bomb))
		}
	}
}

// TestHonestBytesPassTheLimits says that what is but well compressed is no bomb.
func TestHonestBytesPassTheLimits(t *testing.T) {
	plain := bytes.Repeat(texts()["stanzas"], 60)
	p := newPlayer(Limits{})
	p.r.quiet = true
	for b := range slices.Chunk(compressed(t, plain, 9, 900), 1460) {
		p.data(dissect.Client, b)
	}
	p.end()
	if !bytes.Equal(p.r.plain[dissect.Client], plain) || len(p.c.Events) > 0 {
		t.Errorf("%d of %d bytes, rows %v", len(p.r.plain[dissect.Client]), len(plain), p.rows())
	}
}

func TestNothingIsHeldAfterTheEnd(t *testing.T) {
	p := newPlayer(Limits{})
	s := readFlushed(t)[0]
	p.data(dissect.Client, s.bytes[0])
	p.data(dissect.Server, s.bytes[0])
	p.end()
	for i := range p.l.dirs {
		if p.l.dirs[i].inflater != nil {
			t.Errorf("side %d still has an inflater", i)
		}
	}
}
