package tls

import "talktrace/dissect"

// search looks for the next record in the bytes held back and data, and passes
// over those that cannot begin one. Like read it returns the rest of data, and
// whether it found a record.
func (l *Layer) search(c *dissect.Context, from dissect.Sender, data []byte, frame int) ([]byte, bool) {
	s := &l.sides[from]
	if s.held.empty() {
		n, found := findRecord(data)
		if n > 0 {
			s.skip(n, frame)
		}
		if found {
			l.found(c, from)
			return data[n:], true
		}
		s.held.add(data[n:], frame)
		return nil, false
	}
	s.held.add(data, frame)
	n, found := findRecord(s.held.bytes())
	if n > 0 {
		s.skip(n, s.held.firstFrame())
		s.held.drop(n)
	}
	if found {
		l.found(c, from)
	}
	return nil, found
}

// findRecord returns the place of the first record in b, or where none is found
// the place up to which there is none and which has to wait for more bytes.
//
// Among encrypted bytes something like a header occurs by chance once in some
// five million bytes. So a record counts only once it is whole and what follows
// it can be a header as well: all of one, or as much of it as this segment
// still has. Senders mostly end a segment where they end a record.
func findRecord(b []byte) (int, bool) {
	for i := range b {
		rest := b[i:]
		if !isLikelyHeader(rest) {
			continue
		}
		if len(rest) < headerSize {
			return i, false
		}
		end := headerSize + contentSize(rest)
		if end > len(rest) {
			return i, false
		}
		if isLikelyHeader(rest[end:]) {
			return i, true
		}
	}
	return len(b), false
}

// found ends a search.
func (l *Layer) found(c *dissect.Context, from dissect.Sender) {
	s := &l.sides[from]
	s.lost = false
	if !s.seal.lose(s.skipped) {
		l.notes = append(l.notes, noteStateLost)
	}
	l.passedOver(c, from)
}

// giveUpSearch says of everything that is held back that it was no record.
func (l *Layer) giveUpSearch(c *dissect.Context, from dissect.Sender) {
	s := &l.sides[from]
	if !s.held.empty() {
		s.skip(s.held.size(), s.held.firstFrame())
		s.held.drop(s.held.size())
		s.held.trim()
	}
	l.passedOver(c, from)
}

// passedOver emits the row for the bytes that a search has passed over.
func (l *Layer) passedOver(c *dissect.Context, from dissect.Sender) {
	s := &l.sides[from]
	if s.skipped == 0 {
		return
	}
	e := c.Emit(from, dissect.KindMalformed)
	e.FirstFrame = s.skipFrame
	e.Protocol, e.Layers, e.Length = "TLS", l.layers, int(s.skipped)
	info := c.Arena.Begin(64)
	if s.afterGap {
		info = append(info, "parts of records cut by the loss: "...)
	} else {
		info = append(info, "not TLS: "...)
	}
	e.Info = c.Arena.Done(appendBytes(info, int(s.skipped)))
	s.skipped = 0
}
