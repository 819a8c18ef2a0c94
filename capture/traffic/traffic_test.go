package traffic

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"talktrace/capture"
)

// each hands all frames to see and returns the source at its end.
func each(tb testing.TB, o Options, see func(*capture.Frame)) *Source {
	tb.Helper()
	s := New(o)
	var f capture.Frame
	for {
		if err := s.Next(&f); err != nil {
			if !errors.Is(err, io.EOF) {
				tb.Fatalf("after frame %d: %v", f.Number, err)
			}
			return s
		}
		see(&f)
	}
}

func TestSeedDecides(t *testing.T) {
	digest := func(seed uint64) uint64 {
		h := fnv.New64a()
		each(t, Options{Stanzas: 2000, Connections: 9, Seed: seed}, func(f *capture.Frame) { h.Write(f.Data) })
		return h.Sum64()
	}
	if a, b := digest(1), digest(1); a != b {
		t.Errorf("the same seed gives frames with digest %x and then %x", a, b)
	}
	if a, b := digest(1), digest(2); a == b {
		t.Errorf("two seeds give the same frames, digest %x", a)
	}
}

// TestAtOnce has connections come and go, never more than wanted.
func TestAtOnce(t *testing.T) {
	const connections, atOnce = 50, 7
	const ack, syn, fin = 0x10, 0x02, 0x01
	ends := map[uint32]int{} // FINs of each connection that is open
	most, begun := 0, 0
	n := each(t, Options{Connections: connections, AtOnce: atOnce}, func(f *capture.Frame) {
		src, dst := binary.BigEndian.Uint32(f.Data[26:]), binary.BigEndian.Uint32(f.Data[30:])
		client := src
		if src>>24 != 10 {
			client = dst
		}
		switch flags := f.Data[47]; {
		case flags&(syn|ack) == syn:
			ends[client] = 0
			begun++
		case flags&fin != 0:
			if ends[client]++; ends[client] == 2 {
				delete(ends, client)
			}
		}
		most = max(most, len(ends))
	}).Counts()
	if begun != connections || most != atOnce || len(ends) != 0 {
		t.Errorf("%d connections, up to %d at once, %d still open", begun, most, len(ends))
	}
	if n["iq"]+n["message"]+n["presence"] != connections*MinStanzas {
		t.Errorf("wrote %v", n)
	}
}

func TestShares(t *testing.T) {
	for _, test := range []struct{ stanzas, connections, want int }{
		{5000, 7, 5000},
		{5000, 0, 5000}, // there is always one connection
		{100, 50, 50 * MinStanzas},
	} {
		n := each(t, Options{Stanzas: test.stanzas, Connections: test.connections}, func(*capture.Frame) {}).Counts()
		if got := n["message"] + n["presence"] + n["iq"]; got != test.want {
			t.Errorf("%d stanzas in %d connections: got %d, want %d", test.stanzas, test.connections, got, test.want)
		}
		if want := max(test.connections, 1); n["/stream"] != 2*want || n["stream"] != 4*want {
			t.Errorf("%d connections: %d headers and %d closes", want, n["stream"], n["/stream"])
		}
	}
}

// TestTLS has as many stanzas as traffic in the clear, none of which can be
// seen, and secrets for each connection.
func TestTLS(t *testing.T) {
	const connections, stanzas = 9, 3000
	for _, suite := range []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384, tls.TLS_CHACHA20_POLY1305_SHA256} {
		var log bytes.Buffer
		shown := 0
		n := each(t, Options{Stanzas: stanzas, Connections: connections, TLS: suite, KeyLog: &log}, func(f *capture.Frame) {
			shown += bytes.Count(f.Data, []byte("<message")) + bytes.Count(f.Data, []byte("<auth"))
		}).Counts()
		if shown > 0 || n["message"]+n["presence"]+n["iq"] != stanzas || n["proceed"] != connections || n["stream"] != 6*connections {
			t.Errorf("%#x: %d can be seen of %v", suite, shown, n)
		}
		for _, label := range []string{"CLIENT_HANDSHAKE_TRAFFIC_SECRET ", "SERVER_HANDSHAKE_TRAFFIC_SECRET ", "CLIENT_TRAFFIC_SECRET_0 ", "SERVER_TRAFFIC_SECRET_0 "} {
			if got := strings.Count(log.String(), label); got != connections {
				t.Errorf("%#x: %d secrets %s", suite, got, label)
			}
		}
	}
}

