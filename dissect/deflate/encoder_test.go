package deflate

import (
	"bytes"
	"errors"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// encoder writes blocks that no compressor would.
type encoder struct {
	out   []byte
	buf   uint64
	count uint
}

// bits writes the n lowest bits of v.
func (e *encoder) bits(v, n int) {
	e.buf |= uint64(v) << e.count
	for e.count += uint(n); e.count >= 8; e.count -= 8 {
		e.out = append(e.out, byte(e.buf))
		e.buf >>= 8
	}
}

func (e *encoder) align() {
	if e.count > 0 {
		e.bits(0, int(8-e.count))
	}
}

// code writes the symbol's place in the canonical code with these lengths.
func (e *encoder) code(lengths []uint8, symbol int) {
	n := lengths[symbol]
	code := 0
	for l := uint8(1); l <= n; l++ {
		code <<= 1
		for s, other := range lengths {
			if other == l && (l < n || s < symbol) {
				code++
			}
		}
	}
	e.bits(int(bits.Reverse16(uint16(code))>>(16-n)), int(n))
}

// codeOfLengths is a code for all that can be said about code lengths.
func codeOfLengths() []uint8 {
	return slices.Concat(bytes.Repeat([]byte{4}, 13), bytes.Repeat([]byte{5}, 6))
}

// counts begins a block with its own codes.
func (e *encoder) counts(literals, distances int) {
	e.bits(2<<1, 3)
	e.bits(literals-257, 5)
	e.bits(distances-1, 5)
	e.bits(lengthCodes-4, 4)
	for _, symbol := range []int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15} {
		e.bits(int(codeOfLengths()[symbol]), 3)
	}
}

// dynamic begins a block with these codes.
func (e *encoder) dynamic(literals, distances []uint8) {
	e.counts(len(literals), len(distances))
	for _, n := range slices.Concat(literals, distances) {
		e.code(codeOfLengths(), int(n))
	}
}

func (e *encoder) stored(b []byte) {
	e.bits(0, 3)
	e.align()
	e.bits(len(b), 16)
	e.bits(len(b)^0xffff, 16)
	e.out = append(e.out, b...)
}

// ladder returns lengths for that many symbols, of which these get the codes
// of 1, 2, 3 bits and so on, the last two of the same.
func ladder(n int, symbols ...int) []uint8 {
	lengths := make([]uint8, n)
	for i, s := range symbols {
		lengths[s] = uint8(min(i+1, len(symbols)-1))
	}
	return lengths
}

// TestLongestCodes mixes literals of one bit with matches for which all 48 bits
// are needed, copied over the whole window, and stored blocks between, in rooms
// and pieces of many sizes.
func TestLongestCodes(t *testing.T) {
	literals := ladder(286, 'a', 285, 'b', 265, 269, 273, 277, 281, 257, 282, 283, 260, 261, 262, endOfBlock, 284)
	distances := ladder(30, 0, 3, 27, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 28, 29)
	random := rand.New(rand.NewPCG(5, 6))
	noise := texts()["noise"]
	var e encoder
	e.stored(noise[:windowSize])
	for i := range 8 {
		e.dynamic(literals, distances)
		for range 400 {
			for range 10 + random.IntN(14) {
				e.code(literals, 'a')
			}
			if random.IntN(2) == 0 {
				e.code(literals, 285)
			} else {
				e.code(literals, 284)
				e.bits(random.IntN(32), 5)
			}
			if random.IntN(2) == 0 {
				e.code(distances, 0)
			} else {
				e.code(distances, 29)
				e.bits(random.IntN(1<<13), 13)
			}
		}
		e.code(literals, endOfBlock)
		e.stored(noise[i*10:][:1+random.IntN(9)])
	}
	e.bits(1, 1) // the last block is a fixed one with nothing in it
	e.bits(1, 2)
	e.bits(0, 7)
	e.align()
	agree(t, e.out)
	whole, err := inflate(raw(), e.out, len(e.out), 8<<20)
	if err != nil || len(whole) < 100_000 {
		t.Fatal(len(whole), err)
	}
	for room := 1; room < 700; room += 1 + room/3 {
		got, err := inflate(raw(), e.out, 1+random.IntN(5000), room)
		if err != nil || !bytes.Equal(got, whole) {
			t.Fatalf("in rooms of %d: %d of %d bytes, %v", room, len(got), len(whole), err)
		}
	}
	// The end of a room at every place of some hundred, behind as many bytes as
	// a match can go back.
	begin := e.out[:windowSize+2000]
	whole, err = inflate(raw(), begin, len(begin), 8<<20)
	if err != nil || len(whole) < windowSize+3000 {
		t.Fatal(len(whole), err)
	}
	for room := windowSize + 300; room < windowSize+2300; room++ {
		if got, err := inflate(raw(), begin, len(begin), room); err != nil || !bytes.Equal(got, whole) {
			t.Fatalf("in rooms of %d: %d of %d bytes, %v", room, len(got), len(whole), err)
		}
	}
}

// TestImpossibleCodes has lengths that are not those of a code.
func TestImpossibleCodes(t *testing.T) {
	one := []uint8{1}
	over := ladder(300, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', endOfBlock)[:257]
	under := slices.Clone(over)
	over['x'], under['o'] = 15, 0
	for _, c := range []struct {
		name                string
		literals, distances []uint8
		want                error
	}{
		{"one code of one bit", ladder(257, endOfBlock, 'a'), one, nil},
		{"no distance code", ladder(257, endOfBlock, 'a'), []uint8{0}, nil},
		{"no end of block", ladder(257, 'a', 'b'), one, ErrCode},
		{"a code of two bits missing", ladder(257, 'a', endOfBlock, 'c')[:257], []uint8{1, 2}, ErrCode},
		{"one code of two bits", ladder(257, endOfBlock, 'a'), []uint8{2}, ErrCode},
		{"three codes of one bit", ladder(257, endOfBlock, 'a'), []uint8{1, 1, 1}, ErrCode},
		{"one code of 15 bits too many", over, one, ErrCode},
		{"one code of 15 bits missing", under, one, ErrCode},
	} {
		var e encoder
		e.dynamic(c.literals, c.distances)
		e.align()
		if _, err := inflate(raw(), e.out, 1, 100); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	var e encoder
	e.counts(maxLiterals, maxDistances)
	for range maxLiterals + maxDistances - 10 {
		e.code(codeOfLengths(), 0)
	}
	e.code(codeOfLengths(), 18) // eleven more, where there are ten
	e.bits(0, 7)
	e.align()
	if _, err := inflate(raw(), e.out, 1, 100); !errors.Is(err, ErrCode) {
		t.Errorf("one length too many: %v", err)
	}
}

// raw returns an Inflater for blocks alone, which have an end.
func raw() *Inflater {
	z := NewInflater(Web, Limits{})
	z.stage = dueBlock
	return z
}
