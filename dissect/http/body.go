package http

import (
	"bytes"
	"io"
	nethttp "net/http"
	"strings"

	"talktrace/dissect"
	"talktrace/dissect/deflate"
)

// body reads the body of the message to its end. If it is wanted and looks like
// one of BOSH, it is returned in its pieces, of which there is at least one;
// any other is passed over. A body over the limit is cut there.
func (m *message) body(r io.Reader, h nethttp.Header, wanted bool) (pieces []dissect.Bytes, ok bool, err error) {
	b := &body{m: m, limit: m.c.MaxStanza}
	if wanted && r != nethttp.NoBody {
		b.decoder = decoder(h, b.limit)
		ok = b.collect(r)
	}
	n, err := io.Copy(io.Discard, r)
	if !ok {
		b.content, b.marks = nil, nil
	}
	if b.over > 0 {
		m.missing += b.over + n
	}
	return b.pieces(), ok, err
}

// body is a body being read.
type body struct {
	m       *message
	limit   int
	decoder *deflate.Inflater // nil where it is not compressed
	packed  []byte            // what goes into the decoder
	content []byte
	marks   []mark
	over    int64 // bytes read beyond the limit
}

// mark says which chunk the bytes from an offset on came in.
type mark struct {
	off int
	at  dissect.Bytes
}

// collect reads as much as there is, and can be decoded, of what looks like
// BOSH, and reports whether it does. Of anything else it reads only the
// beginning.
func (b *body) collect(r io.Reader) (ok bool) {
	judged := false
	for {
		err := b.read(r)
		if !judged {
			if ok, judged = looksLikeBody(b.content); !ok {
				return false
			}
		}
		if len(b.content) > b.limit {
			b.over = int64(len(b.content) - b.limit)
			b.content = b.content[:b.limit]
			return true
		}
		if err != nil {
			return judged
		}
	}
}

// read reads on, but not bytes of two chunks: it asks for no more than the
// buffer of net/http's source holds, and that came in the chunk at hand. (Under
// the chunked coding there may be some beyond it, as many as the coding took.)
func (b *body) read(r io.Reader) error {
	buf := b.m.buf
	if buf.Buffered() == 0 {
		buf.Peek(1) //nolint:errcheck // an error comes again below
	}
	at, start := b.m.chunk, len(b.content)
	part := b.room(max(buf.Buffered(), 1))
	n, err := r.Read(part)
	if b.decoder != nil {
		var wrong error
		if b.content, wrong = b.decoder.Append(b.content, part[:n]); wrong != nil {
			err = wrong
		}
	} else {
		b.content = b.content[:start+n]
	}
	if k := len(b.marks); len(b.content) > start && (k == 0 || b.marks[k-1].at.Frame != at.Frame) {
		b.marks = append(b.marks, mark{off: start, at: at})
	}
	return err
}

// room returns where up to n bytes of the body can be read to: the end of what
// is collected, unless they have to be decoded first.
func (b *body) room(n int) []byte {
	if b.decoder != nil {
		if cap(b.packed) < n {
			b.packed = make([]byte, n)
		}
		return b.packed[:n]
	}
	if cap(b.content)-len(b.content) < n {
		b.content = append(make([]byte, 0, 2*cap(b.content)+n), b.content...)
	}
	return b.content[len(b.content) : len(b.content)+n]
}

// pieces cuts the content at its marks. The last piece is complete with the
// chunk at hand, for it is the one that completes the message.
func (b *body) pieces() []dissect.Bytes {
	now := b.m.chunk
	if len(b.marks) == 0 {
		b.marks = []mark{{at: now}}
	}
	pieces := make([]dissect.Bytes, len(b.marks))
	for i, m := range b.marks {
		end := len(b.content)
		if i+1 < len(b.marks) {
			end = min(end, b.marks[i+1].off)
		}
		pieces[i] = m.at
		pieces[i].Data = b.content[min(m.off, end):end]
	}
	if last := &pieces[len(pieces)-1]; last.Frame != now.Frame {
		last.First = last.FirstFrame()
		last.Frame, last.Time = now.Frame, now.Time
	}
	return pieces
}

// decoder returns what undoes the Content-Encoding, nil where there is none. A
// body in a coding that is not known here comes out as it is, and is not taken
// for BOSH.
func decoder(h nethttp.Header, limit int) *deflate.Inflater {
	limits := deflate.Limits{Chunk: limit + 1, Total: 2 * int64(limit)}
	switch strings.ToLower(strings.TrimSpace(h.Get("Content-Encoding"))) {
	case "gzip", "x-gzip":
		return deflate.NewInflater(deflate.Gzip, limits)
	case "deflate":
		return deflate.NewInflater(deflate.Web, limits)
	}
	return nil
}

// looksLikeBody reports whether bytes can be the first ones of a BOSH body, and
// whether they were enough to say.
func looksLikeBody(b []byte) (yes, enough bool) {
	const longest = 512 // that comes before the name
	over := len(b) >= longest
	const mark = "\xef\xbb\xbf"
	if len(b) < len(mark) && string(b) == mark[:len(b)] {
		return true, false
	}
	b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte(mark)), " \t\r\n")
	const declaration = "<?xml"
	if n := min(len(b), len(declaration)); n > 1 && string(b[:n]) == declaration[:n] {
		end := bytes.Index(b, []byte("?>"))
		if end < 0 {
			return !over, over
		}
		b = bytes.TrimLeft(b[end+2:], " \t\r\n")
	}
	if len(b) == 0 {
		return !over, over
	}
	if b[0] != '<' {
		return false, true
	}
	end := bytes.IndexAny(b, " \t\r\n/>")
	if end < 0 {
		return !over, over
	}
	name := b[1:end]
	return string(name[bytes.IndexByte(name, ':')+1:]) == "body", true
}
