package stanzalog

import (
	"bytes"
	"regexp"
	"strings"
)

// begun is as much of a record as tells what it is.
func begun(record []byte) []byte { return record[:min(len(record), 512)] }

// paint is how terminals are told to colour text.
var paint = regexp.MustCompile("\x1b\\[[0-9;]*m")

var prosodyLine = regexp.MustCompile(`^(?:\x1b\[[0-9;]*m)*(\w{3} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*) (\S+)\s+(debug|info|warn|error)\s`)

// prosodyFormat is the log of prosody. Of itself it holds no more of a stanza than
// its start tag; mod_stanza_debug has it log stanzas whole, but not the headers
// of streams.
func prosodyFormat() format {
	starts := func(line []byte) bool { return prosodyLine.Match(plain(begun(line))) }
	return format{
		name: "prosody", hint: `with "stanza_debug" in modules_enabled, and the level debug, prosody logs stanzas`,
		starts: starts, speaks: starts, entry: prosodyEntry,
	}
}

// plain takes the colours out of a text.
func plain(text []byte) []byte {
	if bytes.IndexByte(text, 0x1b) < 0 {
		return text
	}
	return paint.ReplaceAll(text, nil)
}

func prosodyEntry(c *clock, record []byte) (e entry, ok bool) {
	if bytes.IndexByte(begun(record), 0x1b) >= 0 {
		record = plain(record)
	}
	m := prosodyLine.FindSubmatchIndex(begun(record))
	if m == nil {
		return e, false
	}
	e.key = string(record[m[4]:m[5]])
	e.turned = strings.HasPrefix(e.key, "s2sout")
	message := record[m[1]:]
	switch {
	case bytes.HasPrefix(message, []byte("RECV: ")):
	case bytes.HasPrefix(message, []byte("SEND: ")):
		e.reply = true
	case bytes.Equal(message, []byte("Client connected")):
		e.begins = true
		c.read(string(record[m[2]:m[3]]), &e)
		return e, true
	default:
		return e, false
	}
	// Prosody indents the lines of a message behind its first one.
	e.data = bytes.ReplaceAll(message[len("RECV: "):], []byte("\n\t"), []byte("\n"))
	c.read(string(record[m[2]:m[3]]), &e)
	return e, true
}
