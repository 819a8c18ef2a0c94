package stanzalog

import (
	"bytes"
	"regexp"
	"sync"
)

// mark is what programs put before the stanzas that they log. Most have a mark of
// their own, and leave the rest of the line to whoever sets up their logging.
type mark struct {
	name, hint string
	// said ends where the stanza begins. Its group "way" is what the program
	// did, "key" tells connections apart where there is such a group.
	said *regexp.Regexp
	// begins is in records that say that there is a connection. It may be nil.
	begins *regexp.Regexp
	// speaks is only found in logs of that program. Nil is said, and "<" behind it.
	speaks *regexp.Regexp
	server bool // it is a server
	chunks bool // it logs what it reads, be that whole stanzas or not
}

// marks are those of programs whose logs have no other form in common. They are
// tried in this order. What they consist of is compiled when a log is looked for.
var marks = sync.OnceValue(func() []mark {
	return []mark{
		{
			name: "Pidgin", hint: "pidgin -d, or finch -d, logs stanzas",
			said:   regexp.MustCompile(`\bjabber: (?P<way>Sending|Recv)(?: ?\([^)]{0,300}\)){0,3}: `),
			speaks: regexp.MustCompile(`^\(\d\d:\d\d:\d\d\) \w[\w. -]{0,40}: |\bjabber: (?:Sending|Recv)\b`),
			chunks: true,
		},
		{
			name: "libstrophe", hint: "profanity -l DEBUG logs stanzas",
			said:   regexp.MustCompile(`\b(?:xmpp|conn):? (?:DBG|DEBUG):? (?P<way>SENT|RECV): `),
			speaks: regexp.MustCompile(`^(?:` + stampISO + `|[\d/]{8,10} [\d:]{8}): \w+: (?:DBG|INF|WRN|ERR): |\b(?:xmpp|conn) DEBUG (?:SENT|RECV): `),
		},
		{
			name: "Openfire", hint: "the plugin XML Debugger logs stanzas",
			said:   regexp.MustCompile(`\b(?:C2S|S2S|CM|MULTIPLEXER|COMPONENT|BOSH|WS|WEBSOCKET)\b[^<:]{0,20} - (?P<way>SENT|RECV)\b(?P<key>[^<]{0,120}): `),
			server: true, chunks: true,
		},
		{
			name: "Smack", hint: "SmackConfiguration.DEBUG has Smack log stanzas",
			said:   regexp.MustCompile(`\b(?P<way>SENT|RECV) {0,4}\((?P<key>-?\d+)\): ?`),
			chunks: true,
		},
		{
			name: "slixmpp", hint: "logging.basicConfig(level=logging.DEBUG) has slixmpp log stanzas",
			said:   regexp.MustCompile(`\b(?P<way>SEND|RECV): `),
			begins: regexp.MustCompile(`\bEvent triggered: connected\s*$`),
			speaks: regexp.MustCompile(`\b(?:slixmpp|sleekxmpp)\.\w|^[^<]*\b(?:SEND|RECV): ?<`),
		},
		{
			name: "Gajim's XML console", hint: "its button copies all of it",
			said: regexp.MustCompile(`^<!-- (?P<way>Incoming|Outgoing|IN|OUT)\b(?P<when>[^()]*?)(?:\((?P<key>[^()]*)\))? *-->\s*`),
		},
		{
			name: "Dino", hint: "dino --print-xmpp=all logs stanzas",
			said: regexp.MustCompile(`^(?:\x1b\[[0-9;]*m)*XMPP (?P<way>IN|OUT) \[(?P<key>[^\s\]]*(?: stream:\w+)?)(?: thread:\w+)? ?(?P<when>[^\]]*)\](?:\x1b\[[0-9;]*m)*\s*`),
		},
		{
			name: "some program", hint: "",
			said: regexp.MustCompile(`^[^<]*\b(?P<way>SENT|SEND|RECV|RECEIVED|Sent|Received|sent|received|OUT|IN)(?: \[[^<\]]*\]| \([^<)]*\))?: *`),
		},
	}
})

// heads are the ways in which lines of logs begin, with the time as the group.
// Which of them a log has its first line with a stanza tells.
var heads = []*regexp.Regexp{
	regexp.MustCompile(`^\[?(` + stampISO + `)\b`),
	regexp.MustCompile(`^\[?(\d\d?[/.]\d\d?[/.]\d{2,4},? \d\d?:\d\d:\d\d(?:[.,]\d+)?(?: [AP]M)?)\b`),
	regexp.MustCompile(`^\[?(\w{3} [ \d]\d \d\d:\d\d:\d\d(?:[.,]\d+)?)\b`),
	regexp.MustCompile(`^[(\[]?(\d\d?:\d\d:\d\d(?:[.,]\d+)?(?: [AP]M)?)\b`),
	regexp.MustCompile(`^\[?(?:DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL|TRACE)\b()`),
}

