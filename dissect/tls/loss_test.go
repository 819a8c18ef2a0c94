package tls

import (
	gotls "crypto/tls"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
)

// drop makes a loss of some parts.
func drop(parts []part, from, to int) []part {
	lossy := slices.Clone(parts)
	for i := from; i < to; i++ {
		lossy[i] = part{from: parts[i].from, lost: int64(len(parts[i].data))}
	}
	return lossy
}

var (
	wholeLine = regexp.MustCompile(`<message id='(\d+)'>x*</message>`)
	// partLine is what is left of a line that crypto/tls has split into a
	// record of one byte and one of the rest, as it does in TLS 1.0 with CBC.
	partLine = regexp.MustCompile(`^(<|message id='\d+'>x*</message>)$`)
)

// wantWholeLines checks that a side's text is whole lines in their order, with a
// mark wherever some are missing, and returns how many there are.
func wantWholeLines(t *testing.T, in *inside, from dissect.Sender, said []string) int {
	t.Helper()
	text, found, next := in.text[from].String(), 0, 0
	for i, piece := range strings.Split(text, "…") {
		rest := wholeLine.ReplaceAllStringFunc(piece, func(line string) string {
			at := slices.Index(said, line)
			if at < next || at > next && i == 0 {
				t.Errorf("line %d where %d was due", at, next)
			}
			next = at + 1
			found++
			return ""
		})
		if rest != "" && !partLine.MatchString(rest) {
			t.Errorf("not a line: %s", rest)
		}
	}
	return found
}

// Behind a loss everything is opened that can be: at most the records that the
// loss has touched are missing, and where records are chained the next one.
func TestLoss(t *testing.T) {
	const n = 40
	said := lines(n)
	for _, test := range []struct {
		version, suite uint16
		more           int // records that a loss costs beside those it touches
	}{
		{gotls.VersionTLS13, 0, 0},
		{gotls.VersionTLS12, gotls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 0},
		{gotls.VersionTLS12, gotls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, 0},
		{gotls.VersionTLS12, gotls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, 0},
		{gotls.VersionTLS10, gotls.TLS_RSA_WITH_3DES_EDE_CBC_SHA, 2},
	} {
		parts, keys := talkWith(t, test.version, test.suite, n)
		begin := nthLine(parts, dissect.Client, 2)
		parts = slices.Concat(parts[:begin], cutInto(33, parts[begin:]))
		for at := begin; at < len(parts)-8; at++ {
			for _, size := range []int{1, 3, 7} {
				lossy := drop(parts, at, at+size)
				p, in := opened(keys)
				p.play(lossy...)
				p.end(dissect.EndFIN)
				name := fmt.Sprintf("%#x %#x, %d parts lost at %d", test.version, test.suite, size, at)
				for side := range said {
					found := wantWholeLines(t, in, dissect.Sender(side), said[side])
					touched := size + 1 + test.more
					if found < len(said[side])-touched {
						t.Errorf("%s: %d of %d lines of the %s", name, found, len(said[side]), dissect.Sender(side))
					}
					if found < len(said[side]) && in.lost[side] == 0 {
						t.Errorf("%s: the loss is not told", name)
					}
				}
				for i := range p.c.Events {
					if notes := p.c.Events[i].Notes; len(notes) > 0 && notes[0].ID != noteTruncated.ID {
						t.Errorf("%s: %v", name, notes)
					}
				}
				if t.Failed() {
					t.Fatal(strings.Join(p.rows(), "\n"))
				}
			}
		}
	}
}

// RC4 runs on from record to record: what follows on a loss stays closed, which
// is said, and what came before it is kept.
func TestLossWithState(t *testing.T) {
	const n = 12
	parts, keys := talkWith(t, gotls.VersionTLS12, gotls.TLS_RSA_WITH_RC4_128_SHA, n)
	at := nthLine(parts, dissect.Client, 3)
	p, in := opened(keys)
	p.play(drop(parts, at, at+1)...)
	p.end(dissect.EndFIN)
	said := lines(n)
	before := wantWholeLines(t, in, dissect.Client, said[dissect.Client])
	if before < 2 || before > 3 || in.lost[dissect.Client] == 0 {
		t.Errorf("%d lines before the loss, %d bytes lost", before, in.lost[dissect.Client])
	}
	if got := in.text[dissect.Server].String(); got != strings.Join(said[dissect.Server], "") {
		t.Errorf("the server's side suffers: %s", got)
	}
	wantNotes(t, p, "tls-state-lost")
	wantSealed(t, p, whyLost)
}

// Any part of the handshake may be lost; the conversation is opened as long as
// the hellos are there.
func TestLossInHandshake(t *testing.T) {
	for _, version := range []uint16{gotls.VersionTLS12, gotls.VersionTLS13} {
		parts, keys := talkWith(t, version, 0, 12)
		said := lines(12)
		hellos := parts[:2]
		rest := slices.Concat([]part{{from: dissect.Server, data: hellos[1].data[200:]}}, parts[2:])
		first := nthLine(parts, dissect.Client, 2) - 2 + 1
		for at := range first {
			for _, count := range []int{1, 2} {
				p, in := opened(keys)
				p.play(parts[0], part{from: dissect.Server, data: hellos[1].data[:200]})
				p.play(drop(rest, at, at+count)...)
				p.end(dissect.EndFIN)
				for side := range said {
					if found := wantWholeLines(t, in, dissect.Sender(side), said[side]); found < len(said[side])-2 {
						t.Errorf("%#x, %d parts lost at %d: %d of %d lines of the %s", version, count, at, found, len(said[side]), dissect.Sender(side))
					}
				}
			}
		}
	}
}

// Without the keys of the handshake those of the data open the data.
func TestHandshakeKeysMissing(t *testing.T) {
	c, s := configs(t, gotls.VersionTLS13)
	parts, log := talk(t, c, s, 8)
	var some []string
	for _, line := range strings.Split(log.String(), "\n") {
		if strings.Contains(line, "_TRAFFIC_SECRET_0") {
			some = append(some, line)
		}
	}
	p, in := opened(keysOf(t, strings.Join(some, "\n")))
	p.play(parts...)
	p.end(dissect.EndFIN)
	wantText(t, in, 8)
	wantNotes(t, p)
}
