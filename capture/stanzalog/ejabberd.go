package stanzalog

import (
	"bytes"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

const ejabberdTime = stampEjabberd + `(?:[.,]\d+)?(?:[+-]\d\d:?\d\d|Z)?|\d\d:\d\d:\d\d[.,]\d+`

const stampEjabberd = `\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d`

var (
	ejabberdLine = regexp.MustCompile(`^(?:(` + ejabberdTime + `) \[\w+\]\s+(?:(<[\d.]+>)[^\s(]*\s+)?|=[A-Z]+ REPORT==== (\S+(?: [\d:]{8})?) ===\r?\n?(?:\w\((<[\d.]+>):[^)]*\) : )?)`)
	ejabberdSure = regexp.MustCompile(`^(?:(?:` + ejabberdTime + `) \[\w+\]\s+(?:<[\d.]+>|<<|\(\w+\|<|.{0,200}(?:XML on stream = |\bejabberd|\bmod_|Running hook))|=[A-Z]+ REPORT==== [\d-]+)`)
	ejabberdSaid = regexp.MustCompile(`(?:\([\w ]+\|(<[\d.]+>)\) )?(Received|Send) XML on stream = `)
	ejabberdOpen = regexp.MustCompile(`\((<[\d.]+>|#Port<[\d.]+>)\) Accepted connection (\S+) -> (\S+)`)
)

// ejabberdFormat is the log of ejabberd, on the side of the server, by lager or by
// logger, with the process in the line or without; and that of MongooseIM, as far
// as it is the same.
func ejabberdFormat() format {
	e := &ejabberd{processes: make(map[string]string)}
	return format{
		name: "ejabberd", hint: "ejabberdctl set_loglevel debug has ejabberd log stanzas",
		starts: func(line []byte) bool { return ejabberdLine.Match(begun(line)) },
		speaks: func(line []byte) bool { return ejabberdSure.Match(begun(line)) },
		entry:  e.entry,
	}
}

// ejabberd is what is known in the middle of its log.
type ejabberd struct {
	// Before version 16.12 a connection had two processes, one that read and one
	// that wrote. processes has the connection of each of them, and lone those
	// connections that have but one so far.
	processes map[string]string
	lone      [2][]string // by direction: those which only read, and which only wrote
	// accepted are the ends of the latest connection whose process is not known
	// yet, which is of use where there is just one.
	accepted [2]netip.AddrPort
	waiting  int
}

func (j *ejabberd) entry(c *clock, record []byte) (e entry, ok bool) {
	head := begun(record)
	line := ejabberdLine.FindSubmatchIndex(head)
	if line == nil {
		return e, false
	}
	when, process := group(head, line, 1)+group(head, line, 3), group(head, line, 2)+group(head, line, 4)
	if m := ejabberdSaid.FindSubmatchIndex(head); m != nil {
		e.reply = string(head[m[4]:m[5]]) == "Send"
		if e.key = group(head, m, 1); e.key == "" {
			var known bool
			e.key, known = j.connection(process, e.reply)
			if !known && j.waiting == 1 {
				e.addr = j.accepted
			}
			j.waiting = 0
		}
		e.data, e.torn = logged(record[m[1]:])
	} else if m := ejabberdOpen.FindSubmatch(head); m != nil {
		addr := ends(string(m[2]), string(m[3]))
		if m[1][0] == '#' {
			j.accepted = addr
			j.waiting++
			return e, false
		}
		e.key, e.begins, e.addr = string(m[1]), true, addr
	} else {
		return e, false
	}
	c.read(when, &e)
	return e, true
}

// connection returns which connection a process is of. A process that is new is of
// the connection that lacks one and whose other process was started nearest to it.
func (j *ejabberd) connection(process string, writes bool) (key string, known bool) {
	if key, known = j.processes[process]; known {
		return key, true
	}
	if len(j.processes) >= 2*maxSessions {
		clear(j.processes)
		j.lone = [2][]string{}
	}
	mine, others := 0, 1
	if writes {
		mine, others = 1, 0
	}
	const near = 8 // processes that may have been started between the two
	best, at := near+1, -1
	for i, other := range j.lone[others] {
		if d := apart(process, other); d < best {
			best, at = d, i
		}
	}
	if at >= 0 {
		key = j.processes[j.lone[others][at]]
		j.lone[others] = append(j.lone[others][:at], j.lone[others][at+1:]...)
		j.processes[process] = key
		return key, true
	}
	const most = 64
	if j.lone[mine] = append(j.lone[mine], process); len(j.lone[mine]) > most {
		j.lone[mine] = j.lone[mine][1:]
	}
	j.processes[process] = process
	return process, false
}

// apart returns how many processes were started between two, as far as their
// numbers tell.
func apart(a, b string) int {
	n, m := processNumber(a), processNumber(b)
	if n < m {
		n, m = m, n
	}
	return n - m
}

func processNumber(process string) int {
	parts := strings.Split(process, ".")
	if len(parts) < 2 {
		return 1 << 30
	}
	n, _ := strconv.Atoi(parts[1]) // 0 is as far from others as any
	return n
}

// logged reads what stands behind the sign of equality: a binary, a string, or
// text in quotes that are no more than that. It is torn where its end is missing.
func logged(text []byte) (data []byte, torn bool) {
	text = bytes.TrimRight(text, " \r\n\t")
	switch {
	case bytes.HasPrefix(text, []byte("<<")):
		return binaryTerm(text[2:]), !bytes.HasSuffix(text, []byte(">>"))
	case len(text) < 2 || text[0] != '"':
		return text, false
	case text[len(text)-1] != '"':
		return binaryTerm(text), true
	}
	for i := 1; i < len(text)-1; i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			if rest := bytes.TrimLeft(text[i+1:], " \r\n\t"); rest[0] != '"' { // nor is it a string in parts
				return text[1 : len(text)-1], false
			}
			return binaryTerm(text), false
		}
	}
	return binaryTerm(text), false
}

// binaryTerm reads the inside of a binary as Erlang writes it: "text", 60,97,
// "a"/utf8, or several of these parts one after the other. It writes into the text,
// which is longer than what it stands for, and returns what could be read.
func binaryTerm(text []byte) []byte {
	out, rest := text[:0], text
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
