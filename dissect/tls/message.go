package tls

import "talktrace/dissect"

// The handshake messages that are looked into, RFC 8446 section 4.
const (
	clientHello         = 1
	serverHello         = 2
	newSessionTicket    = 4
	endOfEarlyData      = 5
	encryptedExtensions = 8
	certificate         = 11
	serverKeyExchange   = 12
	clientKeyExchange   = 16
	finished            = 20
	keyUpdate           = 24
)

// stepOf is the step that a message of this type is.
func stepOf(kind byte) dissect.Step {
	switch kind {
	case clientHello:
		return dissect.ClientHello
	case newSessionTicket:
		return dissect.Ticket
	case finished:
		return dissect.Finished
	}
	return dissect.OtherStep
}

const (
	messageHeader = 4
	// maxMessage bounds what is kept of a handshake message that comes in
	// parts. The largest ones, certificate chains, have some ten kilobytes.
	maxMessage = 256 << 10
)

// messageSize is the size that the message which b begins with has in whole, or
// that of its header as long as that is not whole.
func messageSize(b []byte) int {
	if len(b) < messageHeader {
		return messageHeader
	}
	return messageHeader + int(b[1])<<16 + int(b[2])<<8 + int(b[3])
}

// messages puts together the handshake messages of one direction, which need
// not end where records end (RFC 8446 section 5.1).
type messages struct {
	part    []byte // the beginning of a message
	pass    int    // bytes still to come of a message too large to be kept
	passing byte   // its type
}

// next takes the next message off content, the rest of a handshake record. It
// returns nil where content is used up before a message is whole; the beginning
// is kept. The message is valid until content is gone.
func (m *messages) next(content []byte) (message, rest []byte) {
	if m.pass == 0 && len(m.part) == 0 {
		if n := messageSize(content); n <= len(content) {
			return content[:n], content[n:]
		}
	}
	for len(content) > 0 && m.pass == 0 {
		n := messageSize(m.part)
		if n > maxMessage {
			m.pass, m.passing, m.part = n-len(m.part), m.part[0], nil
			break
		}
		take := min(n-len(m.part), len(content))
		m.part = append(m.part, content[:take]...)
		content = content[take:]
		if len(m.part) == messageSize(m.part) {
			message, m.part = m.part, nil
			return message, content
		}
	}
	n := min(m.pass, len(content))
	m.pass -= n
	return nil, content[n:]
}

// pending returns the type of the message of which more is to come.
func (m *messages) pending() (messageType byte, ok bool) {
	switch {
	case m.pass > 0:
		return m.passing, true
	case len(m.part) > 0:
		return m.part[0], true
	}
	return 0, false
}

func (m *messages) reset() { *m = messages{} }

// areWhole reports whether content consists of whole messages of known types.
// Encrypted content passes for such about once in a million records.
func areWhole(content []byte) bool {
	for len(content) > 0 {
		n := messageSize(content)
		if n > len(content) || messageName(content[0]) == "" {
			return false
		}
		content = content[n:]
	}
	return true
}
