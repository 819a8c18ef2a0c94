package tls

// side is what is known of one direction.
type side struct {
	held     held     // in step: the beginning of a record; lost: what may yet be one
	cut      cut      // the record that a gap has cut, while it lasts
	messages messages // the handshake messages of its records
	seal     seal     // what protects its records

	begun   bool // its first bytes have gone by
	missed  bool // something was missed since its beginning, or since a hello
	changed bool // it has sent a ChangeCipherSpec

	lost      bool  // the borders of records are unknown
	afterGap  bool  // … because bytes were lost
	skipped   int64 // bytes passed over since
	skipFrame int   // the frame that brought the first of them
}

// extent returns the size of the record that b begins with, or, as long as its
// header is not whole, the size of that header. It is false where b begins no
// record. A record is whole if b has at least that many bytes.
func (s *side) extent(b []byte) (int, bool) {
	if !s.begun && b[0]&0x80 != 0 {
		if len(b) < sslv2HeaderSize {
			return sslv2HeaderSize, isSSLv2Hello(b)
		}
		return sslv2Size(b), isSSLv2Hello(b)
	}
	if !isHeader(b) {
		return 0, false
	}
	if len(b) < headerSize {
		return headerSize, true
	}
	return headerSize + contentSize(b), true
}

// lose says that what comes next is no record.
func (s *side) lose() {
	s.lost, s.begun, s.missed, s.afterGap = true, true, true, false
	s.messages.reset()
}

// cut is a record of which bytes were lost.
type cut struct {
	contentType byte
	size        int   // of the whole record, with its header
	due         int64 // bytes of it that have not gone by
	missing     int64 // bytes of it that were lost
	frame       int   // the frame that brought its first byte
}

// cutHeld makes the partial record that is held one that a gap cuts. Where not
// even its header is whole there is nothing to know of it: its bytes count
// among those passed over.
func (s *side) cutHeld() {
	b := s.held.bytes()
	if len(b) == 0 {
		return
	}
	if len(b) < headerSize || b[0]&0x80 != 0 {
		s.skip(len(b), s.held.firstFrame())
	} else {
		s.seal.unread += int64(len(b))
		s.cut = cut{
			contentType: b[0],
			size:        headerSize + contentSize(b),
			due:         int64(headerSize + contentSize(b) - len(b)),
			frame:       s.held.firstFrame(),
		}
	}
	s.held.drop(len(b))
	s.held.trim()
}

// skip counts n bytes as passed over, of which the first came in frame.
func (s *side) skip(n, frame int) {
	if s.skipped == 0 {
		s.skipFrame = frame
	}
	s.skipped += int64(n)
	s.seal.unread += int64(n)
}