// TestOrderly has no payload twice or out of order.
func TestOrderly(t *testing.T) {
	due := map[uint32]uint32{} // by source address; a client has one connection
	each(t, Options{Stanzas: 20_000, Connections: 1, Orderly: true}, func(f *capture.Frame) {
		src, seq := binary.BigEndian.Uint32(f.Data[26:]), binary.BigEndian.Uint32(f.Data[38:])
		payload := len(f.Data) - 34 - int(f.Data[46]>>4)*4
		if want, begun := due[src]; begun && seq != want {
			t.Fatalf("frame %d: sequence number %d, want %d", f.Number, seq, want)
		}
		due[src] = seq + uint32(payload)
		if f.Data[47]&(syn|fin) != 0 {
			due[src]++
		}
	})
}

// broken is a file that cannot be written.
type broken struct{ error }

func (b broken) Write([]byte) (int, error) { return 0, b.error }

// TestKeyLogFails says so, rather than write a capture that cannot be opened.
func TestKeyLogFails(t *testing.T) {
	full := errors.New("disk full")
	s := New(Options{Connections: 2, TLS: tls.TLS_AES_128_GCM_SHA256, KeyLog: broken{full}})
	var f capture.Frame
	var err error
	for err == nil {
		err = s.Next(&f)
	}
	if !errors.Is(err, full) {
		t.Errorf("ended with %v", err)
	}
}

// TestFrames decodes all frames with gopacket: lengths and checksums are right,
// time does not run backwards, and there are segments out of order, and twice.
func TestFrames(t *testing.T) {
	var (
		last           int64
		again, swapped int
		ends           = map[string]uint32{} // by address, the highest sequence number so far
	)
	each(t, Options{Stanzas: 20_000, Connections: 20}, func(f *capture.Frame) {
		if f.Time < last || f.Time%1000 != 0 || f.Length != len(f.Data) {
			t.Fatalf("frame %d of %d bytes: time %d after %d, length %d", f.Number, len(f.Data), f.Time, last, f.Length)
		}
		last = f.Time
		p := gopacket.NewPacket(f.Data, layers.LayerTypeEthernet, gopacket.Default)
		ip, _ := p.NetworkLayer().(*layers.IPv4)
		tcp, _ := p.TransportLayer().(*layers.TCP)
		if p.ErrorLayer() != nil || ip == nil || tcp == nil {
			t.Fatalf("frame %d is not TCP: %v", f.Number, p)
		}
		if got, want := checked(t, ip, tcp), f.Data; !bytes.Equal(got, want[14:]) {
			t.Fatalf("frame %d:\n got %x\nwant %x", f.Number, want[14:], got)
		}
		if len(tcp.Payload) == 0 {
			return
		}
		from := ip.SrcIP.String() + ip.DstIP.String()
		end := tcp.Seq + uint32(len(tcp.Payload))
		switch {
		case ends[from] == 0 || int32(end-ends[from]) > 0:
			if ends[from] != 0 && tcp.Seq != ends[from] {
				swapped++
			}
			ends[from] = end
		case end == ends[from]:
			again++
		}
	})
	if again == 0 || swapped == 0 {
		t.Errorf("%d segments came twice and %d before their turn, want some of both", again, swapped)
	}
}

// checked serializes a packet anew, with lengths and checksums as they have to
// be.
func checked(t *testing.T, ip *layers.IPv4, tcp *layers.TCP) []byte {
	t.Helper()
	payload := gopacket.Payload(bytes.Clone(tcp.Payload))
	if err := tcp.SetNetworkLayerForChecksum(ip); err != nil {
		t.Fatal(err)
	}
	b := gopacket.NewSerializeBuffer()
	o := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(b, o, ip, tcp, payload); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func BenchmarkSource(b *testing.B) {
	b.ReportAllocs()
	s := New(Options{Stanzas: 1 << 40, Connections: 1000})
	var f capture.Frame
	var total int64
	for b.Loop() {
		if err := s.Next(&f); err != nil {
			b.Fatal(err)
		}
		total += int64(f.Length)
	}
	b.SetBytes(total / int64(b.N))
}
