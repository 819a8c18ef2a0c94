package scrub

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strconv"

	"talktrace/dissect"
	"talktrace/dissect/deflate"
)

// body is the body of a message of HTTP, in a run.
type body struct {
	in      *run
	chunks  []span // where its bytes are
	asides  []span // where else something may be told: what is said of chunks
	trailer span   // and behind them
	end     int    // where in the run the message ends
	whole   bool
	chunked bool
}

// span is a piece of a run.
type span struct{ from, to int }

// body takes the body of the message whose head begins at a place.
func (l *layout) body(messages *text, h *head, at int) {
	b := body{in: &l.side.runs[l.at], end: l.off, chunked: h.chunked}
	switch {
	case h.chunked:
		b.dechunk()
	case h.length >= 0:
		there := int64(len(l.rest()))
		b.end += int(min(h.length, there))
		b.whole = h.length <= there
		b.chunks = []span{{l.off, b.end}}
	case h.status > 0: // it ends with the connection
		b.end, b.whole = len(b.in.data), true
		b.chunks = []span{{l.off, b.end}}
	default:
		return
	}
	for _, x := range b.asides {
		l.off = x.from
		l.part(x.to-x.from, (*redactor).aside)
	}
	if x := b.trailer; x.to > x.from {
		l.off = x.from
		l.part(x.to-x.from, (*redactor).trailer)
	}
	packed := b.said()
	plain, cuts, format, ok := packed, []mark(nil), formats[h.coding], true
	if format != nil && len(packed) > 0 {
		plain, cuts, ok = l.side.inflate(&b, format)
		if *l.room -= len(plain); *l.room < 0 {
			l.fail(tooMuch)
			return
		}
	}
	switch {
	case !ok || !looksLikeBody(plain):
		for _, c := range b.chunks {
			l.off = c.from
			l.zero(c.to - c.from)
		}
	case format == nil:
		messages.runs = append(messages.runs, run{pos: b.pos(), data: plain, pack: b.put})
	default:
		messages.runs = append(messages.runs, run{pos: b.pos(), data: plain, pack: func(now []byte) { b.pack(format, now, cuts, at, h) }})
	}
	l.off = b.end
}

// dechunk finds the chunks of a body (RFC 9112 section 7.1).
func (b *body) dechunk() {
	data := b.in.data
	for {
		n := bytes.IndexByte(data[b.end:], '\n')
		if n < 0 {
			_, aside, _ := bytes.Cut(data[b.end:], []byte{';'}) // as far as it is there
			b.asides = append(b.asides, span{len(data) - len(aside), len(data)})
			b.end = len(data)
			return
		}
		digits, aside, _ := bytes.Cut(data[b.end:b.end+n], []byte{';'})
		b.asides = append(b.asides, span{b.end + n - len(aside), b.end + n})
		size, err := strconv.ParseUint(string(bytes.TrimSpace(digits)), 16, 31)
		if err != nil {
			return
		}
		from := b.end + n + 1
		if size == 0 {
			if n = bytes.Index(data[from-2:], []byte("\r\n\r\n")); n < 0 { // behind the trailer
				b.trailer, b.end = span{from, len(data)}, len(data)
				return
			}
			b.trailer = span{from, from - 2 + n + 2}
			b.end, b.whole = from-2+n+4, true
			return
		}
		to := from + int(min(size, uint64(max(len(data)-from, 0))))
		b.chunks = append(b.chunks, span{from, to})
		if b.end = to + 2; b.end > len(data) {
			b.end = len(data)
			return
		}
	}
}

// said returns the bytes of the body.
func (b *body) said() (out []byte) {
	for _, c := range b.chunks {
		out = append(out, b.in.data[c.from:c.to]...)
	}
	return out
}

// pos is the position of the body in its direction.
func (b *body) pos() int64 { return b.in.pos + int64(b.end) - 1 }

// aside replaces what is said of a chunk (RFC 9112 section 7.1.1).
func (r *redactor) aside(p *part) { r.opaque(bytes.TrimRight(r.said(p), "\r")) }

