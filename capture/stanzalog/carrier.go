package stanzalog

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"time"
)

// carrier is what has written a program's log down and put something of its own
// before each line. A line that is not of that form is left as it is.
type carrier struct {
	name string
	// strip returns what the program wrote, and when, as the carrier has it.
	// Where the line goes on in the next one, it returns it without its end.
	strip func(line []byte) (rest, when []byte, ok bool)
}

var (
	stampISO   = `\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`
	syslogHead = regexp.MustCompile(`^(?:<\d{1,3}>)?(?:(\w{3} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|` + stampISO + `) [\w.:-]+ [\w./@-]+(?:\[\d+\])?: |` +
		`1 (` + stampISO + `) \S+ \S+ \S+ \S+ (?:-|\[[^\]]*\]) (?:\xef\xbb\xbf)?)`)
	composeHead = regexp.MustCompile(`^(?:\x1b\[[0-9;]*m)*[\w.-]+\s*\|(?:\x1b\[[0-9;]*m)* (?:\x1b\[[0-9;]*m)*`)
	dockerHead  = regexp.MustCompile(`^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6,9}(?:Z|[+-]\d\d:\d\d)) (?:(?:stdout|stderr) ([FP]) )?`)
	logcatHead  = regexp.MustCompile(`^(?:(\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})\s+(?:\d+\s+\d+ [VDIWEF] [^:]{0,60}?\s*|[VDIWEF]/[^(]{0,60}\(\s*\d+\)): |` +
		`[VDIWEF]/[^(]{0,60}\(\s*\d+\): )`)
)

// carriers returns those that are known, and pairs of them, for programs in
// containers are often logged twice. The last one is none.
func carriers() []carrier {
	compose, docker := byHead("docker compose", composeHead, 0), carrier{"docker", stripDocker}
	return []carrier{
		both(compose, docker),
		{"syslog", stripSyslog},
		compose,
		docker,
		byHead("logcat", logcatHead, 1),
		{"JSON", stripJSON},
		{"", func(line []byte) ([]byte, []byte, bool) { return line, nil, true }},
	}
}

// byHead is a carrier that puts a head before each line, with the time as its
// group, if it has one.
func byHead(name string, head *regexp.Regexp, group int) carrier {
	return carrier{name, func(line []byte) (rest, when []byte, ok bool) {
		m := head.FindSubmatchIndex(begun(line))
		if m == nil {
			return line, nil, false
		}
		if group > 0 && m[2*group] >= 0 {
			when = line[m[2*group]:m[2*group+1]]
		}
		return line[m[1]:], when, true
	}}
}

// both is a carrier within another one.
func both(outer, inner carrier) carrier {
	return carrier{outer.name + ", " + inner.name, func(line []byte) (rest, when []byte, ok bool) {
		if rest, _, ok = outer.strip(line); !ok {
			return line, nil, false
		}
		return inner.strip(rest)
	}}
}

// stripSyslog takes away the head of a syslog line (RFC 3164, RFC 5424, or with
// the time as systemd and rsyslog write it), and the way in which rsyslog writes
// control characters.
func stripSyslog(line []byte) (rest, when []byte, ok bool) {
	m := syslogHead.FindSubmatchIndex(begun(line))
	if m == nil {
		return line, nil, false
	}
	if m[2] < 0 {
		m[2], m[3] = m[4], m[5]
	}
	rest = line[m[1]:]
	for _, c := range [...]struct{ octal, is string }{{"#011", "\t"}, {"#012", "\n"}, {"#015", "\r"}, {"#033", "\x1b"}} {
		if bytes.Contains(rest, []byte(c.octal)) {
			rest = bytes.ReplaceAll(rest, []byte(c.octal), []byte(c.is))
		}
	}
	return rest, line[m[2]:m[3]], true
}

// stripDocker takes away what docker logs -t, and the runtimes of Kubernetes, put
// before a line. The latter cut long lines into parts, which are marked P.
func stripDocker(line []byte) (rest, when []byte, ok bool) {
	m := dockerHead.FindSubmatchIndex(begun(line))
	if m == nil {
		return line, nil, false
	}
	rest = line[m[1]:]
	if m[4] >= 0 && line[m[4]] == 'P' {
		rest = bytes.TrimRight(rest, "\r\n")
	}
	return rest, line[m[2]:m[3]], true
}

// stripJSON reads the lines that docker (json-file) and journalctl -o json write.
func stripJSON(line []byte) (rest, when []byte, ok bool) {
	if !bytes.HasPrefix(line, []byte("{")) {
		return line, nil, false
	}
	var v struct {
		Log     *string `json:"log"`
		Time    string  `json:"time"`
		Message *string `json:"MESSAGE"`
		Micros  string  `json:"__REALTIME_TIMESTAMP"`
	}
	if json.Unmarshal(line, &v) != nil {
		return line, nil, false
	}
	switch {
	case v.Log != nil: // with its line end, but where it goes on
		return []byte(*v.Log), []byte(v.Time), true
	case v.Message != nil:
		if n, err := strconv.ParseInt(v.Micros, 10, 64); err == nil {
			when = time.UnixMicro(n).UTC().AppendFormat(nil, "2006-01-02T15:04:05.000000Z07:00")
		}
		return []byte(*v.Message + "\n"), when, true
	}
	return line, nil, false
}
