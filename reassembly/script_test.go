package reassembly

import (
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"talktrace/capture"
)

var update = flag.Bool("update", false, "rewrite what the scripts in testdata expect")

// journal is a Handler that writes down what it is told, one line a call, and
// complains of what a Handler must never see.
type journal struct {
	t     testing.TB
	lines []string
	ended map[*Conn][2]bool
	freed map[*Conn]bool
}

func newJournal(t testing.TB) *journal {
	return &journal{t: t, ended: map[*Conn][2]bool{}, freed: map[*Conn]bool{}}
}

func (j *journal) note(c *Conn, from Side, format string, args ...any) {
	if j.freed[c] || j.ended[c][from] {
		j.t.Errorf("connection %d is mentioned after its end: "+format, append([]any{c.Number}, args...)...)
	}
	name := "A"
	if c.Addr[from].Addr().As16()[15] == 2 {
		name = "B"
	}
	j.lines = append(j.lines, fmt.Sprintf("%d %s ", c.Number, name)+fmt.Sprintf(format, args...))
}

func (j *journal) Chunk(c *Conn, ch Chunk) {
	kinds := 0
	if len(ch.Data) > 0 {
		kinds++
		text := strconv.Quote(string(ch.Data))
		if len(ch.Data) > 40 {
			text = fmt.Sprintf("%q... (%d)", ch.Data[:8], len(ch.Data))
		}
		j.note(c, ch.From, "data %s @%d", text, ch.Frame)
	}
	if ch.Missed != 0 {
		kinds++
		j.note(c, ch.From, "missed %d @%d", ch.Missed, ch.Frame)
	}
	if ch.Conflict != 0 {
		kinds++
		j.note(c, ch.From, "conflict %d @%d", ch.Conflict, ch.Frame)
	}
	if kinds != 1 || ch.Missed < 0 || ch.Conflict < 0 {
		j.t.Errorf("a chunk that is not of one kind: %+v", ch)
	}
}

func (j *journal) End(c *Conn, from Side, why EndReason, frame int, _ int64) {
	j.note(c, from, "end %s @%d", [...]string{"FIN", "RST", "reset", "evicted", "reused", "capture"}[why], frame)
	ended := j.ended[c]
	ended[from] = true
	j.ended[c] = ended
}

func (j *journal) Free(c *Conn) {
	if j.ended[c] != [2]bool{true, true} || j.freed[c] {
		j.t.Errorf("connection %d is freed too early or twice", c.Number)
	}
	j.freed[c] = true
	first := "-"
	if c.Handshake {
		first = "A"
		if c.Addr[c.Initiator].Addr().As16()[15] == 2 {
			first = "B"
		}
	}
	j.lines = append(j.lines, fmt.Sprintf("%d free, begun by %s", c.Number, first))
}

// appendSegment appends an IPv4 packet with a TCP segment. Of the payload,
// cut bytes more are claimed than are there.
func appendSegment(b []byte, src, dst byte, sport, dport uint16, flags byte, seq, ack uint32, payload []byte, cut int) []byte {
	b = append(b, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(40+len(payload)+cut))
	b = append(b, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, src, 10, 0, 0, dst)
	b = binary.BigEndian.AppendUint16(b, sport)
	b = binary.BigEndian.AppendUint16(b, dport)
	b = binary.BigEndian.AppendUint32(b, seq)
	b = binary.BigEndian.AppendUint32(b, ack)
	b = append(b, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0)
	return append(b, payload...)
}

// scene plays frames that are told in words to an assembler.
type scene struct {
	a      *Assembler
	number int
	now    int64
}

