package scrub

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	"talktrace/dissect"
	"talktrace/dissect/deflate"
)

// frame is a frame of WebSocket (RFC 6455 section 5.2), or as much of it as there
// is.
type frame struct {
	in      *run
	at      int // in the run
	header  int // bytes
	payload int // likewise
	whole   bool
	first   byte // with the opcode
	masked  bool
	mask    [4]byte
}

// control reports whether a frame is one of section 5.5.
func (f *frame) control() bool { return f.first&8 != 0 }

// final reports whether a message ends with the frame.
func (f *frame) final() bool { return f.first&0x80 != 0 && f.whole }

// compressed reports whether a message that begins with the frame is (RFC 7692
// section 6).
func (f *frame) compressed() bool { return f.first&0x40 != 0 }

// parseFrame reads the header of the frame at a place of a run.
func parseFrame(in *run, at int) (f frame, ok bool) {
	b := in.data[at:]
	if len(b) < 2 {
		return f, false
	}
	f = frame{in: in, at: at, header: 2, first: b[0], masked: b[1]&0x80 != 0}
	length := uint64(b[1] & 0x7f)
	extended := 0
	switch length {
	case 126:
		extended = 2
	case 127:
		extended = 8
	}
	if f.header += extended; f.masked {
		f.header += len(f.mask)
	}
	if len(b) < f.header {
		return f, false
	}
	switch extended {
	case 2:
		length = uint64(binary.BigEndian.Uint16(b[2:]))
	case 8:
		length = binary.BigEndian.Uint64(b[2:])
	}
	if f.masked {
		copy(f.mask[:], b[f.header-len(f.mask):])
	}
	there := uint64(len(b) - f.header)
	f.payload, f.whole = int(min(length, there)), length <= there
	return f, b[0]&0x30 == 0 && length < math.MaxInt64
}

// said appends the payload, unmasked.
func (f *frame) said(out []byte) []byte {
	from := len(out)
	out = append(out, f.in.data[f.at+f.header:f.at+f.header+f.payload]...)
	f.cover(out[from:])
	return out
}

// cover masks bytes of the payload, or unmasks them.
func (f *frame) cover(b []byte) {
	if f.masked {
		for i := range b {
			b[i] ^= f.mask[i&3]
		}
	}
}

// put writes a payload of the same length.
func (f *frame) put(b []byte) {
	to := f.in.new[f.at+f.header : f.at+f.header+f.payload]
	copy(to, b)
	f.cover(to)
}

// edit writes a payload of any length.
func (f *frame) edit(b []byte) {
	out := []byte{f.first, 0}
	switch n := len(b); {
	case n < 126:
		out[1] = byte(n)
	case n <= math.MaxUint16:
		out[1] = 126
		out = binary.BigEndian.AppendUint16(out, uint16(n))
	default:
		out[1] = 127
		out = binary.BigEndian.AppendUint64(out, uint64(n))
	}
	if f.masked {
		out[1] |= 0x80
		out = append(out, f.mask[:]...)
	}
	header := len(out)
	out = append(out, b...)
	f.cover(out[header:])
	f.in.edits = append(f.in.edits, edit{
		from: f.at, to: f.at + f.header + f.payload, new: out, marks: []mark{{f.at + f.header, header}},
	})
}

// webSocket takes the rest of a direction, which is frames.
func (l *layout) webSocket() {
	l.side.carried = true
	said := &text{apart: true}
	inflater := deflate.NewInflater(deflate.Messages, deflate.Limits{Chunk: dissect.DefaultMaxStanza, Total: int64(*l.room) + 1})
	for more := true; more && l.err == nil; more = l.next() {
		if l.at > 0 && l.off == 0 {
			l.search(l.framed, l.anywhere())
		}
		l.frames(said, inflater)
	}
	l.side.texts = append(l.side.texts, said)
}

