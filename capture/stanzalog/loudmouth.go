package stanzalog

import (
	"bytes"
	"regexp"
)

var (
	loudmouthLine = regexp.MustCompile(`^(?:\[(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)\] |\(\S+:\d+\): )?LM-\w+: `)
	loudmouthWay  = regexp.MustCompile(`^(SEND|RECV)(?: \[\d+\])?:\s*$`)
)

// loudmouthFormat is the log of Loudmouth, as mcabber writes it at tracelog_level
// 3: the direction, a rule, what was said, and a rule again, each with a head of
// its own.
func loudmouthFormat() format {
	var way []byte // of what comes next
	var since int  // records since it was said
	return format{
		name: "mcabber", hint: "set tracelog_level = 3, and tracelog_file, has mcabber log stanzas", anew: true,
		starts: func(line []byte) bool {
			line = begun(line)
			return loudmouthLine.Match(line) || len(line) > 21 && line[0] == '[' && line[20] == ']'
		},
		speaks: func(line []byte) bool { return loudmouthLine.Match(begun(line)) },
		entry: func(c *clock, record []byte) (e entry, ok bool) {
			head := loudmouthLine.FindSubmatchIndex(begun(record))
			if head == nil {
				return e, false
			}
			text := record[head[1]:]
			since++
			switch m := loudmouthWay.FindSubmatch(begun(text)); {
			case m != nil:
				way, since = append(way[:0], m[1]...), 0
				return e, false
			case len(way) == 0 || since > 2:
				way = way[:0]
				return e, false
			case bytes.HasPrefix(text, []byte("-----")):
				return e, false
			}
			e.reply = incoming(way)
			if e.reply && len(text) > 1 && text[0] == '\'' && text[len(text)-1] == '\'' {
				text = text[1 : len(text)-1]
			}
			way = way[:0]
			e.data = text
			c.read(group(record, head, 1), &e)
			return e, true
		},
	}
}
