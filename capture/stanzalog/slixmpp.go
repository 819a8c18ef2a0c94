package stanzalog

import (
	"bytes"
	"regexp"
)

const levels = `DEBUG|INFO|WARNING|ERROR|CRITICAL`

// slixmppLine begins a record, as far as the ways to set up Python's logging have
// something in common: a time or a level in front, or both.
var slixmppLine = regexp.MustCompile(`^(?:\[?(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[,.]\d+)?)|\[?(?:` + levels + `)\b)`)

var slixmppData = regexp.MustCompile(`^[^<]*\b(SEND|RECV): `)

// slixmppFormat is the log of slixmpp, and of SleekXMPP before it, on the side of
// the client.
func slixmppFormat() format {
	return format{
		name: "slixmpp", hint: "logging.basicConfig(level=logging.DEBUG) has slixmpp log stanzas",
		starts: func(line []byte) bool { return slixmppLine.Match(begun(line)) },
		speaks: func(line []byte) bool {
			line = begun(line)
			return slixmppLine.Match(line) && (bytes.Contains(line, []byte("slixmpp")) || bytes.Contains(line, []byte("sleekxmpp")) ||
				slixmppData.Match(line))
		},
		entry: slixmppEntry,
	}
}

// declared gives the header of a stream from the server the declarations that
// slixmpp leaves out when it prints what it has parsed.
func declared(data []byte, reply bool) []byte {
	const name = "<stream:stream"
	if !reply || !bytes.HasPrefix(data, []byte(name)) || bytes.Contains(begun(data), []byte("xmlns:stream=")) {
		return data
	}
	const declarations = " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
	return append([]byte(name+declarations), data[len(name):]...)
}

func slixmppEntry(c *clock, record []byte) (e entry, ok bool) {
	head := begun(record)
	line := slixmppLine.FindSubmatch(head)
	if line == nil {
		return e, false
	}
	m := slixmppData.FindSubmatchIndex(head)
	switch {
	case m != nil:
		e.reply = string(head[m[2]:m[3]]) == "RECV"
		e.data = declared(record[m[1]:], e.reply)
	case bytes.HasSuffix(record, []byte("Event triggered: connected")):
		e.begins = true
	default:
		return e, false
	}
	c.read(string(line[1]), &e)
	return e, true
}