// put writes a body of the same length.
func (b *body) put(now []byte) {
	for _, c := range b.chunks {
		now = now[copy(b.in.new[c.from:c.to], now):]
	}
}

// coding is a compression of bodies (RFC 9110 section 8.4.1).
type coding struct {
	format deflate.Format
	writer func(w io.Writer) flusher
}

// flusher is a writer that compresses.
type flusher interface {
	io.WriteCloser
	Flush() error
}

var formats = map[string]*coding{
	"gzip":    {deflate.Gzip, func(w io.Writer) flusher { return gzip.NewWriter(w) }},
	"x-gzip":  {deflate.Gzip, func(w io.Writer) flusher { return gzip.NewWriter(w) }},
	"deflate": {deflate.Web, func(w io.Writer) flusher { return zlib.NewWriter(w) }},
}

// inflate reads a compressed body, and how much of it each segment tells.
func (s *side) inflate(b *body, c *coding) (plain []byte, cuts []mark, ok bool) {
	z := deflate.NewInflater(c.format, deflate.Limits{Total: dissect.DefaultMaxStanza})
	for _, chunk := range b.chunks {
		edges := s.edges(b.in, chunk.from, chunk.to)
		for i, at := range edges[:len(edges)-1] {
			var err error
			if plain, err = z.Append(plain, b.in.data[at:edges[i+1]]); err != nil {
				return nil, nil, false
			}
			cuts = append(cuts, mark{edges[i+1], len(plain)})
		}
	}
	return plain, cuts, b.whole
}

// pack compresses a body anew, and says so in the head of its message.
func (b *body) pack(c *coding, now []byte, cuts []mark, at int, h *head) {
	var out, piece bytes.Buffer
	w := c.writer(&piece)
	e := edit{from: b.chunks[0].from, to: b.chunks[len(b.chunks)-1].to}
	said := 0
	for i, cut := range cuts {
		_, _ = w.Write(now[said:cut.is]) // to memory
		if said = cut.is; i+1 == len(cuts) {
			_ = w.Close() // likewise
		} else {
			_ = w.Flush() // likewise
		}
		if b.chunked {
			if i > 0 {
				out.WriteString("\r\n")
			}
			out.WriteString(strconv.FormatInt(int64(piece.Len()), 16) + "\r\n")
		}
		_, _ = piece.WriteTo(&out) // likewise
		e.marks = append(e.marks, mark{cut.was, out.Len()})
	}
	if b.chunked { // the size of the first chunk is a part of what takes its place
		e.from = bytes.LastIndexByte(b.in.data[:e.from-1], '\n') + 1
	} else if from, to := lengthField(b.in.data[at : at+h.size]); to > 0 {
		b.in.edits = append(b.in.edits, edit{from: at + from, to: at + to, new: []byte(strconv.Itoa(out.Len()))})
	}
	e.new = out.Bytes()
	b.in.edits = append(b.in.edits, e)
}

// lengthField returns where in a head the number of the body's bytes is.
func lengthField(head []byte) (from, to int) {
	const name = "\r\ncontent-length:"
	i := bytes.Index(lower(nil, head), []byte(name))
	if i < 0 {
		return 0, 0
	}
	for from = i + len(name); head[from] == ' '; from++ {
	}
	for to = from; '0' <= head[to] && head[to] <= '9'; to++ {
	}
	return from, to
}

// looksLikeBody reports whether bytes are a body of BOSH (XEP-0124).
func looksLikeBody(b []byte) bool {
	b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte(byteOrderMark)), " \t\r\n")
	if bytes.HasPrefix(b, []byte("<?xml")) {
		_, b, _ = bytes.Cut(b, []byte("?>"))
		b = bytes.TrimLeft(b, " \t\r\n")
	}
	end := bytes.IndexAny(b, " \t\r\n/>")
	if end < 1 || b[0] != '<' {
		return false
	}
	name := b[1:end]
	return string(name[bytes.IndexByte(name, ':')+1:]) == "body"
}
