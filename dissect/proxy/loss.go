package proxy

import "talktrace/dissect"

// Gap implements dissect.Layer. Behind a loss within the handshake its messages
// are told by their form: nothing that goes through begins as they do.
func (s *SOCKS) Gap(c *dissect.Context, from dissect.Sender, n int64) {
	h := &s.halves[from]
	switch {
	case s.over:
	case h.step != stepThrough:
		s.gap(c, from, n)
		s.cut(from, n)
	case s.stream:
		h.file.missing += n
	default:
		s.lost(c, from, n)
	}
}

// cut gives up the message that is under way. Where its length is known, so is
// what still comes of it; the rest of another one, which may be a password's,
// must not be taken for what goes through.
func (s *SOCKS) cut(from dissect.Sender, n int64) {
	h := &s.halves[from]
	if len(h.held) > 0 {
		size, ok := s.measure(from, h)
		h.due = max(size-len(h.held), 0)
		h.wary = ok && size == 0 && from == dissect.Client
	}
	h.due -= int(min(int64(h.due), n))
	h.lost, h.held = true, nil
}

// behindLoss takes bytes behind a loss that are no message of the handshake: it
// is over. The first had of those held came in earlier segments, when they might
// still have become a message. It returns the bytes that are to be looked at again.
func (s *SOCKS) behindLoss(c *dissect.Context, from dissect.Sender, b dissect.Bytes, had int) []byte {
	h := &s.halves[from]
	early := h.held[:had]
	h.held = nil
	if h.wary && s.halves[dissect.Server].step != stepThrough {
		return nil // until there is a request, or the server says that it has one
	}
	h.step, h.lost, h.wary = stepThrough, false, false
	if had > 0 {
		s.through(c, from, dissect.Bytes{Data: c.Arena.Copy(early), Frame: b.Frame, First: h.first, Time: b.Time})
	}
	return b.Data
}

// End implements dissect.Layer.
func (s *SOCKS) End(c *dissect.Context, from dissect.Sender, how dissect.End) {
	h := &s.halves[from]
	if s.over {
		return
	}
	s.unfinished(c, from, h.first, len(h.held))
	h.held = nil
	if f := &h.file; f.size > 0 || f.missing > 0 {
		s.tellFile(c, from, f)
		*f = file{}
	}
	s.end(c, from, how)
}

// tellFile says how much went over a bytestream.
func (s *SOCKS) tellFile(c *dissect.Context, from dissect.Sender, f *file) {
	at := dissect.Bytes{Frame: f.last.Frame, First: f.first.Frame, Time: f.last.Time}
	if f.size == 0 {
		at = dissect.Bytes{Frame: c.Frame, Time: c.Time}
	}
	r := rowOf(from, at, f.size, "SOCKS5 bytestream (XEP-0065), "+count(f.size)+" of data")
	if f.missing > 0 {
		r.missing = f.missing
		r.info += ", " + count(int(f.missing)) + " lost"
	}
	s.tell(c, r)
}