// frames takes the frames of what is left of a run.
func (l *layout) frames(said *text, inflater *deflate.Inflater) {
	var message []frame
	for len(l.rest()) > 0 && l.err == nil {
		f, ok := parseFrame(&l.side.runs[l.at], l.off)
		if !ok {
			l.zero(len(l.rest()))
			break
		}
		if f.control() {
			l.part(f.header+f.payload, f.replace)
			continue
		}
		if message = append(message, f); f.final() {
			l.message(said, message, inflater)
			message = nil
		}
		l.off += f.header + f.payload
	}
	for i := range message { // its end is missing
		f := &message[i]
		l.side.parts = append(l.side.parts, part{f.in, f.at + f.header, f.at + f.header + f.payload, f.forget})
	}
}

// replace replaces known values in a control frame, and maybe all but the code of a
// close.
func (f *frame) replace(r *redactor, _ *part) {
	if !r.second {
		return
	}
	const opClose, code = 8, 2
	b := r.known.replace(f.said(nil))
	if text := b; r.Rest {
		if f.first&0xf == opClose {
			text = text[min(code, len(text)):]
		}
		r.opaque(text)
	}
	f.put(b)
}

// forget replaces all of a frame of a message that is not there as a whole.
func (f *frame) forget(r *redactor, _ *part) {
	if r.second {
		b := f.said(nil)
		if f.compressed() {
			clear(b)
		} else {
			r.fragment(b)
		}
		f.put(b)
	}
}

// message takes a whole message.
func (l *layout) message(said *text, frames []frame, inflater *deflate.Inflater) {
	var b []byte
	for i := range frames {
		b = frames[i].said(b)
	}
	pack := func(now []byte) { share(frames, now, (*frame).put) }
	if frames[0].compressed() {
		plain, err := inflater.AppendMessage(nil, b)
		if err != nil {
			l.fail("a compressed message cannot be read: " + err.Error())
			return
		}
		b = plain
		if *l.room -= len(plain); *l.room < 0 {
			l.fail(tooMuch)
			return
		}
		pack = func(now []byte) { share(frames, l.compress(now), (*frame).edit) }
	}
	first := &frames[0]
	said.runs = append(said.runs, run{pos: first.in.pos + int64(first.at), data: b, pack: pack})
}

// share deals a message out to its frames in proportion to what they held.
func share(frames []frame, b []byte, put func(*frame, []byte)) {
	size, all, from := 0, 0, 0
	for i := range frames {
		all += frames[i].payload
	}
	for i := range frames {
		size += frames[i].payload
		to := len(b)
		if i+1 < len(frames) {
			to = len(b) * size / max(all, 1) // all of them may be empty
		}
		put(&frames[i], b[from:to])
		from = to
	}
}

// compress compresses a message by itself (RFC 7692 section 7.2.1). A message that
// is longer than the window on which both ends have agreed refers to nothing.
func (v *conversation) compress(b []byte) []byte {
	level := flate.DefaultCompression
	if v.bits > 0 && len(b) > 1<<v.bits {
		level = flate.HuffmanOnly
	}
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, level) // which fails on impossible levels alone
	_, _ = w.Write(b)                    // to memory
	_ = w.Flush()                        // likewise
	return bytes.TrimSuffix(out.Bytes(), []byte{0, 0, 0xff, 0xff})
}

// windowBits reads the size of the smaller window out of the extensions that were
// agreed on (RFC 7692 section 7.1.2); 0 where none is named.
func windowBits(extensions string) (bits int) {
	for parameter := range strings.FieldsFuncSeq(extensions, func(c rune) bool { return strings.ContainsRune(",; ", c) }) {
		name, value, _ := strings.Cut(parameter, "=")
		if n, err := strconv.Atoi(strings.Trim(value, `"`)); err == nil && strings.HasSuffix(name, "_max_window_bits") && (bits == 0 || n < bits) {
			bits = n
		}
	}
	return bits
}
