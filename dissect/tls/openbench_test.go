package tls

import (
	"crypto/aes"
	"crypto/cipher"
	gotls "crypto/tls"
	"encoding/binary"
	"runtime"
	"slices"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"

	"talktrace/dissect"
)

// sink is a layer inside that takes no notice.
type sink struct{ bytes int }

func (s *sink) Data(_ *dissect.Context, _ dissect.Sender, b dissect.Bytes) { s.bytes += len(b.Data) }
func (s *sink) Gap(*dissect.Context, dissect.Sender, int64)                {}
func (s *sink) End(*dissect.Context, dissect.Sender, dissect.End)          {}

// handshaken returns a layer past the handshake of TLS 1.3, whose server's
// records are sealed by the AEAD with a key of zeros from number 0 on.
func handshaken(suite uint16) (*player, *sink, cipher.AEAD) {
	p, in := newPlayer(), new(sink)
	p.l = New("tcp", Options{Keys: NewKeys(), Inner: func(string) dissect.Layer { return in }})
	p.l.hello = &ClientHello{}
	p.l.server = &ServerHello{Version: versionTLS13, Suite: suite}
	s, _ := SuiteByID(suite)
	o := newOpener(protection{suite: s, version: versionTLS13}, directionKeys{key: make([]byte, s.Key), iv: make([]byte, s.FixedIV)})
	seal := &p.l.sides[dissect.Server].seal
	seal.epoch = epoch{opener: o, stage: stageApplication}
	p.l.sides[dissect.Server].begun = true
	if s.Mode == "chacha20poly1305" {
		aead, _ := chacha20poly1305.New(make([]byte, s.Key))
		return p, in, aead
	}
	block, _ := aes.NewCipher(make([]byte, s.Key))
	aead, _ := cipher.NewGCM(block)
	return p, in, aead
}

// sealed returns n records of data of the given size.
func sealed(aead cipher.AEAD, size, n int) []byte {
	var stream []byte
	for seq := range n {
		stream = append(stream, sealedRecord(aead, seq, make([]byte, size), applicationData)...)
	}
	return stream
}

// sealedRecord returns a record of TLS 1.3.
func sealedRecord(aead cipher.AEAD, seq int, content []byte, contentType byte) []byte {
	nonce := make([]byte, 12)
	binary.BigEndian.PutUint64(nonce[4:], uint64(seq))
	length := len(content) + 1 + aead.Overhead()
	header := []byte{applicationData, 3, 3, byte(length >> 8), byte(length)}
	text := append(slices.Clone(content), contentType)
	return aead.Seal(slices.Clone(header), nonce, text, header)
}

// BenchmarkOpen opens records; MB/s are of what is on the wire.
func BenchmarkOpen(b *testing.B) {
	for _, test := range []struct {
		name                    string
		suite                   uint16
		content, count, segment int
	}{
		{"gcm/small", gotls.TLS_AES_128_GCM_SHA256, 300, 3000, 1448},
		{"gcm/large", gotls.TLS_AES_128_GCM_SHA256, 16 << 10, 64, 64 << 10},
		{"gcm256/small", gotls.TLS_AES_256_GCM_SHA384, 300, 3000, 1448},
		{"chacha20/small", gotls.TLS_CHACHA20_POLY1305_SHA256, 300, 3000, 1448},
		{"chacha20/large", gotls.TLS_CHACHA20_POLY1305_SHA256, 16 << 10, 64, 64 << 10},
	} {
		b.Run(test.name, func(b *testing.B) {
			p, in, aead := handshaken(test.suite)
			data := sealed(aead, test.content, test.count)
			s := &p.l.sides[dissect.Server].seal
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				s.seq = 0
				p.c.Arena.Reset()
				feed(p, data, test.segment)
			}
			if in.bytes == 0 || s.seq != uint64(test.count) {
				b.Fatalf("%d bytes, %d records opened", in.bytes, s.seq)
			}
		})
	}
}

// Opening records allocates nothing, but for those that begin in one segment and
// end in another.
func TestOpeningAllocatesNothing(t *testing.T) {
	for _, suite := range []uint16{gotls.TLS_AES_128_GCM_SHA256, gotls.TLS_CHACHA20_POLY1305_SHA256} {
		p, in, aead := handshaken(suite)
		data := sealed(aead, 300, 100)
		s := &p.l.sides[dissect.Server].seal
		allocated := testing.AllocsPerRun(10, func() {
			s.seq = 0
			p.c.Arena.Reset()
			feed(p, data, len(data)/50)
		})
		if allocated > 0 || in.bytes != 11*300*100 {
			t.Errorf("%.0f allocations for 100 records; %d bytes opened", allocated, in.bytes)
		}
	}
}

// BenchmarkMemory says what a connection that was opened and is idle costs.
func BenchmarkMemory(b *testing.B) {
	parts, keys := talkWith(b, gotls.VersionTLS13, 0, 12)
	parts = parts[:len(parts)-2]
	var before, after runtime.MemStats
	layers := make([]*player, 0, b.N)
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range b.N {
		p, _ := opened(keys)
		p.play(parts...)
		p.c = dissect.Context{}
		layers = append(layers, p)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(b.N), "heap-B/conn")
	runtime.KeepAlive(layers)
}
