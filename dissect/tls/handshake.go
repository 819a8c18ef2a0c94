package tls

import (
	"bytes"
	"strconv"
	"strings"

	"talktrace/dissect"
)

const (
	maxNamed  = 8 // messages of one record that its row names
	maxListed = 4 // protocols that the row of a ClientHello names
)

// handshake appends what the messages in a handshake record say, one after the
// other, and takes note of what they mean.
func (l *Layer) handshake(c *dissect.Context, info []byte, from dissect.Sender, content []byte, opened bool) []byte {
	s := &l.sides[from]
	if !opened && (l.isProtected(from) || l.isUnreadable(from, content)) {
		s.messages.reset()
		return appendBytes(append(info, "encrypted handshake message, "...), len(content))
	}
	if len(content) == 0 {
		return append(info, "handshake, empty"...)
	}
	began, continues := s.messages.pending()
	if l.step = stepOf(content[0]); continues {
		l.step = stepOf(began)
	}
	named := 0
	for len(content) > 0 {
		var message []byte
		if message, content = s.messages.next(content); message == nil {
			continue
		}
		if named++; named <= maxNamed {
			if named > 1 {
				info = append(info, "; "...)
			}
			info = l.message(c, info, from, message)
		}
		l.follow(c, from, message, opened)
	}
	if named > maxNamed {
		info = strconv.AppendInt(append(info, "; and "...), int64(named-maxNamed), 10)
		info = append(info, " more"...)
	}
	if kind, ok := s.messages.pending(); ok && (named > 0 || !continues) {
		if named > 0 {
			info = append(info, "; "...)
		}
		return append(appendMessageName(info, kind), " (begins)"...)
	}
	if named == 0 {
		return append(appendMessageName(info, began), " (continued)"...)
	}
	return info
}

// follow takes note of what a message means for the keys.
func (l *Layer) follow(c *dissect.Context, from dissect.Sender, message []byte, opened bool) {
	if l.options.Keys == nil {
		return
	}
	if l.is13() && opened {
		l.follow13(from, message)
		return
	}
	l.follow12(c, message)
	if message[0] == clientHello || message[0] == serverHello {
		l.startEpochs(message[0])
	}
}

// isUnreadable reports whether content, which may follow on a ChangeCipherSpec
// that was missed, looks encrypted.
func (l *Layer) isUnreadable(from dissect.Sender, content []byte) bool {
	s := &l.sides[from]
	if _, inside := s.messages.pending(); inside || areWhole(content) {
		return false
	}
	if s.missed {
		return true
	}
	begins := content[0] == clientHello || content[0] == serverHello
	return l.hello == nil && l.server == nil && !begins
}

// message appends what one handshake message says.
func (l *Layer) message(c *dissect.Context, info []byte, from dissect.Sender, message []byte) []byte {
	body := message[messageHeader:]
	switch message[0] {
	case clientHello:
		if hello, ok := parseClientHello(body); ok {
			l.hello, l.sides[from].missed = hello, false
			return l.appendClientHello(c, info, hello)
		}
		return append(info, "ClientHello, malformed"...)
	case serverHello:
		if hello, ok := parseServerHello(body); ok {
			l.server, l.sides[from].missed = hello, false
			return l.appendServerHello(c, info, hello)
		}
		return append(info, "ServerHello, malformed"...)
	case certificate:
		return l.certificates(c, info, from, body)
	case encryptedExtensions:
		return l.extensions(c, info, body)
	case serverKeyExchange:
		return l.serverKeyExchange(c, info, body)
	case newSessionTicket:
		r := reader{b: body}
		info = append(info, "NewSessionTicket"...)
		if seconds := r.uint(4); seconds > 0 {
			info = appendCount(append(info, ", for "...), seconds, "second")
		}
		return info
	case keyUpdate:
		info = append(info, "KeyUpdate"...)
		if len(body) == 1 && body[0] == 1 {
			info = append(info, ", asks for one in return"...)
		}
		return info
	}
	return appendMessageName(info, message[0])
}

