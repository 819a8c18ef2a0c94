package http

import (
	"bufio"
	"errors"
	"io"
	"iter"
	nethttp "net/http"
	"strings"

	"talktrace/dissect"
)

// maxHead bounds the bytes of a message's head.
const maxHead = 64 << 10

var (
	errStopped = errors.New("reading was given up")
	errGap     = errors.New("bytes were lost")
	errHead    = errors.New("the head is larger than any")
)

// message is a request or an answer being read. It is the io.Reader that
// net/http reads it from.
type message struct {
	layer *Layer
	from  dissect.Sender
	first int // the frame of its first byte

	c       *dissect.Context // while it runs
	chunk   dissect.Bytes    // its Data are those not yet read
	head    int              // bytes read of the head; -1 behind it
	fault   error            // what reading ends with
	missing int64            // bytes lost where it ended, if any
	buf     *bufio.Reader
	err     error // why it was no message

	running bool
	next    func() (struct{}, bool)
	stop    func()
	yield   func(struct{}) bool
}

// begin makes a message whose first bytes, in frame first, are about to come.
func (l *Layer) begin(from dissect.Sender, first int) *message {
	m := &message{layer: l, from: from, first: first}
	m.buf = bufio.NewReader(m)
	m.next, m.stop = iter.Pull(func(yield func(struct{}) bool) {
		m.yield = yield
		if from == dissect.Client {
			m.err = m.request()
		} else {
			m.err = m.answer()
		}
	})
	return m
}

// push runs the coroutine until it has ended or wants more bytes than these.
// Once it has ended, push returns the bytes that it did not need.
func (m *message) push(c *dissect.Context, b dissect.Bytes) (done bool, rest []byte) {
	m.chunk = b
	if m.resume(c) {
		return false, nil
	}
	// What the buffer holds has come in this chunk: it is only ever filled
	// when nothing less would do.
	unread := m.buf.Buffered() + len(m.chunk.Data)
	return true, b.Data[len(b.Data)-min(unread, len(b.Data)):]
}

// resume reports whether the message is still not whole.
func (m *message) resume(c *dissect.Context) bool {
	m.c, m.running = c, true
	_, more := m.next()
	m.c, m.running = nil, false
	return more
}

// fail ends the message, because so many bytes are missing behind those that
// have come.
func (m *message) fail(c *dissect.Context, err error, missing int64) {
	m.fault, m.missing = err, missing
	m.resume(c)
	m.stop()
}

// Read gives net/http the bytes of the chunk at hand, and sleeps when there are
// none.
func (m *message) Read(p []byte) (int, error) {
	for len(m.chunk.Data) == 0 {
		switch {
		case m.fault != nil:
			return 0, m.fault
		case m.head >= maxHead:
			return 0, errHead
		case !m.yield(struct{}{}):
			m.fault = errStopped
		}
	}
	n := copy(p, m.chunk.Data)
	m.chunk.Data = m.chunk.Data[n:]
	if m.head >= 0 {
		m.head += n
	}
	return n, nil
}

// headRead says that the head has been read, and returns its size.
func (m *message) headRead() int {
	size := m.head - m.buf.Buffered()
	m.head = -1
	return size
}

// request reads a request. The exchange begins with its head: a server may
// answer before it has seen the body.
func (m *message) request() error {
	r, err := nethttp.ReadRequest(m.buf)
	if err != nil {
		return err
	}
	size := m.headRead()
	l := m.layer
	if l.unsure {
		l.exchanges, l.unsure = nil, false
	}
	if len(l.exchanges) == maxExchanges {
		l.exchanges = l.exchanges[1:]
	}
	x := &exchange{method: r.Method}
	if hasToken(r.Header, "Upgrade", "websocket") {
		x.upgrade, x.protocols = true, strings.Join(r.Header.Values("Sec-Websocket-Protocol"), ",")
	}
	l.exchanges = append(l.exchanges, x)
	if r.Method == nethttp.MethodConnect {
		m.asksForTunnel(r, size)
	}
	body, wanted, err := m.body(r.Body, r.Header, true)
	if errors.Is(m.fault, errStopped) {
		return errStopped
	}
	if wanted {
		x.answer = l.bosh.Request(m.c, body, m.missing)
		l.ours = l.ours || x.answer != nil
	}
	return err
}

// answer reads an answer, to the first request that has none.
func (m *message) answer() error {
	l := m.layer
	var x *exchange
	asked := &nethttp.Request{Method: nethttp.MethodGet}
	if len(l.exchanges) > 0 {
		x = l.exchanges[0]
		asked.Method = x.method
	}
	r, err := nethttp.ReadResponse(m.buf, asked)
	if err != nil {
		return err
	}
	size := m.headRead()
	if r.StatusCode < 200 && r.StatusCode != nethttp.StatusSwitchingProtocols {
		return nil // the answer proper is still to come
	}
	if len(l.exchanges) > 0 && l.exchanges[0] == x {
		l.exchanges = l.exchanges[1:]
	}
	if r.StatusCode == nethttp.StatusSwitchingProtocols {
		l.switched(x, r)
		return nil
	}
	if m.answersTunnel(x, r, size) {
		return nil
	}
	body, wanted, err := m.body(r.Body, r.Header, x == nil || x.answer != nil)
	switch {
	case errors.Is(m.fault, errStopped):
	case x != nil && x.answer != nil:
		x.answer(m.c, r.StatusCode, body, m.missing)
	case x == nil && wanted:
		l.ours = l.bosh.Answer(m.c, r.StatusCode, body, m.missing) || l.ours
	}
	return err
}

// hasToken reports whether a header's list of values has a token in it.
func hasToken(h nethttp.Header, name, token string) bool {
	return listHas(strings.Join(h.Values(name), ","), token)
}

func listHas(list, token string) bool {
	for v := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(strings.TrimSpace(v), token) {
			return true
		}
	}
	return false
}

var _ io.Reader = (*message)(nil)
