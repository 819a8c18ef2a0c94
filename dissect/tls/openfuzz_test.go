package tls

import (
	gotls "crypto/tls"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
)

// damage does to parts what ops say, three bytes for each thing: what, where and
// how much.
func damage(parts []part, ops []byte) []part {
	parts = slices.Clone(parts)
	for ; len(ops) >= 3; ops = ops[3:] {
		at := int(ops[1]) % len(parts)
		data := parts[at].data
		n := min(int(ops[2]), len(data))
		switch ops[0] % 6 {
		case 0: // a byte changes
			data = slices.Clone(data)
			if n < len(data) {
				data[n] ^= ops[0] | 1
			}
			parts[at].data = data
		case 1: // a loss
			parts[at] = part{from: parts[at].from, lost: int64(len(data)) + 1}
		case 2: // the beginning is lost
			parts = slices.Insert(parts, at, part{from: parts[at].from, lost: int64(n)})
			parts[at+1].data = data[n:]
		case 3: // something is missing, and nobody knows
			parts[at].data = data[n:]
		case 4: // it comes twice
			parts = slices.Insert(parts, at, parts[at])
		case 5: // it comes too early
			if at > 0 {
				parts[at-1], parts[at] = parts[at], parts[at-1]
			}
		}
		if len(parts) > 500 {
			break
		}
	}
	return parts
}

// FuzzOpen opens conversations that were damaged on their way. Nothing but what
// was said comes out, in its order, and a bounded amount is kept.
func FuzzOpen(f *testing.F) {
	names := captures(f)
	var recordings [][]part
	var keys []*Keys
	for _, name := range names {
		conns, _ := readCapture(f, name)
		recordings = append(recordings, cutInto(100, conns[len(conns)-1]))
		keys = append(keys, keysFor(f, name))
	}
	for i := range names {
		for op := range byte(6) {
			f.Add(byte(i), []byte{op, 40, 30})
		}
	}
	truth := [2]string{}
	for side, name := range []string{"client.txt", "server.txt"} {
		truth[side] = readFile(f, name)
	}
	f.Fuzz(func(t *testing.T, which byte, ops []byte) {
		n := int(which) % len(names)
		p, in := opened(keys[n])
		for _, part := range damage(recordings[n], ops) {
			p.play(part)
			if w := &p.l.waiting; w.size > maxWaitingSize || len(w.records) > maxWaiting || p.l.early.size > maxEarly {
				t.Fatalf("%d bytes wait in %d records, %d of early data", w.size, len(w.records), p.l.early.size)
			}
			for side := range p.l.sides {
				if s := &p.l.sides[side].seal; s.behind > maxBehind {
					t.Fatalf("behind by %d", s.behind)
				}
			}
		}
		p.end(dissect.EndFIN)
		for side, want := range truth {
			for _, piece := range strings.Split(in.text[side].String(), "…") {
				at := strings.Index(want, piece)
				if at < 0 {
					t.Fatalf("the %s said %q", dissect.Sender(side), piece)
				}
				want = want[at+len(piece):]
			}
			if in.ended[side] > 1 {
				t.Fatalf("the %s ended %d times", dissect.Sender(side), in.ended[side])
			}
		}
	})
}

// FuzzSealedHandshake puts any messages into sealed records, as the peer of a
// connection whose keys are known can.
func FuzzSealedHandshake(f *testing.F) {
	f.Add([]byte{encryptedExtensions, 0, 0, 6, 0, 4, 0, 42, 0, 0}, byte(handshake))
	f.Add([]byte{certificate, 0, 0, 11, 0, 0, 0, 7, 0, 0, 2, 0x30, 0, 0, 0}, byte(handshake))
	f.Add([]byte{newSessionTicket, 0, 0, 4, 0, 0, 0, 9, keyUpdate, 0, 0, 1, 1, finished, 0, 0, 0}, byte(handshake))
	f.Add([]byte(closeNotify), byte(alert))
	f.Fuzz(func(t *testing.T, content []byte, contentType byte) {
		if contentType == 0 {
			return // padding
		}
		p, in, aead := handshaken(gotls.TLS_AES_128_GCM_SHA256)
		p.l.sides[dissect.Server].seal.stage = stageHandshake
		p.play(server(sealedRecord(aead, 0, content, contentType)...))
		p.play(server(rec(applicationData, content...)...))
		p.end(dissect.EndFIN)
		if contentType != applicationData && in.bytes > 0 {
			t.Fatalf("%d bytes of data", in.bytes)
		}
		for i := range p.c.Events {
			if e := &p.c.Events[i]; e.Length > len(content)+headerSize+17 || len(e.Info) > 64*(len(content)+40) {
				t.Fatalf("%d bytes: %s", e.Length, e.Info)
			}
		}
	})
}