// markFormats returns the formats of all marks.
func markFormats() []format {
	var all []format
	for _, m := range marks() {
		all = append(all, m.format())
	}
	return all
}

// format makes a format of a mark. It keeps how lines of the log begin, and so is
// of one log.
func (m *mark) format() format {
	said, begins, sure := m.said, m.begins, m.speaks
	var head *regexp.Regexp
	f := format{name: m.name, hint: m.hint, whole: !m.chunks, anew: true}
	f.starts = func(line []byte) bool {
		line = begun(line)
		if head != nil {
			return head.Match(line)
		}
		found := spoken(said, line)
		return len(found) > 0 && (stanza(line[found[1]:]) || found[0] == 0 && blank(line[found[1]:])) || begins != nil && begins.Match(line)
	}
	f.speaks = func(line []byte) bool {
		line = begun(plain(begun(line)))
		found := spoken(said, line)
		switch {
		case sure != nil && !sure.Match(line), sure == nil && (len(found) == 0 || !stanza(line[found[1]:]) && !blank(line[found[1]:])):
			return false
		}
		for _, h := range heads {
			if h.Match(line) {
				head = h
				break
			}
		}
		return true
	}
	way, key, when := said.SubexpIndex("way"), said.SubexpIndex("key"), said.SubexpIndex("when")
	f.entry = func(c *clock, record []byte) (e entry, ok bool) {
		record = unpainted(record)
		at := begun(record)
		switch found := spoken(said, at); {
		case found != nil:
			e.reply = incoming(at[found[2*way]:found[2*way+1]]) != m.server
			e.key = group(at, found, key)
			e.data = record[found[1]:]
			if head == nil {
				e.data = trimmed(e.data, f.whole)
			}
			e.data = declared(e.data, e.reply)
			c.read(group(at, found, when), &e)
		case begins != nil && begins.Match(at):
			e.begins = true
		default:
			return e, false
		}
		if head != nil && when < 0 {
			if found := head.FindSubmatch(at); found != nil {
				c.read(string(found[1]), &e)
			}
		} else if when < 0 {
			c.read("", &e)
		}
		return e, true
	}
	return f
}

// trimmed takes from a record what cannot be told from it by how lines begin: other
// lines of the log.
func trimmed(data []byte, whole bool) []byte {
	if end := elementEnd(data); whole && end > 0 {
		return data[:end]
	}
	if end := bytes.LastIndexByte(data, '>'); end >= 0 {
		return data[:end+1]
	}
	return data
}

// spoken finds where a record says that something was said: before the stanza.
func spoken(said *regexp.Regexp, line []byte) []int {
	found := said.FindSubmatchIndex(line)
	if found == nil {
		return nil
	}
	if at := bytes.IndexByte(line, '<'); at >= 0 && at < found[0] {
		return nil
	}
	return found
}

// stanza reports whether a text begins as XML does.
func stanza(text []byte) bool {
	text = bytes.TrimLeft(text, " '\"\r\n\t")
	return len(text) > 1 && text[0] == '<' && (text[1] >= 'a' && text[1] <= 'z' || text[1] == '?' || text[1] == '/')
}

func blank(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }

// incoming reports whether what a program says that it did is to receive.
func incoming(way []byte) bool { return way[0] == 'R' || way[0] == 'r' || way[0] == 'I' }

// group returns what a group of a pattern matched.
func group(text []byte, found []int, n int) string {
	if n < 0 || found[2*n] < 0 {
		return ""
	}
	return string(text[found[2*n]:found[2*n+1]])
}

// unpainted takes the colours out of a record that begins with some.
func unpainted(record []byte) []byte {
	if bytes.IndexByte(begun(record), 0x1b) < 0 {
		return record
	}
	return plain(record)
}

// declared gives the header of a stream from the server the declarations that
// programs leave out when they print what they have parsed.
func declared(data []byte, reply bool) []byte {
	const name = "<stream:stream"
	if !reply || !bytes.HasPrefix(data, []byte(name)) || bytes.Contains(begun(data), []byte("xmlns:stream=")) {
		return data
	}
	const declarations = " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
	return append([]byte(name+declarations), data[len(name):]...)
}
