package tls

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/dissect"
	"talktrace/reassembly"
)

var update = flag.Bool("update", false, "write the rows of the recorded conversations anew")

// recorded are captures of OpenSSL's s_server and s_client; testdata/lab/tls.py
// has made them.
const recorded = "../../testdata/captures/tls"

// inside is the layer inside of TLS: it keeps what it is told.
type inside struct {
	text   [2]strings.Builder
	lost   [2]int64
	ended  [2]int // how often
	frames [2][]int
}

func (i *inside) Data(_ *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	i.text[from].Write(b.Data)
	i.frames[from] = append(i.frames[from], b.FirstFrame(), b.Frame)
}

func (i *inside) Gap(_ *dissect.Context, from dissect.Sender, n int64) {
	i.text[from].WriteString("…")
	i.lost[from] += n
}

func (i *inside) End(c *dissect.Context, from dissect.Sender, how dissect.End) {
	if i.ended[from]++; how != dissect.EndCapture && !strings.HasSuffix(strings.TrimSpace(i.text[from].String()), "</stream:stream>") {
		e := c.Emit(from, dissect.KindEnd)
		e.Info = c.Arena.Printf("cut off")
	}
}

// opened returns a player for a connection that keys open, and what is inside.
func opened(keys *Keys) (*player, *inside) {
	p, in := newPlayer(), new(inside)
	p.l = New("tcp", Options{Keys: keys, Inner: func(string) dissect.Layer { return in }})
	return p, in
}

// tape is a reassembly.Handler that keeps each connection's parts.
type tape struct{ conns [][]part }

func (t *tape) Chunk(c *reassembly.Conn, ch reassembly.Chunk) {
	for len(t.conns) <= c.Number {
		t.conns = append(t.conns, nil)
	}
	from := dissect.Server
	if ch.From == c.Initiator {
		from = dissect.Client
	}
	t.conns[c.Number] = append(t.conns[c.Number], part{from: from, data: slices.Clone(ch.Data), lost: ch.Missed})
}

func (t *tape) End(*reassembly.Conn, reassembly.Side, reassembly.EndReason, int, int64) {}
func (t *tape) Free(*reassembly.Conn)                                                   {}

