package scrub

import (
	"bytes"
	"cmp"
	"net/http"
	"strconv"
	"strings"
)

// beginsHTTP reports whether bytes begin a message of HTTP/1.1 (RFC 9112 section
// 2.1), as far as they go.
func beginsHTTP(b []byte) bool {
	b = bytes.TrimLeft(b, "\r\n")
	if bytes.HasPrefix(b, []byte("HTTP/1.")) {
		return true
	}
	for _, method := range [...]string{"GET", "POST", "OPTIONS", "CONNECT", "HEAD", "PUT", "DELETE", "PATCH"} {
		if bytes.HasPrefix(b, []byte(method+" ")) {
			return true
		}
	}
	return false
}

// head is what the head of a message says.
type head struct {
	size    int // with the empty line at its end
	method  string
	status  int
	length  int64 // of the body; below 0 where that is not said
	chunked bool
	coding  string // of the body
	upgrade bool   // to WebSocket
	bits    int    // of the window for its messages; 0 where that is not said
}

// parseHead reads the head that b begins with; its size is 0 where it is not
// there as a whole.
func parseHead(b []byte) head {
	h := head{length: -1}
	blank := len(b) - len(bytes.TrimLeft(b, "\r\n"))
	end := bytes.Index(b[blank:], []byte("\r\n\r\n"))
	if end < 0 {
		return h
	}
	const lineEnd = 2
	h.size = blank + end + 2*lineEnd
	first, rest, _ := strings.Cut(string(b[blank:h.size-lineEnd]), "\r\n")
	if words := strings.Fields(first); len(words) > 1 {
		if strings.HasPrefix(words[0], "HTTP/") {
			h.status, _ = strconv.Atoi(words[1])
		} else {
			h.method = words[0]
		}
	}
	for line := range strings.SplitSeq(rest, "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		value = strings.ToLower(strings.TrimSpace(value))
		switch strings.ToLower(name) {
		case "content-length":
			if n, err := strconv.ParseInt(value, 10, 64); err == nil && n >= 0 {
				h.length = n
			}
		case "transfer-encoding":
			h.chunked = strings.HasSuffix(value, "chunked")
		case "content-encoding":
			h.coding = value
		case "sec-websocket-extensions":
			h.bits = windowBits(value)
		case "upgrade":
			h.upgrade = strings.Contains(value, "websocket")
		}
	}
	return h
}

// http takes messages, up to where the direction ends or turns to something else.
func (l *layout) http() {
	messages := &text{apart: true}
	l.side.texts = append(l.side.texts, messages)
	for l.err == nil {
		b := l.rest()
		if len(bytes.TrimLeft(b, "\r\n")) == 0 {
			if l.zero(len(b)); !l.next() {
				break
			}
			l.search(beginsHTTP, l.starts())
			continue
		}
		if !beginsHTTP(b) {
			return
		}
		h := parseHead(b)
		if h.size == 0 { // its end is missing
			l.part(len(b), (*redactor).head)
			continue
		}
		if l.exchange(messages, &h); l.side.carried {
			return
		}
	}
	l.side.carried = true
}

// exchange takes a message of which there is the head.
func (l *layout) exchange(messages *text, h *head) {
	at := l.off
	l.part(h.size, (*redactor).head)
	switch switched := h.status == http.StatusSwitchingProtocols; {
	case h.upgrade && switched, h.upgrade && h.method != "" && !beginsHTTP(l.rest()):
		l.bits = cmp.Or(h.bits, l.bits)
		l.webSocket()
	case h.method == http.MethodConnect:
		l.connects = true
	case l.connects && !l.client && h.status/100 == 2:
		l.connects = false
	case h.status/100 != 1 && h.status != http.StatusNoContent && h.status != http.StatusNotModified:
		l.body(messages, h, at)
	}
}

// head replaces what the head of a message tells of somebody: the values of the
// headers that are not known to say nothing but how HTTP is spoken.
func (r *redactor) head(p *part) {
	b := bytes.TrimLeft(r.said(p), "\r\n")
	first, rest, _ := bytes.Cut(b, []byte("\r\n"))
	r.line(first)
	r.fields(rest)
}

// trailer replaces the same in what follows the last chunk of a body.
func (r *redactor) trailer(p *part) { r.fields(r.said(p)) }

