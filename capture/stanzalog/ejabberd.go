package stanzalog

import (
	"bytes"
	"net/netip"
	"regexp"
	"strconv"
)

var (
	ejabberdLine = regexp.MustCompile(`^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d:\d\d|Z)?) \[\w+\] (?:<[\d.]+>|<<)`)
	ejabberdData = regexp.MustCompile(`\(\w+\|(<[\d.]+>)\) (Received|Send) XML on stream = `)
	ejabberdOpen = regexp.MustCompile(`\((<[\d.]+>)\) Accepted connection (\S+) -> (\S+)`)
)

// ejabberdFormat is the log of ejabberd, on the side of the server.
func ejabberdFormat() format {
	starts := func(line []byte) bool { return ejabberdLine.Match(begun(line)) }
	return format{
		name: "ejabberd", hint: "ejabberdctl set_loglevel debug has ejabberd log stanzas",
		starts: starts, speaks: starts, entry: ejabberdEntry,
	}
}

func ejabberdEntry(c *clock, record []byte) (e entry, ok bool) {
	line := ejabberdLine.FindSubmatch(begun(record))
	if line == nil {
		return e, false
	}
	head := begun(record)
	if m := ejabberdData.FindSubmatchIndex(head); m != nil {
		e.key, e.reply = string(head[m[2]:m[3]]), string(head[m[4]:m[5]]) == "Send"
		e.data = binaryTerm(record[m[1]:])
	} else if m := ejabberdOpen.FindSubmatch(head); m != nil {
		e.key, e.begins = string(m[1]), true
		from, err := netip.ParseAddrPort(string(m[2]))
		to, err2 := netip.ParseAddrPort(string(m[3]))
		from, to = unmapped(from), unmapped(to)
		if err == nil && err2 == nil && from.Addr().Is4() == to.Addr().Is4() {
			e.addr = [2]netip.AddrPort{client: from, server: to}
		}
	} else {
		return e, false
	}
	c.read(string(line[1]), &e)
	return e, true
}

func unmapped(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}

// binaryTerm reads a binary as Erlang writes it: <<"text">>, <<60,97>>, <<"a"/utf8>>,
// or several of these parts one after the other. It writes into the text, which is
// longer than what it stands for, and returns what could be read.
func binaryTerm(text []byte) []byte {
	rest, found := bytes.CutPrefix(text, []byte("<<"))
	if !found {
		return nil
	}
	out := text[:0]
	for len(rest) > 0 {
		switch b := rest[0]; {
		case b == '"':
			out, rest = quotedTerm(out, rest[1:])
		case b >= '0' && b <= '9':
			n := 0
			for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
				n++
			}
			value, err := strconv.ParseUint(string(rest[:n]), 10, 8)
			if err != nil {
				return out
			}
			out, rest = append(out, byte(value)), rest[n:]
		case b == '/': // the type of a part
			n := 1
			for n < len(rest) && rest[n] >= 'a' && rest[n] <= 'z' || n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
				n++
			}
			rest = rest[n:]
		case b == ',', b == ' ', b == '\n', b == '\r', b == '\t':
			rest = rest[1:]
		default: // ">>", or what is no binary
			return out
		}
	}
	return out
}

// quotedTerm reads the inside of a string up to behind its closing quote. A
// character of it never takes more bytes than it is written with.
func quotedTerm(out, rest []byte) (read, behind []byte) {
	for len(rest) > 0 && rest[0] != '"' {
		if rest[0] != '\\' || len(rest) < 2 {
			out, rest = append(out, rest[0]), rest[1:]
			continue
		}
		var n int
		out, n = escaped(out, rest[1:])
		rest = rest[1+n:]
	}
	return out, rest[min(1, len(rest)):]
}

// escaped appends what stands behind a backslash, and returns how many bytes that
// was.
func escaped(out, rest []byte) ([]byte, int) {
	const letters, meaning = "nrtbfvesd0", "\n\r\t\b\f\v\x1b \x7f\x00"
	if rest[0] == 'x' && len(rest) > 1 {
		digits := rest[1:min(len(rest), 3)]
		n := 2
		if rest[1] == '{' {
			end := bytes.IndexByte(rest[:min(len(rest), 12)], '}')
			if end < 0 {
				return append(out, 'x'), 1
			}
			digits, n = rest[2:end], end-1
		}
		value, err := strconv.ParseUint(string(digits), 16, 32)
		switch {
		case err != nil:
			return append(out, 'x'), 1
		case value < 0x100:
			out = append(out, byte(value))
		default:
			out = append(out, string(rune(value))...)
		}
		if rest[1] == '{' {
			return out, n + 2
		}
		return out, 1 + len(digits)
	}
	if rest[0] >= '0' && rest[0] <= '7' {
		n := 1
		for n < min(3, len(rest)) && rest[n] >= '0' && rest[n] <= '7' {
			n++
		}
		value, _ := strconv.ParseUint(string(rest[:n]), 8, 16)
		return append(out, byte(value)), n
	}
	if at := bytes.IndexByte([]byte(letters), rest[0]); at >= 0 {
		return append(out, meaning[at]), 1
	}
	return append(out, rest[0]), 1
}
