package deflate

import (
	"bytes"
	"compress/gzip"
	"errors"
	"testing"

	"talktrace/dissect"
)

// FuzzInflate holds raw blocks against compress/flate, in one piece and byte by
// byte.
func FuzzInflate(f *testing.F) {
	for _, s := range readFlushed(f) {
		f.Add(bytes.Join(s.bytes, nil)[2:])
	}
	f.Add([]byte("\x04\x00\xfe\xff\xff"))
	f.Fuzz(func(t *testing.T, raw []byte) { agree(t, raw) })
}

// FuzzFormats gives anything to every format. The pieces make no difference.
func FuzzFormats(f *testing.F) {
	f.Add(uint8(Gzip), gzipped(f, gzip.Header{Name: "n", Comment: "c", Extra: []byte("x")}, "<body/>"), 3)
	f.Add(uint8(Zlib), compressed(f, []byte("<presence/><presence/>"), 6, 11), 1)
	f.Add(uint8(Messages), []byte("\xf2\x48\xcd\xc9\xc9\x07\x00\x00\x00\xff\xff"), 2)
	f.Fuzz(func(t *testing.T, format uint8, stream []byte, piece int) {
		if piece = max(1, piece%100); len(stream) > 1<<16 {
			return
		}
		limits := Limits{Total: 1 << 20}
		z := NewInflater(Format(format%4), limits)
		whole, err := inflate(z, stream, len(stream)+1, 4096)
		y := NewInflater(Format(format%4), limits)
		pieces, errPieces := inflate(y, stream, piece, 300)
		for _, limit := range []Error{ErrTotal, ErrRatio} {
			if errors.Is(err, limit) || errors.Is(errPieces, limit) {
				return // how far beyond its limit a stream gets depends on the pieces
			}
		}
		if !bytes.Equal(whole, pieces) || !errors.Is(err, errPieces) || z.Complete() != y.Complete() {
			t.Fatalf("%d bytes, %v, in one piece; %d bytes, %v, in pieces of %d", len(whole), err, len(pieces), errPieces, piece)
		}
	})
}

// FuzzLayer plays anything as frames, with a gap or without. At most two rows
// tell that there is no more, and of no more bytes than came.
func FuzzLayer(f *testing.F) {
	for _, s := range readFlushed(f) {
		f.Add(bytes.Join(s.bytes, nil), uint16(40), uint16(200))
	}
	f.Fuzz(func(t *testing.T, stream []byte, cut, gap uint16) {
		if len(stream) > 1<<16 {
			return
		}
		p := newPlayer(Limits{Total: 1 << 20, Chunk: 1 << 18})
		p.r.quiet = true
		k := min(int(cut), len(stream))
		p.data(dissect.Client, stream[:k])
		inflated := len(p.r.plain[dissect.Client])
		if gap%2 == 1 {
			p.gap(dissect.Client, int64(gap))
		}
		p.data(dissect.Client, stream[k:])
		p.end()
		if gap%2 == 1 && len(p.r.plain[dissect.Client]) != inflated {
			t.Fatal("bytes came out behind a gap")
		}
		told, gaps := 0, 0
		for _, e := range p.c.Events {
			told += e.Length
			if e.Kind == dissect.KindGap {
				gaps++
			}
		}
		if told > len(stream) || len(p.c.Events)-gaps > 2 || gaps != int(gap%2) {
			t.Fatalf("rows %v", p.rows())
		}
	})
}