// play takes a line:
//
//	+50ms
//	A1 SA 1000 5000 "payload" cut=3
//
// The first moves the clock. The second is a segment from A (or B), of
// connection 1 (the number may be left out), with flags, sequence number,
// acknowledgement (or -), payload and bytes that were not captured; size=N
// gives a payload of N letters. Each segment comes 1 ms after the one before.
func (s *scene) play(line string) error {
	if wait, ok := strings.CutPrefix(line, "+"); ok {
		d, err := time.ParseDuration(wait)
		s.now += int64(d)
		return err
	}
	line, text, quoted := strings.Cut(line, `"`)
	var payload []byte
	if quoted {
		text, rest, _ := strings.Cut(text, `"`)
		payload, line = []byte(text), line+rest
	}
	words := strings.Fields(line)
	if len(words) < 4 {
		return fmt.Errorf("too few words: %q", line)
	}
	port, _ := strconv.Atoi(words[0][1:])
	var flags byte
	for _, f := range words[1] {
		flags |= map[rune]byte{'F': flagFIN, 'S': flagSYN, 'R': flagRST, 'A': flagACK}[f]
	}
	seq, err := strconv.ParseUint(words[2], 10, 32)
	if err != nil {
		return err
	}
	ack, _ := strconv.ParseUint(words[3], 10, 32)
	cut := 0
	for _, w := range words[4:] {
		if n, ok := strings.CutPrefix(w, "cut="); ok {
			cut, _ = strconv.Atoi(n)
		} else if n, ok := strings.CutPrefix(w, "size="); ok {
			size, _ := strconv.Atoi(n)
			payload = letters(uint32(seq), size)
		} else {
			return fmt.Errorf("unknown word %q", w)
		}
	}
	s.number++
	s.now += int64(time.Millisecond)
	var data []byte
	if words[0][0] == 'A' {
		data = appendSegment(nil, 1, 2, uint16(40000+port), 5222, flags, uint32(seq), uint32(ack), payload, cut)
	} else {
		data = appendSegment(nil, 2, 1, 5222, uint16(40000+port), flags, uint32(seq), uint32(ack), payload, cut)
	}
	s.a.Frame(&capture.Frame{Number: s.number, Time: s.now, Data: data, Length: len(data) + cut, Link: capture.LinkRaw})
	return nil
}

// letters returns a payload that tells by its bytes where in the stream it is.
func letters(seq uint32, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'a' + byte((seq+uint32(i))%26)
	}
	return b
}

// TestScripts plays the files in testdata: what is in the section "frames"
// must give what is in "chunks". A line "limits" sets those.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			const separator = "\n-- chunks --\n"
			head, want, _ := strings.Cut(string(text), separator)
			_, frames, ok := strings.Cut(head, "\n-- frames --\n")
			if !ok {
				t.Fatal("no frames")
			}
			got := playScript(t, frames)
			if *update {
				text := strings.TrimSuffix(head, "\n") + separator + got
				if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			} else if got != want {
				t.Errorf("got:\n%s", got)
			}
		})
	}
}

func playScript(t *testing.T, frames string) string {
	j := newJournal(t)
	s := scene{a: New(j, Limits{})}
	for line := range strings.Lines(frames) {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if rest, ok := strings.CutPrefix(line, "limits "); ok {
			var l Limits
			if _, err := fmt.Sscanf(rest, "%d %d %d", &l.Connections, &l.ConnBuffered, &l.TotalBuffered); err != nil {
				t.Fatal(err)
			}
			s.a = New(j, l)
			continue
		}
		if err := s.play(line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	// A last frame that says nothing tells what was given up at the end from
	// what was before.
	s.a.Frame(&capture.Frame{Number: s.number + 1, Time: s.now, Link: capture.LinkRaw})
	s.a.Close()
	if len(s.a.conns)+s.a.open.len+s.a.closed.len+s.a.waiting.len+s.a.buffered != 0 {
		t.Errorf("something is left after Close: %d connections, %d open, %d closed, %d waiting, %d bytes",
			len(s.a.conns), s.a.open.len, s.a.closed.len, s.a.waiting.len, s.a.buffered)
	}
	return strings.Join(j.lines, "\n") + "\n"
}
