package deflate

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// inflate inflates src in pieces of the given size, into room for some bytes
// at a time.
func inflate(z *Inflater, src []byte, piece, room int) ([]byte, error) {
	var plain []byte
	buf := make([]byte, 0, room)
	for p := range slices.Chunk(src, piece) {
		for {
			dst, rest, err := z.Inflate(buf, p)
			plain = append(plain, dst...)
			if err != nil {
				return plain, err
			}
			if p = rest; len(dst) < room {
				break
			}
		}
		if len(p) > 0 {
			return plain, fmt.Errorf("%d bytes not taken although there is room", len(p))
		}
	}
	return plain, nil
}

// texts are plain bytes of several natures.
func texts() map[string][]byte {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 80_000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	var stanzas, mixed bytes.Buffer
	for i := range 1000 {
		fmt.Fprintf(&stanzas, "<message id='%d' to='juliet@capulet.example/%x'><body>%d</body></message>", i, random.Uint32(), random.Uint64())
	}
	for mixed.Len() < 100_000 {
		at := random.IntN(len(noise) - 300)
		mixed.Write(noise[at : at+random.IntN(300)])
		mixed.Write(bytes.Repeat([]byte{'='}, random.IntN(700)))
	}
	return map[string][]byte{
		"nothing": nil, "one byte": {'<'}, "noise": noise, "stanzas": stanzas.Bytes(),
		"run": bytes.Repeat([]byte("<r/>"), 50_000), "mixed": mixed.Bytes(),
	}
}

