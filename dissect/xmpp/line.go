package xmpp

import (
	"strconv"
	"unicode/utf8"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// line builds the Info column of one row, in one go and without allocating. It
// holds bytes from the wire as they are; whoever shows them escapes them.
type line struct {
	b    []byte
	t    *xmlstream.Tree
	from dissect.Sender
	show bool // secrets
}

// begin starts the Info of a unit. Until finish nothing else is taken from the
// arena.
func begin(c *dissect.Context, u *xmlstream.Unit, from dissect.Sender) line {
	return line{b: c.Arena.Begin(160), t: u.Tree, from: from, show: c.ShowSecrets}
}

// maxInfo bounds the Info of a row in bytes; one line is for one look.
const maxInfo = 1 << 10

// finish returns the Info, nil where it is empty.
func (l *line) finish(c *dissect.Context) []byte {
	if len(l.b) == 0 {
		return nil
	}
	if !l.show {
		l.b = dissect.HideLinkKeys(l.b, 0)
	}
	l.limit(0, maxInfo)
	return c.Arena.Done(l.b)
}

// limit cuts what was added since start to so many bytes, give or take a
// character.
func (l *line) limit(start, most int) {
	if len(l.b)-start <= most {
		return
	}
	end := start + most
	for end > start && !utf8.RuneStart(l.b[end]) {
		end--
	}
	l.b = append(l.b[:end], "…"...)
}

func (l *line) add(s string) *line {
	l.b = append(l.b, s...)
	return l
}

func (l *line) bytes(b []byte) *line {
	l.b = append(l.b, b...)
	return l
}

// sep puts a comma between what is there and what comes.
func (l *line) sep() *line {
	if len(l.b) > 0 {
		l.b = append(l.b, ", "...)
	}
	return l
}

func (l *line) number(n int) *line {
	l.b = strconv.AppendInt(l.b, int64(n), 10)
	return l
}

// count adds "1 item" or "5 items".
func (l *line) count(n int, one, many string) *line {
	l.number(n).add(" ")
	if n == 1 {
		return l.add(one)
	}
	return l.add(many)
}

// attr adds the value of an attribute of node n. It reports whether there was
// one.
func (l *line) attr(n int32, name string) bool {
	a := l.t.Attr(n, name)
	if a == nil {
		return false
	}
	start := len(l.b)
	l.b = l.t.Value(l.b, a)
	l.shorten(start, 100)
	return true
}

// labelled adds a label and the value of an attribute, if there is one.
func (l *line) labelled(label string, n int32, name string) *line {
	if a := l.t.Attr(n, name); a != nil && a.Value.Len() > 0 {
		l.add(label)
		l.attr(n, name)
	}
	return l
}

// id adds an identifier by its beginning, enough to tell it from others.
func (l *line) id(label string, n int32, name string) *line {
	a := l.t.Attr(n, name)
	if a == nil || a.Value.Len() == 0 {
		return l
	}
	l.add(label)
	start := len(l.b)
	l.b = l.t.Value(l.b, a)
	l.shorten(start, 8)
	return l
}

// quote adds the text of node n between quotes, as far as it fits in a line.
func (l *line) quote(n int32) *line {
	l.add("\"")
	start := len(l.b)
	l.text(n)
	l.shorten(start, 80)
	return l.add("\"")
}

// text adds the text of node n, of a long one only the beginning.
func (l *line) text(n int32) {
	x := &l.t.Nodes[n]
	start := len(l.b)
	if x.Child < 0 && !x.Escaped && x.Inner.Len() > maxInfo {
		l.b = append(l.b, l.t.Bytes(xmlstream.Span{Off: x.Inner.Off, End: x.Inner.Off + maxInfo})...)
	} else {
		l.b = l.t.Text(l.b, n)
	}
	if !l.show { // before the end of a link is cut off
		l.b = dissect.HideLinkKeys(l.b, start)
	}
	l.limit(start, maxInfo/2)
}

// shorten cuts what was added since start to so many characters.
func (l *line) shorten(start, limit int) {
	if len(l.b)-start <= limit {
		return
	}
	i := start
	for range limit {
		if i >= len(l.b) {
			return
		}
		_, n := utf8.DecodeRune(l.b[i:])
		i += n
	}
	if i < len(l.b) {
		l.b = append(l.b[:i], "…"...)
	}
}

// peer adds who the stanza is for, or whom it is from, whichever the reader of
// the sender's column does not know yet.
func (l *line) peer() *line {
	to, from := l.t.Attr(0, "to"), l.t.Attr(0, "from")
	switch {
	case l.from == dissect.Client && to != nil:
		l.add(" to ")
		l.attr(0, "to")
	case l.from == dissect.Server && from != nil:
		l.add(" from ")
		l.attr(0, "from")
	}
	return l
}

// name adds the local name of node n.
func (l *line) name(n int32) *line { return l.bytes(l.t.Local(n)) }

// label adds the best short word for what node n is: that of its namespace, or
// its own name with the namespace behind it.
func (l *line) label(n int32) *line {
	x := &l.t.Nodes[n]
	if w, ok := words[x.Space]; ok {
		return l.add(w)
	}
	if x.Space == l.t.Nodes[0].Space && n != 0 { // an element of the stanza's own namespace
		return l.name(n)
	}
	if ns, ok := dissect.LookupNamespace(x.Space); ok {
		return l.add(ns.Label)
	}
	l.name(n)
	if x.Space != "" && x.Space != xmlstream.NSClient && x.Space != xmlstream.NSServer {
		l.add(" ").add(x.Space)
	}
	return l
}

// words are better known than the labels of the namespaces they stand for.
var words = map[string]string{
	"http://jabber.org/protocol/disco#info":  "disco#info",
	"http://jabber.org/protocol/disco#items": "disco#items",
	"vcard-temp":                             "vCard",
	"http://jabber.org/protocol/muc#owner":   "muc#owner",
	"http://jabber.org/protocol/muc#admin":   "muc#admin",
	"http://jabber.org/protocol/muc#user":    "muc#user",
}
