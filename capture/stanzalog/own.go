package stanzalog

import (
	"bytes"
	"encoding/base64"
	"net/netip"
	"regexp"
	"strconv"
	"unicode/utf8"
)

// Space is the namespace of the log that talktrace convert -T xml writes.
const Space = "urn:talktrace:log:1"

var (
	ownRoot = regexp.MustCompile(`^<t:log [^>]*` + regexp.QuoteMeta(Space))
	ownUnit = regexp.MustCompile(`^<t:(?:unit|(lost)) ([^>]*)>`)
	ownAttr = regexp.MustCompile(`([\w:]+)='([^']*)'`)
)

// ownFormat is the log that talktrace itself writes: each unit begins on a line of
// its own. (Writers see to it that nothing in a unit looks like another one.)
func ownFormat() format {
	return format{
		name: "talktrace", hint: "talktrace convert -T xml writes such a log",
		starts: func(line []byte) bool {
			return bytes.HasPrefix(line, []byte("<t:")) || bytes.HasPrefix(line, []byte("</t:log"))
		},
		speaks: func(line []byte) bool { return ownRoot.Match(begun(line)) },
		entry:  ownEntry,
	}
}

func ownEntry(c *clock, record []byte) (e entry, ok bool) {
	m := ownUnit.FindSubmatchIndex(record[:min(len(record), 4096)])
	end := bytes.LastIndex(record, []byte("</t:unit>"))
	switch {
	case len(m) == 0:
		return e, false
	case m[2] >= 0:
		end = m[1] // it is all attributes
	case end < m[1]:
		return e, false
	}
	as, when := "", ""
	for _, a := range ownAttr.FindAllSubmatch(record[m[4]:m[5]], -1) {
		value := string(a[2])
		switch string(a[1]) {
		case "stream":
			e.key = value
		case "time":
			when = value
		case "sender":
			e.reply = value == "server"
		case "client":
			e.addr[client], _ = netip.ParseAddrPort(value)
		case "server":
			e.addr[server], _ = netip.ParseAddrPort(value)
		case "as":
			as = value
		case "bytes":
			e.missing, _ = strconv.ParseInt(value, 10, 32) // 0 where that is no number
			e.missing = max(e.missing, 0)
		}
	}
	if e.addr[client].Addr().Is4() != e.addr[server].Addr().Is4() {
		e.addr = [2]netip.AddrPort{}
	}
	e.data = record[m[1]:end]
	switch as {
	case "text":
		e.data = unescaped(e.data)
	case "base64":
		n, err := base64.StdEncoding.Decode(e.data, e.data)
		if err != nil {
			return e, false
		}
		e.data = e.data[:n]
	}
	c.read(when, &e)
	return e, true
}

// unescaped resolves the references of XML in place.
func unescaped(text []byte) []byte {
	out := text[:0]
	for len(text) > 0 {
		at := bytes.IndexByte(text, '&')
		if at < 0 {
			return append(out, text...)
		}
		out, text = append(out, text[:at]...), text[at:]
		end := bytes.IndexByte(text[:min(len(text), 12)], ';')
		if end < 0 {
			out, text = append(out, '&'), text[1:]
			continue
		}
		switch name := string(text[1:end]); name {
		case "lt":
			out = append(out, '<')
		case "gt":
			out = append(out, '>')
		case "amp":
			out = append(out, '&')
		default:
			if n, err := strconv.ParseUint(name[min(1, len(name)):], 10, 21); err == nil && name[0] == '#' {
				out = utf8.AppendRune(out, rune(n))
			}
		}
		text = text[end+1:]
	}
	return out
}
