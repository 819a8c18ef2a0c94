package stanzalog

import (
	"bytes"
	"net/netip"
	"regexp"
	"strings"
)

// begun is as much of a record as tells what it is.
func begun(record []byte) []byte { return record[:min(len(record), 512)] }

// paint is how terminals are told to colour text.
var paint = regexp.MustCompile("\x1b\\[[0-9;]*m")

var (
	// A time as the configuration wants it, the source, the level; on a terminal
	// the level is coloured.
	prosodyLine = regexp.MustCompile(`^(?:(\w{3} [ \d]\d \d\d:\d\d:\d\d|[\d\[][\d:./+TZ, \]-]{4,40}?) )?([\w.:-]+)\s+(debug|info|warn|error)\t`)
	// By syslog there is neither time nor level.
	prosodySyslog = regexp.MustCompile(`^()((?:c2s|s2sin|s2sout|jcp|component|bosh|conn|general|mod_|certmanager|portmanager|hostmanager)[\w.:-]*): `)
	prosodyTCP    = regexp.MustCompile(`^(?:New connection|Connected|Client connected) ?\(?FD \d+ \(([^,()\s]+), (\d+), ([^,()\s]+), (\d+)\)`)
)

// prosodyFormat is the log of prosody. Of itself it holds no more of a stanza than
// its start tag; mod_stanza_debug has it log stanzas whole, but not the headers
// of streams.
func prosodyFormat() format {
	starts := func(line []byte) bool { return prosodyHead(plain(begun(line))) != nil }
	p := &prosody{}
	return format{
		name: "prosody", hint: `with "stanza_debug" in modules_enabled, and the level debug, prosody logs stanzas`,
		starts: starts, speaks: starts, entry: p.entry, whole: true,
	}
}

// plain takes the colours out of a text.
func plain(text []byte) []byte {
	if bytes.IndexByte(text, 0x1b) < 0 {
		return text
	}
	return paint.ReplaceAll(text, nil)
}

func prosodyHead(line []byte) []int {
	if m := prosodyLine.FindSubmatchIndex(line); m != nil {
		return m
	}
	return prosodySyslog.FindSubmatchIndex(line)
}

// prosody is what is known in the middle of its log.
type prosody struct {
	// addr are the ends of the connection that the record before was about: the
	// session is set up within the same turn of prosody's loop.
	addr [2]netip.AddrPort
}

func (p *prosody) entry(c *clock, record []byte) (e entry, ok bool) {
	record = unpainted(record)
	m := prosodyHead(begun(record))
	if m == nil {
		return e, false
	}
	e.key = string(record[m[4]:m[5]])
	e.turned = strings.HasPrefix(e.key, "s2sout")
	message := record[m[1]:]
	if strings.HasPrefix(e.key, "conn") || strings.HasPrefix(e.key, "socket") {
		if tcp := prosodyTCP.FindSubmatch(begun(message)); tcp != nil {
			p.addr = ends(string(tcp[1])+" "+string(tcp[2]), string(tcp[3])+" "+string(tcp[4]))
		}
		return e, false
	}
	addr := p.addr
	p.addr = [2]netip.AddrPort{}
	switch {
	case bytes.HasPrefix(message, []byte("RECV: ")):
	case bytes.HasPrefix(message, []byte("SEND: ")):
		e.reply = true
	case bytes.Equal(message, []byte("Client connected")), bytes.Equal(message, []byte("Incoming s2s connection")):
		e.begins, e.addr = true, addr
	case bytes.HasPrefix(message, []byte("Client disconnected")):
		e.ends = true
	default:
		return e, false
	}
	if !e.begins && !e.ends {
		// Prosody indents the lines of a message behind its first one.
		e.data = message[len("RECV: "):]
		if bytes.Contains(e.data, []byte("\n\t")) {
			e.data = bytes.ReplaceAll(e.data, []byte("\n\t"), []byte("\n"))
		}
	}
	c.read(group(record, m, 1), &e)
	return e, true
}

// ends reads two addresses, each with its port behind a space or a colon. They are
// not valid where they cannot be those of one connection.
func ends(from, to string) [2]netip.AddrPort {
	var a [2]netip.AddrPort
	for i, text := range [...]string{client: from, server: to} {
		host, port, spaced := strings.Cut(text, " ")
		if !spaced {
			host, port = text, ""
			if at := strings.LastIndexByte(text, ':'); at >= 0 {
				host, port = strings.Trim(text[:at], "[]"), text[at+1:]
			}
		}
		addr, err := netip.ParseAddr(host)
		n, err2 := netip.ParseAddrPort("[::]:" + port)
		if err != nil || err2 != nil {
			return [2]netip.AddrPort{}
		}
		a[i] = netip.AddrPortFrom(addr.Unmap().WithZone(""), n.Port())
	}
	if a[client].Addr().Is4() != a[server].Addr().Is4() {
		return [2]netip.AddrPort{}
	}
	return a
}