// extensions reads the EncryptedExtensions of a server (RFC 8446 section 4.3.1).
func (l *Layer) extensions(c *dissect.Context, info, body []byte) []byte {
	info = append(info, "EncryptedExtensions"...)
	r := reader{b: body}
	eachExtension(r.vectorAsFar(2), func(kind uint16, content reader) {
		switch kind {
		case extALPN:
			if names := protocols(content); len(names) > 0 {
				l.alpn = names[0]
				info = append(append(info, ", ALPN "...), names[0]...)
			}
		case extEarlyData:
			l.early.taken = true
			info = append(info, ", early data accepted"...)
		}
	})
	l.extensionsFacts(c)
	return info
}

// appendMessageName appends the name of a handshake message, or its type.
func appendMessageName(dst []byte, messageType byte) []byte {
	if name := messageName(messageType); name != "" {
		return append(dst, name...)
	}
	return strconv.AppendInt(append(dst, "handshake message of type "...), int64(messageType), 10)
}

func (l *Layer) appendClientHello(c *dissect.Context, dst []byte, h *ClientHello) []byte {
	l.clientFacts(c, h)
	dst = append(dst, "ClientHello"...)
	if h.SSLv2 {
		dst = append(dst, " (SSLv2 format)"...)
	}
	if h.ServerName != "" {
		dst = append(append(dst, ", SNI "...), h.ServerName...)
	}
	for i, name := range h.ALPN {
		if i == maxListed {
			dst = append(dst, " …"...)
			break
		}
		if i == 0 {
			dst = append(dst, ", ALPN"...)
		}
		dst = append(append(dst, ' '), name...)
	}
	if h.has(extEarlyData) {
		dst = append(dst, ", early data"...)
	}
	return appendVersion(append(dst, ", "...), h.MaxVersion())
}

func (l *Layer) appendServerHello(c *dissect.Context, dst []byte, h *ServerHello) []byte {
	l.serverFacts(c, h)
	if h.Retry {
		dst = append(dst, "HelloRetryRequest"...)
	} else {
		dst = appendSuite(append(dst, "ServerHello "...), h.Suite)
	}
	dst = appendVersion(append(dst, ", "...), h.Version)
	if h.Group != 0 {
		dst = appendGroup(append(dst, ", "...), h.Group)
	}
	if h.ALPN != "" {
		dst = append(append(dst, ", ALPN "...), h.ALPN...)
	}
	if h.Compressed {
		dst = append(dst, ", compressed"...)
	}
	switch {
	case h.has(extPreSharedKey):
		dst = append(dst, ", PSK"...)
	case l.resumes(h):
		dst = append(dst, ", resumed"...)
	}
	return dst
}

// resumes reports whether a ServerHello goes on with an earlier session: in TLS
// 1.3 by a key known beforehand, before by the session id that the client named
// (RFC 5246 section 7.4.1.3).
func (l *Layer) resumes(h *ServerHello) bool {
	if h.Version >= versionTLS13 {
		return h.has(extPreSharedKey)
	}
	return l.hello != nil && len(h.SessionID) > 0 && bytes.Equal(h.SessionID, l.hello.SessionID)
}

// serverKeyExchange reads the group of an exchange on elliptic curves (RFC 8422
// section 5.4).
func (l *Layer) serverKeyExchange(c *dissect.Context, info, body []byte) []byte {
	info = append(info, "ServerKeyExchange"...)
	if l.server == nil {
		return info
	}
	suite, _ := SuiteByID(l.server.Suite)
	r := reader{b: body}
	const namedCurve = 3
	if !strings.HasPrefix(suite.KeyExchange, "ECDHE") || strings.HasSuffix(suite.KeyExchange, "PSK") || r.uint(1) != namedCurve {
		return info
	}
	group := r.uint16()
	if r.short {
		return info
	}
	if f := l.rowFacts(c); f != nil {
		f.Group = registered(group, appendGroup)
	}
	return appendGroup(append(info, ", "...), group)
}

// appendGroup appends the name of a group, or its number.
func appendGroup(dst []byte, group uint16) []byte {
	if name := groupName(group); name != "" {
		return append(dst, name...)
	}
	return appendHex(append(dst, "group "...), group)
}
