package stanzalog

import (
	"bytes"
	"net/netip"
	"regexp"
)

// nbxmppLine begins a record: the date as the locale has it, the time, the level,
// the name of the logger, and of which account.
var nbxmppLine = regexp.MustCompile(`^(?:\x1b\[[0-9;]*m)*(\d[^\t<>()]{4,24}? \d\d:\d\d:\d\d(?: [AP]M)?) (?:\x1b\[[0-9;]*m)*\([A-Z]\)(?:\x1b\[[0-9;]*m)* (?:\x1b\[[0-9;]*m)*(gajim|nbxmpp)[\w.]*`)

var (
	nbxmppData      = regexp.MustCompile(`\(([^()]*)\) ::::: DATA (SENT|RECEIVED) ::::`)
	nbxmppConnected = regexp.MustCompile(`\(([^()]*)\) Connected to \S+ \((\S+)\)`)
)

// nbxmppFormat is the log of nbxmpp, the library of Gajim.
func nbxmppFormat() format {
	starts := func(line []byte) bool { return nbxmppLine.Match(begun(line)) }
	return format{
		name: "Gajim", hint: "gajim -l nbxmpp=INFO logs stanzas",
		starts: starts, speaks: starts, entry: nbxmppEntry, anew: true,
	}
}

func nbxmppEntry(c *clock, record []byte) (e entry, ok bool) {
	line := nbxmppLine.FindSubmatch(begun(record))
	if line == nil {
		return e, false
	}
	record = unpainted(record)
	head := begun(record)
	if m := nbxmppData.FindSubmatchIndex(head); m != nil {
		e.key = string(head[m[2]:m[3]])
		e.reply = string(head[m[4]:m[5]]) == "RECEIVED"
		e.data = bytes.Trim(record[m[1]:], "\r\n")
	} else if m := nbxmppConnected.FindSubmatch(head); m != nil {
		e.key, e.begins = string(m[1]), true
		if addr, err := netip.ParseAddrPort(string(m[2])); err == nil && addr.Addr().Is4() {
			e.addr[server] = addr
		}
	} else {
		return e, false
	}
	c.read(string(line[1]), &e)
	return e, true
}
