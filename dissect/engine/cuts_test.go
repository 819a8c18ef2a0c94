package engine_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"talktrace/capture"
	"talktrace/capture/capturetest"
	"talktrace/capture/pcapfile"
	"talktrace/dissect"
	"talktrace/dissect/engine"
)

// said is what one side of a conversation says at once.
type said struct {
	from capturetest.Side
	what string
}

// conversations returns what was said on the connections of a capture, by the
// endpoints' own account.
func conversations(t *testing.T, name string) map[string][]said {
	t.Helper()
	file, err := os.ReadFile("../../testdata/captures/" + name + ".truth.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string][]said)
	for line := range bytes.Lines(file) {
		var u struct{ Flow, Dir, XML string }
		if err := json.Unmarshal(line, &u); err != nil {
			t.Fatal(err)
		}
		from := capturetest.Server
		if u.Dir == "c2s" || u.Dir == "i2r" {
			from = capturetest.Client
		}
		all[u.Flow] = append(all[u.Flow], said{from, u.XML})
	}
	return all
}

// TestCuts traces the same conversations in segments of many sizes, with what
// one side says in a row glued together or not: but for frames and keepalives
// the rows are the same.
func TestCuts(t *testing.T) {
	for _, name := range []string{"muc-plain", "gtalk-plain", "sm-resume", "carbons-csi", "register-digestmd5", "scram-sha1-session", "s2s-dialback-plain"} {
		t.Run(name, func(t *testing.T) {
			for flow, talk := range conversations(t, name) {
				want := traceOf(t, flow, talk, func() int { return 60000 })
				if strings.Count(want, "\n") < 3 {
					t.Errorf("%s: hardly any rows: %s", flow, want)
				}
				rng := rand.New(rand.NewPCG(4, uint64(len(talk))))
				for _, size := range []func() int{
					func() int { return 1 }, func() int { return 7 }, func() int { return 1 + rng.IntN(300) },
				} {
					if got := traceOf(t, flow, talk, size); got != want {
						t.Fatalf("%s: got\n%s\nwant\n%s", flow, got, want)
					}
					if got := traceOf(t, flow, glued(talk), size); got != want {
						t.Fatalf("%s, glued: got\n%s\nwant\n%s", flow, got, want)
					}
				}
			}
		})
	}
}

// glued joins what the same side says in a row.
func glued(talk []said) []said {
	var out []said
	for _, s := range talk {
		if n := len(out); n > 0 && out[n-1].from == s.from {
			out[n-1].what += s.what
		} else {
			out = append(out, s)
		}
	}
	return out
}

// traceOf traces a conversation that comes in segments of those sizes. It
// returns what the rows say but for their place.
func traceOf(t *testing.T, flow string, talk []said, size func() int) string {
	t.Helper()
	c := capturetest.New()
	client, server, _ := strings.Cut(flow, ">")
	conn := c.Connect(client, server)
	conn.Open()
	for _, s := range talk {
		for rest := s.what; rest != ""; {
			conn.MSS = size()
			n := min(conn.MSS, len(rest))
			conn.Send(s.from, rest[:n])
			rest = rest[n:]
		}
	}
	var b strings.Builder
	for _, e := range rows(t, c, engine.Options{Options: dissect.Options{XML: true}}) {
		if e.Kind != dissect.KindKeepalive {
			fmt.Fprintf(&b, "%s %s %s %s %s %q %q %q %q %s %v\n", e.Sender, e.Layers, e.Kind, e.XMLNS, e.Type, e.ID, e.From, e.To, e.Info, e.XML, e.Notes)
		}
	}
	return b.String()
}

// rows traces a capture and checks what holds for all rows.
func rows(t *testing.T, c *capturetest.Capture, o engine.Options) []*dissect.Event {
	t.Helper()
	var file bytes.Buffer
	if err := c.Write(&file, pcapfile.PcapNG); err != nil {
		t.Fatal(err)
	}
	src, err := pcapfile.NewReader(&file, "test", capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	var all []*dissect.Event
	run := engine.New(src, o)
	for e, err := range run.Events() {
		if err != nil {
			t.Fatal(err)
		}
		frames, _, _ := run.Progress()
		if e.No != len(all)+1 || e.Frame < 1 || e.Frame > int(frames) || e.FirstFrame < 1 || e.FirstFrame > e.Frame {
			t.Fatalf("row %d (%s: %s) comes after %d, from frame %d to %d of %d", e.No, e.Kind, e.Info, len(all), e.FirstFrame, e.Frame, frames)
		}
		if e.Missing < 0 || e.Length < 0 || e.Kind == "" || e.Protocol == "" {
			t.Fatalf("a row that lacks something: %+v", e)
		}
		all = append(all, e.Clone())
	}
	return all
}

// FuzzConversation lets two sides say anything, over a wire that loses, delays,
// repeats and overlaps segments: there are rows that make sense, and the same
// ones whatever the number of workers.
func FuzzConversation(f *testing.F) {
	const header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	f.Add([]byte(header+"<message to='a'><body>x</body></message><presence/></stream:stream>"), []byte(header+"<iq id='1'/>"), uint64(0))
	f.Add([]byte(header+"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\x16\x03\x01\x00\x02\x01\x00"), []byte(header+"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\x15\x03\x03\x00\x02\x02\x28"), uint64(5))
	f.Add([]byte(header+"<compress xmlns='http://jabber.org/protocol/compress'/>\x78\x9c"), []byte(header+"<compressed xmlns='http://jabber.org/protocol/compress'/>\x78\xda"), uint64(9))
	f.Add([]byte("\x80\x46\x01\x03\x01\x00\x2d\x00\x00\x00\x10"+header), []byte("dy></message><message to='a'/><presence/><presence/>"), uint64(12))
	f.Add([]byte(header+"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>eA==</auth><x"), []byte(header+"<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"+header), uint64(77))
	f.Add([]byte("CONNECT a:5222 HTTP/1.1\r\n\r\n"+header+"<message to='a'/>"), []byte("HTTP/1.1 200 Connection established\r\n\r\n"+header), uint64(3))
	f.Add([]byte("\x05\x01\x00\x05\x01\x00\x03\x01a\x14\x66"+header+"<message to='a'/>"), []byte("\x05\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"+header), uint64(7))
	f.Add([]byte("PROXY TCP4 203.0.113.7 198.51.100.1 51234 5222\r\n"+header+"<message to='a'/>"), []byte(header), uint64(4))
	f.Fuzz(func(t *testing.T, client, server []byte, seed uint64) {
		if len(client)+len(server) > 16<<10 {
			return
		}
		c := badWire(client, server, seed)
		options := dissect.Options{XML: true, Names: true, MaxStanza: 2 << 10}
		one := rows(t, c, engine.Options{Options: options, Workers: 1})
		three := rows(t, c, engine.Options{Options: options, Workers: 3})
		if a, b := fmt.Sprint(describe(one)), fmt.Sprint(describe(three)); a != b {
			t.Errorf("one worker\n%s\nthree\n%s", a, b)
		}
		for _, e := range one {
			if w := e.XML; w != nil && e.Kind == "message" && !bytes.Contains(client, w) && !bytes.Contains(server, w) && !bytes.Contains(w, []byte(dissect.Redacted)) {
				t.Errorf("nobody sent %q", w)
			}
		}
	})
}

func describe(rows []*dissect.Event) []string {
	var all []string
	for _, e := range rows {
		all = append(all, fmt.Sprintf("%d %d %d %s %s %s %s %d\n", e.No, e.FirstFrame, e.Frame, e.Source(), e.Kind, e.Info, e.XML, e.Missing))
	}
	return all
}

// badWire captures a conversation on a wire of that seed.
func badWire(client, server []byte, seed uint64) *capturetest.Capture {
	rng := rand.New(rand.NewPCG(seed, 5))
	c := capturetest.New()
	ports := []int{5222, 5223, 5269, 8080}
	conn := c.Connect("192.0.2.1:40000", fmt.Sprintf("192.0.2.2:%d", ports[seed%4]))
	if seed%3 != 0 {
		conn.Open()
	}
	most, trouble := 1+rng.IntN(400), 1+rng.IntN(30)
	rest := [2]string{string(client), string(server)}
	for rest[0] != "" || rest[1] != "" {
		from := capturetest.Side(rng.IntN(2))
		n := min(1+rng.IntN(most), len(rest[from]))
		data := rest[from][:n]
		rest[from] = rest[from][n:]
		switch rng.IntN(trouble + 8) {
		case 0:
			conn.Lose(from, data)
		case 1:
			conn.Hold(from, data)
		case 2:
			conn.Release()
			conn.Send(from, data)
		case 3:
			conn.Send(from, data)
			conn.Again(from)
		case 4:
			conn.Back(from, 1, "\x00")
			conn.Send(from, data)
		case 5:
			conn.Send(from, data)
			conn.Back(from, n, data)
		default:
			conn.Send(from, data)
		}
	}
	conn.Release()
	switch seed % 5 {
	case 0:
		conn.Close(capturetest.Client)
	case 1:
		conn.Reset(capturetest.Server)
	}
	return c
}