// fields goes through lines of a head.
func (r *redactor) fields(rest []byte) {
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte{'\n'})
		name, value, named := bytes.Cut(line, []byte{':'})
		value = bytes.TrimSpace(value)
		switch kind := headers[strings.ToLower(string(name))]; {
		case !named || line[0] == ' ' || line[0] == '\t': // goes on with the value before (RFC 9112 section 5.2), or is no header
			r.login(bytes.TrimSpace(line))
		case len(value) == 0, kind == aboutHTTP, kind == aboutProgram && !r.Rest:
		case kind == subprotocols:
			for word := range bytes.FieldsFuncSeq(value, func(c rune) bool { return c == ',' || c == ' ' }) {
				if string(word) != "xmpp" {
					r.opaque(word)
				}
			}
		case kind == aboutHost:
			r.host(value)
		case kind == credentials:
			if scheme, secret, ok := bytes.Cut(value, []byte{' '}); ok && isScheme(scheme) {
				value = secret
			}
			r.login(value)
		default:
			r.opaque(value)
		}
	}
}

// The kinds of headers.
type headerKind uint8

const (
	unknownHeader headerKind = iota
	aboutHTTP                // says nothing of anybody
	aboutProgram             // says which program speaks
	aboutHost                // names a host, alone or in a URL
	credentials
	subprotocols
)

var headers = func() map[string]headerKind {
	all := make(map[string]headerKind)
	for kind, names := range map[headerKind]string{
		aboutHTTP: `accept accept-encoding accept-charset accept-ranges access-control-allow-headers
			access-control-allow-methods access-control-allow-credentials access-control-max-age access-control-request-headers
			access-control-request-method age allow cache-control connection content-encoding content-language content-length
			content-type date expect expires keep-alive pragma proxy-connection sec-websocket-accept sec-websocket-extensions
			sec-websocket-key sec-websocket-version te trailer transfer-encoding upgrade vary`,
		aboutProgram: "server user-agent accept-language",
		subprotocols: "sec-websocket-protocol",
		aboutHost:    "host origin referer location access-control-allow-origin content-location",
		credentials:  "authorization proxy-authorization cookie set-cookie x-auth-token",
	} {
		for name := range strings.FieldsSeq(names) {
			all[name] = kind
		}
	}
	return all
}()

// isScheme reports whether a word names a way to show who one is (RFC 9110
// section 11.1).
func isScheme(word []byte) bool {
	switch strings.ToLower(string(word)) {
	case "basic", "bearer", "digest", "negotiate", "ntlm":
		return true
	}
	return false
}

// line replaces what the first line of a request tells: whoever has to be named to
// a proxy, and what is asked.
func (r *redactor) line(b []byte) {
	words := bytes.SplitN(b, []byte{' '}, 3)
	if len(words) < 2 || bytes.HasPrefix(b, []byte("HTTP/")) {
		return
	}
	target := words[1]
	if bytes.HasPrefix(target, []byte{'/'}) {
		r.path(target)
		return
	}
	r.host(target)
}

// host replaces what a URL tells, or the name of a host that stands alone, maybe with
// a port.
func (r *redactor) host(b []byte) {
	name := b
	if _, after, ok := bytes.Cut(name, []byte("://")); ok {
		name = after
	}
	if i := bytes.IndexAny(name, "/?#"); i >= 0 {
		r.path(name[i:])
		name = name[:i]
	}
	if i := bytes.LastIndexByte(name, '@'); i >= 0 {
		r.login(name[:i])
		name = name[i+1:]
	}
	if i := bytes.LastIndexByte(name, ':'); i >= 0 && bytes.IndexByte(name[i:], ']') < 0 {
		name = name[:i]
	}
	r.target(bytes.Trim(name, "[]"))
	r.familiar(b)
}

// path replaces what a path tells, and the query and the fragment behind it.
func (r *redactor) path(b []byte) {
	if i := bytes.IndexAny(b, "?#"); i >= 0 {
		r.login(b[i+1:])
		b = b[:i]
	}
	r.familiar(b)
	if !r.Rest {
		return
	}
	for part := range bytes.SplitSeq(b, []byte{'/'}) {
		switch string(part) {
		case "http-bind", "http-poll", "bosh", "ws", "websocket", "xmpp-websocket", "xmpp", "":
		default:
			r.opaque(part)
		}
	}
}
