// Package tls names what a TLS connection does, and opens it where its keys are
// known.
//
// The bytes of each direction are cut into records (record.go, side.go), the
// handshake records into messages (message.go), and of these the hellos and
// the certificates are read (hello.go, certificate.go). What a record says
// becomes a row in emit.go. A direction whose record borders are unknown,
// because bytes were lost or the capture began in mid-stream, is searched for
// them in search.go.
//
// Keys come from key logs and private keys (keys.go). A sealed record is opened
// in open.go, by the opener that its cipher suite calls for (opener.go); which
// keys a direction has, and when they change, is in epoch12.go for TLS 1.2 and
// before and in epoch13.go for TLS 1.3. The data inside goes to the layer that
// Options.Inner makes (deliver.go). Records whose key is still to come wait in
// wait.go.
package tls

import "talktrace/dissect"

var _ dissect.Layer = (*Layer)(nil)

// Layer is the TLS layer of one connection.
type Layer struct {
	layers string // the Layers column
	sides  [2]side

	hello  *ClientHello // the latest one; nil before it was seen
	server *ServerHello // the latest one; nil before it was seen
	reset  bool         // the row for the reset has been written

	options  Options
	inner    dissect.Layer // takes what is inside, once there was any
	exchange exchange      // of keys, in TLS 1.2 and before
	early    early         // data that was sent with the ClientHello
	waiting  waiting       // records whose key may yet come
	alpn     string        // of the EncryptedExtensions
	certs    [2]*dissect.Certificate
	notes    []dissect.Note    // for the row of the record at hand
	facts    *dissect.TLSFacts // likewise; nil as long as there are none
	step     dissect.Step      // that the record at hand begins with
}

// Options say what can be opened and what is done with it.
type Options struct {
	// Keys open the records; with nil, or without a key for the connection,
	// they stay closed.
	Keys *Keys
	// Inner makes the layer for the data inside, given the Layers column of
	// what it lies in. It is called once, when the first data has been
	// opened. With nil, opened data is a row like that of a closed record.
	Inner func(via string) dissect.Layer
}

// New returns a layer for a connection on which TLS is spoken inside via, which
// is the Layers column of what lies outside, such as "tcp".
func New(via string, o Options) *Layer { return &Layer{layers: via + ":tls", options: o} }

// Hello returns the connection's ClientHello, or nil as long as none was seen.
// After a HelloRetryRequest it is the second one.
func (l *Layer) Hello() *ClientHello { return l.hello }

// ALPN returns the application protocol that was agreed on, where that can be
// read. In TLS 1.3 it takes the keys of the handshake.
func (l *Layer) ALPN() string {
	if l.server != nil && l.server.ALPN != "" {
		return l.server.ALPN
	}
	return l.alpn
}

// Certificate returns the certificate that a side has shown, or nil.
func (l *Layer) Certificate(of dissect.Sender) *dissect.Certificate { return l.certs[of] }

// Data takes the next bytes of one side. Nothing of b is kept but copies.
func (l *Layer) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	s := &l.sides[from]
	data, frame := l.passCut(c, from, b.Data), b.FirstFrame()
	for more := true; more; {
		if s.lost {
			data, more = l.search(c, from, data, frame)
		} else {
			data, more = l.read(c, from, data, frame)
		}
	}
	s.held.trim()
}

// read cuts one record off the bytes held back and data, or takes into held
// what that record still needs. It returns the rest of data, and whether
// calling again gets any further.
func (l *Layer) read(c *dissect.Context, from dissect.Sender, data []byte, frame int) ([]byte, bool) {
	s := &l.sides[from]
	if s.held.empty() {
		if len(data) == 0 {
			return nil, false
		}
		n, ok := s.extent(data)
		switch {
		case !ok:
			s.lose()
			return data, true
		case n > len(data):
			s.held.add(data, frame)
			return nil, false
		}
		l.record(c, from, data[:n], frame)
		return data[n:], true
	}
	n, ok := s.extent(s.held.bytes())
	if !ok {
		s.lose()
		return data, true
	}
	if want := min(n-s.held.size(), len(data)); want > 0 {
		s.held.add(data[:want], frame)
		return data[want:], true
	}
	if n > s.held.size() {
		return nil, false
	}
	l.record(c, from, s.held.bytes()[:n], s.held.firstFrame())
	s.held.drop(n)
	return data, true
}

// Gap says that n bytes of one side are lost. Where they end within a record
// whose header was seen, the next record is where that header says; otherwise
// it has to be searched for.
func (l *Layer) Gap(c *dissect.Context, from dissect.Sender, n int64) {
	s := &l.sides[from]
	l.stopWaiting(c)
	s.messages.reset()
	if s.lost {
		l.giveUpSearch(c, from)
	} else {
		s.cutHeld()
	}
	e := c.Gap(from, l.layers, n)
	s.seal.unread += n
	if !s.seal.lose(n) {
		e.Notes = append(e.Notes, noteStateLost)
	}
	s.begun, s.missed, s.afterGap = true, true, true
	lost := min(n, s.cut.due)
	s.cut.due -= lost
	s.cut.missing += lost
	if s.cut.size > 0 && s.cut.due == 0 {
		l.cutRecord(c, from)
	}
	if n > lost {
		s.lost = true
	}
}

// passCut takes the bytes that belong to a record that a gap has cut, and
// returns those behind it.
func (l *Layer) passCut(c *dissect.Context, from dissect.Sender, data []byte) []byte {
	s := &l.sides[from]
	if s.cut.due == 0 {
		return data
	}
	n := min(s.cut.due, int64(len(data)))
	s.cut.due -= n
	s.seal.unread += n
	if s.cut.due == 0 {
		l.cutRecord(c, from)
	}
	return data[n:]
}

// End says that one side has said everything.
func (l *Layer) End(c *dissect.Context, from dissect.Sender, how dissect.End) {
	if l.endsLater(c, from, how) {
		return
	}
	s := &l.sides[from]
	l.stopWaiting(c)
	searched := s.lost
	if searched {
		l.giveUpSearch(c, from)
	}
	s.seal.settle()
	if !searched && (s.cut.due > 0 || !s.held.empty()) {
		l.unfinished(c, from)
	}
	s.held.drop(s.held.size())
	s.held.trim()
	s.cut = cut{}
	s.messages.reset()
	l.decideEarly(earlyRefused)
	l.releaseEarly(c)
	if l.inner != nil {
		l.endInner(c, from, how)
		return
	}
	if how.IsReset() && !l.reset {
		l.reset = true
		e := c.Emit(how.By(from), dissect.KindEnd)
		e.Protocol, e.Layers, e.How = "TCP", l.layers, how
		e.Info = c.Arena.Printf("connection reset by %s", how.By(from))
	}
}