// compressed returns plain as a zlib stream, flushed after every step bytes.
func compressed(t testing.TB, plain []byte, level, step int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	for p := range slices.Chunk(plain, step) {
		if _, err := w.Write(p); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// deflated returns plain as raw blocks, flushed but without an end.
func deflated(t testing.TB, plain []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// gzipped returns a gzip member.
func gzipped(t testing.TB, h gzip.Header, plain string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Header = h
	if _, err := io.WriteString(w, plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	for name, plain := range texts() {
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.BestSpeed, 6, flate.BestCompression} {
			for _, step := range []int{700, 1 << 20} {
				stream := compressed(t, plain, level, step)
				for _, cut := range [][2]int{{len(stream), 64 << 10}, {1, 4096}, {1460, 1 << 20}, {7, 1}, {30, 300}} {
					z := NewInflater(Zlib, Limits{})
					got, err := inflate(z, stream, cut[0], cut[1])
					if err != nil || !bytes.Equal(got, plain) || !z.Complete() {
						t.Fatalf("%s, level %d, flushed every %d, pieces of %d, room for %d: %d of %d bytes, complete %v, %v",
							name, level, step, cut[0], cut[1], len(got), len(plain), z.Complete(), err)
					}
				}
			}
		}
	}
}

// TestMessageIsOutAtItsFlush cuts a stream at every byte: what was flushed is
// out with its last byte, and what comes out grows as the stream does.
func TestMessageIsOutAtItsFlush(t *testing.T) {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	var plain []byte
	due := map[int]int{} // bytes of the stream to bytes that are flushed with them
	for i := range 60 {
		m := fmt.Appendf(nil, "<message id='%d'><body>%s</body></message>", i, strings.Repeat(string(rune('a'+i%26)), i*i%97))
		plain = append(plain, m...)
		if _, err := w.Write(m); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		due[b.Len()] = len(plain)
	}
	z := NewInflater(Zlib, Limits{})
	var got []byte
	for i, c := range b.Bytes() {
		p, err := inflate(z, []byte{c}, 1, 4096)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p...)
		if n, ok := due[i+1]; ok && len(got) != n {
			t.Fatalf("after the flush at byte %d there are %d bytes, want %d", i+1, len(got), n)
		}
	}
	if !bytes.Equal(got, plain) {
		t.Error("the bytes differ")
	}
}

// TestNothingIsLate has a block that is not flushed come byte by byte: bytes
// are out long before its end.
func TestNothingIsLate(t *testing.T) {
	plain := texts()["stanzas"][:20_000]
	stream := compressed(t, plain, 6, len(plain))
	z := NewInflater(Zlib, Limits{})
	half, err := inflate(z, stream[:len(stream)/2], 1, 4096)
	if err != nil {
		t.Fatal(err)
	}
	if len(half) < len(plain)/3 {
		t.Errorf("half of the stream gives %d of %d bytes", len(half), len(plain))
	}
	// With each byte of noise coded in about a byte, any one lets another out.
	noise := texts()["noise"][:5000]
	z = NewInflater(Messages, Limits{})
	stream = deflated(t, slices.Concat(noise, bytes.Repeat([]byte("e"), 2000)), flate.HuffmanOnly)
	at := len(stream) / 2
	before, err := inflate(z, stream[:at], at, 1<<20)
	if err != nil || len(before) == 0 {
		t.Fatal(len(before), err)
	}
	for i := range 100 {
		p, err := inflate(z, stream[at+i:at+i+3], 3, 4096)
		if err != nil || len(p) == 0 {
			t.Fatalf("three more bytes give %d, %v", len(p), err)
		}
		at += 2
	}
}

func TestGzip(t *testing.T) {
	var b bytes.Buffer
	want := ""
	for i, h := range []gzip.Header{{}, {Name: "a", Comment: "b", Extra: []byte("extra\x00")}, {Comment: "c"}, {Name: "n"}} {
		body := fmt.Sprintf("<body rid='%d'/>", i)
		b.Write(gzipped(t, h, body))
		want += body
	}
	for piece := 1; piece <= b.Len(); piece++ {
		z := NewInflater(Gzip, Limits{})
		got, err := inflate(z, b.Bytes(), piece, 64)
		if err != nil || string(got) != want || !z.Complete() {
			t.Fatalf("pieces of %d: %q, %v, complete %v", piece, got, err, z.Complete())
		}
	}
	withCheck := []byte("\x1f\x8b\x08\x02\x00\x00\x00\x00\x00\xff\x12\x34")
	z := NewInflater(Gzip, Limits{})
	if got, err := z.Append(nil, append(withCheck, gzipped(t, gzip.Header{}, "<a/>")[10:]...)); err != nil || string(got) != "<a/>" || !z.Complete() {
		t.Errorf("with a header checksum: %q, %v", got, err)
	}
}

func TestWebTakesBothKindsOfDeflate(t *testing.T) {
	plain := texts()["stanzas"][:5000]
	zlib := compressed(t, plain, 6, 5000)
	for _, stream := range [][]byte{zlib, zlib[2 : len(zlib)-4]} {
		for _, piece := range []int{1, len(stream)} {
			z := NewInflater(Web, Limits{})
			if got, err := inflate(z, stream, piece, 512); err != nil || !bytes.Equal(got, plain) || !z.Complete() {
				t.Errorf("pieces of %d: %d of %d bytes, complete %v, %v", piece, len(got), len(plain), z.Complete(), err)
			}
		}
	}
}

// TestMessages has the examples of RFC 7692 section 7.2.3.
func TestMessages(t *testing.T) {
	takeover := NewInflater(Messages, Limits{})
	for _, m := range []string{
		"\xf2\x48\xcd\xc9\xc9\x07\x00",
		"\xf2\x00\x11\x00\x00",
		"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00",
		"\xf3\x48\xcd\xc9\xc9\x07\x00\x00",
		"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00",
	} {
		got, err := takeover.AppendMessage([]byte("> "), []byte(m))
		if err != nil || string(got) != "> Hello" {
			t.Errorf("% x: %q, %v", m, got, err)
		}
	}
	z := NewInflater(Messages, Limits{})
	if _, err := z.AppendMessage(nil, []byte("\xf2\x48\xcd\xc9\xc9\x07\x00")); err != nil {
		t.Fatal(err)
	}
	z.Reset()
	if _, err := z.AppendMessage(nil, []byte("\xf2\x00\x11\x00\x00")); !errors.Is(err, ErrDistance) {
		t.Errorf("without the context of the first message: %v", err)
	}
	z.Reset()
	if got, err := z.AppendMessage(nil, []byte("\xf2\x48\xcd\xc9\xc9\x07\x00")); err != nil || string(got) != "Hello" {
		t.Errorf("after an error and a reset: %q, %v", got, err)
	}
}

func TestAppendIsBounded(t *testing.T) {
	const limit = 1000
	for size := limit - 2; size <= limit+2; size++ {
		whole := deflated(t, bytes.Repeat([]byte("r"), size), 6)
		message := bytes.TrimSuffix(whole, []byte("\x00\x00\xff\xff"))
		for name, do := range map[string]func(z *Inflater) ([]byte, error){
			"Append":        func(z *Inflater) ([]byte, error) { return z.Append([]byte("> "), whole) },
			"AppendMessage": func(z *Inflater) ([]byte, error) { return z.AppendMessage([]byte("> "), message) },
		} {
			got, err := do(NewInflater(Messages, Limits{Chunk: limit}))
			if size <= limit && err != nil || size > limit && !errors.Is(err, ErrChunk) || len(got) != 2+min(size, limit) {
				t.Errorf("%s of %d bytes: %d, %v", name, size, len(got)-2, err)
			}
		}
	}
	// A stored block that makes the tail its own.
	z := NewInflater(Messages, Limits{Chunk: 4})
	if got, err := z.AppendMessage(nil, []byte("\x00\x05\x00\xfa\xff!")); !errors.Is(err, ErrChunk) || string(got) != "!\x00\x00\xff" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestDamage(t *testing.T) {
	good := compressed(t, texts()["stanzas"][:3000], 6, 500)
	sum := slices.Clone(good)
	sum[len(sum)-1] ^= 1
	gz := "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x03\x00\x00\x00\x00\x00"
	for _, c := range []struct {
		name   string
		format Format
		stream string
		want   Error
	}{
		{"no header", Zlib, "<message/>", ErrZlibHeader},
		{"wrong header check", Zlib, "\x78\x9d", ErrZlibHeader},
		{"wide window", Zlib, "\x88\x1c", ErrZlibHeader},
		{"dictionary", Zlib, "\x78\xbb", ErrDictionary},
		{"block type 3", Zlib, "\x78\x9c\x06", ErrBlockType},
		{"stored size", Zlib, "\x78\x9c\x00\x01\x00\xff\xff", ErrStored},
		{"287 lengths", Messages, "\xf4\x00\x00", ErrCode},
		{"31 distances", Messages, "\x04\x1e\x00", ErrCode},
		{"repeat of nothing", Messages, "\x04\x00\xfe\xff\xff", ErrCode},
		{"distance before the first byte", Messages, "\x02\x02\x00\x00\x00", ErrDistance},
		{"distance symbol 30", Messages, "\x02\x3e", ErrSymbol},
		{"length symbol 286", Messages, "\x1b\x03\x00\x00", ErrSymbol},
		{"checksum", Zlib, string(sum), ErrChecksum},
		{"behind the end", Zlib, string(good) + "<", ErrTrailing},
		{"no gzip", Gzip, "\x1f\x8b\x07\x00", ErrGzipHeader},
		{"unknown gzip flag", Gzip, "\x1f\x8b\x08\x80", ErrGzipHeader},
		{"gzip checksum", Gzip, "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x03\x00\x00\x00\x00\x01", ErrChecksum},
		{"gzip size", Gzip, gz + "\x01\x00\x00\x00", ErrChecksum},
		{"behind the gzip", Gzip, gz + "\x00\x00\x00\x00more", ErrGzipHeader},
	} {
		for _, piece := range []int{1, len(c.stream)} {
			z := NewInflater(c.format, Limits{})
			_, err := inflate(z, []byte(c.stream), piece, 4096)
			if !errors.Is(err, c.want) {
				t.Errorf("%s, pieces of %d: %v, want %v", c.name, piece, err, c.want)
			}
			if _, _, again := z.Inflate(make([]byte, 0, 1), []byte{0}); !errors.Is(again, err) || z.Complete() {
				t.Errorf("%s: then %v, complete %v", c.name, again, z.Complete())
			}
		}
	}
}

// TestFlippedBits holds what is made of damaged streams against compress/flate.
func TestFlippedBits(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, plain := range texts() {
		stream := compressed(t, plain[:min(len(plain), 4000)], 6, 900)
		for range 300 {
			bad := slices.Clone(stream)
			for range 1 + random.IntN(3) {
				bad[random.IntN(len(bad))] ^= 1 << random.IntN(8)
			}
			agree(t, bad[2:])
		}
	}
}

// agree checks that raw blocks give the same bytes as with compress/flate, and
// that both find them good or both bad.
func agree(t *testing.T, blocks []byte) {
	t.Helper()
	want, wantErr := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(blocks)), 4<<20))
	if len(want) == 4<<20 {
		return
	}
	z := raw()
	got, err := inflate(z, blocks, len(blocks)+1, 64<<10)
	again, errAgain := inflate(raw(), blocks, 1, 700)
	if !errors.Is(err, errAgain) || !bytes.Equal(got, again) {
		t.Fatalf("% x: in one piece %d bytes, %v; in pieces %d bytes, %v", blocks, len(got), err, len(again), errAgain)
	}
	good := z.Complete() || errors.Is(err, ErrTrailing)
	switch {
	case good != (wantErr == nil):
		t.Fatalf("% x: %v, complete %v; compress/flate says %v", blocks, err, z.Complete(), wantErr)
	case good && !bytes.Equal(got, want):
		t.Fatalf("% x: other bytes", blocks)
	}
	if !bytes.HasPrefix(got, want) && !bytes.HasPrefix(want, got) {
		t.Fatalf("% x: the bytes before the damage differ", blocks)
	}
}