// readCapture returns the connections of a capture file, and the time of its
// first frame.
func readCapture(t testing.TB, name string) (conns [][]part, begun int64) {
	t.Helper()
	f, err := pcapfile.Open(name, nil, capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var to tape
	a := reassembly.New(&to, reassembly.DefaultLimits())
	for frame := (capture.Frame{}); f.Next(&frame) == nil; {
		if begun == 0 {
			begun = frame.Time
		}
		a.Frame(&frame)
	}
	a.Close()
	return to.conns, begun
}

// keysFor reads the keys that go with a capture: its key log, or else the
// server's private key.
func keysFor(t testing.TB, name string) *Keys {
	t.Helper()
	keys := NewKeys()
	log, err := os.Open(strings.TrimSuffix(name, ".pcap") + ".keys")
	if err == nil {
		defer log.Close()
		if stats, err := keys.AddLog(log); err != nil || stats.Secrets == 0 || stats.Bad > 0 {
			t.Fatalf("key log: %+v, %v", stats, err)
		}
		return keys
	}
	pem, err := os.ReadFile(filepath.Join(filepath.Dir(name), "server.key"))
	if err == nil {
		err = keys.AddRSAKey(pem)
	}
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func captures(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob(recorded + "/*.pcap")
	if err != nil || len(names) < 30 {
		t.Fatalf("%d captures, %v", len(names), err)
	}
	return names
}

func readFile(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(recorded, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Every capture is opened, whatever its cipher: what is inside is what was said,
// and the handshake reads as in the golden file.
func TestRecorded(t *testing.T) {
	want := [2]string{readFile(t, "client.txt"), readFile(t, "server.txt")}
	var golden strings.Builder
	for _, name := range captures(t) {
		base := strings.TrimSuffix(filepath.Base(name), ".pcap")
		keys := keysFor(t, name)
		conns, begun := readCapture(t, name)
		var context *dissect.Context // for the sessions that connections share
		for n, parts := range conns {
			p, in := opened(keys)
			if context != nil {
				p.c = *context
				p.c.Events = nil
			}
			p.c.Time = begun
			p.play(parts...)
			p.end(dissect.EndFIN)
			context = &p.c
			fmt.Fprintf(&golden, "%s, connection %d\n", base, n)
			for i, row := range p.rows() {
				fmt.Fprintf(&golden, "\t%s\n", row)
				for _, note := range p.c.Events[i].Notes {
					fmt.Fprintf(&golden, "\t\t%s: %s\n", note.Severity, note.Text)
				}
			}
			if base == "tls12-camellia" {
				continue // not supported: the golden file has the note
			}
			for side, want := range want {
				if got := in.text[side].String(); got != want {
					t.Errorf("%s, connection %d: the %s said\n%s\nwant\n%s", base, n, dissect.Sender(side), got, want)
				}
				if in.ended[side] != 1 {
					t.Errorf("%s, connection %d: the %s ended %d times", base, n, dissect.Sender(side), in.ended[side])
				}
			}
		}
	}
	wantGolden(t, "testdata/recorded.golden", golden.String())
}

func wantGolden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	wantRows(t, strings.Split(got, "\n"), strings.Split(string(b), "\n")...)
}

// The rows, the text inside and its frames do not depend on where segments end.
func TestRecordedInPieces(t *testing.T) {
	for _, name := range captures(t) {
		keys := keysFor(t, name)
		conns, _ := readCapture(t, name)
		whole, in := opened(keys)
		whole.play(conns[0]...)
		whole.end(dissect.EndFIN)
		for _, n := range []int{1, 2, 3, 5, 64, 1000} {
			p, again := opened(keys)
			p.play(cutInto(n, conns[0])...)
			p.end(dissect.EndFIN)
			wantRows(t, p.rows(), whole.rows()...)
			for side := range again.text {
				if again.text[side].String() != in.text[side].String() {
					t.Errorf("%s in pieces of %d: the %s said %s", name, n, dissect.Sender(side), again.text[side].String())
				}
				for i := 0; i+1 < len(again.frames[side]); i += 2 {
					if f := again.frames[side]; f[i] < 1 || f[i] > f[i+1] || n == 1 && f[i] == f[i+1] {
						t.Errorf("%s in pieces of %d: data of frames %d to %d", name, n, f[i], f[i+1])
					}
				}
			}
		}
	}
}

// The certificate is read in all versions, with the names that XMPP knows.
func TestCertificate(t *testing.T) {
	for _, name := range []string{"/tls12-aes128-gcm.pcap", "/tls13-ccm.pcap"} {
		conns, _ := readCapture(t, recorded+name)
		p, _ := opened(keysFor(t, recorded+name))
		p.play(conns[0]...)
		cert := p.l.Certificate(dissect.Server)
		if cert == nil || p.l.Certificate(dissect.Client) != nil {
			t.Fatalf("%s: the server's %v, the client's %v", name, cert, p.l.Certificate(dissect.Client))
		}
		got := fmt.Sprint(cert.Subject, cert.Issuer, cert.Names, cert.XMPPAddrs, cert.SRVNames, cert.KeyType, cert.KeyBits)
		want := "capulet.examplecapulet.example[capulet.example] [capulet.example] [_xmpp-client.capulet.example]RSA2048"
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		for seen, want := range map[time.Time]string{
			cert.NotAfter: "", cert.NotAfter.Add(time.Second): "tls-certificate-expired",
			cert.NotBefore: "", cert.NotBefore.Add(-time.Second): "tls-certificate-not-yet-valid",
		} {
			p.l.notes = nil
			p.l.judge(cert, seen)
			if got := fmt.Sprint(p.l.notes); (want == "") != (len(p.l.notes) == 0) || !strings.Contains(got, want) {
				t.Errorf("seen at %s: %s", seen, got)
			}
		}
	}
}

// What a certificate says may be anything.
func TestHostileCertificates(t *testing.T) {
	for _, der := range []string{"", "3000", "30820fff", strings.Repeat("30", 200)} {
		if cert := readCertificate(unhex(t, der)); nameOf(cert) != "" || cert.SHA256 == [32]byte{} {
			t.Errorf("%s: %+v", der, cert)
		}
	}
	var cert dissect.Certificate
	for _, der := range []string{"", "30", "3003a00106", "3006a004060155ff", "300aa00806022a03a0020c00", "300ca00a06022a03a0040c02ffff"} {
		readOtherNames(&cert, unhex(t, der))
	}
	if len(cert.XMPPAddrs)+len(cert.SRVNames) > 0 {
		t.Errorf("%+v", cert)
	}
}
