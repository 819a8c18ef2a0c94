package dissect

import (
	"strconv"
	"unicode/utf8"

	"talktrace/dissect/xmlstream"
)

// Line builds the Info column of one row, in one go and without allocating. It
// holds bytes from the wire as they are; whoever shows them escapes them.
type Line struct {
	Tree  *xmlstream.Tree
	From  Sender
	b     []byte
	show  bool  // secrets
	depth int   // of elements that hold the one that is being told of
	told  int32 // 1 + the stanza whose addressee has been told; 0 for none
}

// BeginLine starts the Info of a unit. Until Finish nothing else is taken from the
// arena.
func BeginLine(c *Context, u *xmlstream.Unit, from Sender) Line {
	return Line{b: c.Arena.Begin(160), Tree: u.Tree, From: from, show: c.ShowSecrets}
}

// How many characters of a value a line shows.
const (
	longestValue = 80
	longestAttr  = 100
	shortID      = 8
)

// maxInfo bounds the Info of a row in bytes; one line is for one look.
const maxInfo = 1 << 10

// Finish returns the Info, nil where it is empty.
func (l *Line) Finish(c *Context) []byte {
	if len(l.b) == 0 {
		return nil
	}
	if !l.show {
		l.b = HideLinkKeys(l.b, 0)
	}
	l.limit(0, maxInfo)
	return c.Arena.Done(l.b)
}

// limit cuts what was added since start to so many bytes, give or take a
// character.
func (l *Line) limit(start, most int) {
	if len(l.b)-start <= most {
		return
	}
	end := start + most
	for end > start && !utf8.RuneStart(l.b[end]) {
		end--
	}
	l.b = append(l.b[:end], "…"...)
}

// Add adds text.
func (l *Line) Add(s string) *Line {
	l.b = append(l.b, s...)
	return l
}

// Bytes adds bytes from the wire.
func (l *Line) Bytes(b []byte) *Line {
	l.b = append(l.b, b...)
	return l
}

// Sep puts a comma between what is there and what comes.
func (l *Line) Sep() *Line {
	if len(l.b) > 0 {
		l.b = append(l.b, ", "...)
	}
	return l
}

// Number adds a number in decimal.
func (l *Line) Number(n int) *Line {
	l.b = strconv.AppendInt(l.b, int64(n), 10)
	return l
}

// Count adds "1 item" or "5 items".
func (l *Line) Count(n int, one, many string) *Line {
	l.Number(n).Add(" ")
	if n == 1 {
		return l.Add(one)
	}
	return l.Add(many)
}

// Attr adds the value of an attribute of node n. It reports whether there was
// one.
func (l *Line) Attr(n int32, name string) bool {
	a := l.Tree.Attr(n, name)
	if a == nil {
		return false
	}
	start := len(l.b)
	l.attr(n, a)
	l.shorten(start, longestAttr)
	return true
}

// attr adds the value of an attribute of node n.
func (l *Line) attr(n int32, a *xmlstream.Attr) {
	if l.hides(n, a) {
		l.b = append(l.b, Redacted...)
	} else {
		l.b = l.Tree.Value(l.b, a)
	}
}

// Labelled adds a label and the value of an attribute, if there is one.
func (l *Line) Labelled(label string, n int32, name string) *Line {
	if a := l.Tree.Attr(n, name); a != nil && a.Value.Len() > 0 {
		l.Add(label)
		l.Attr(n, name)
	}
	return l
}

// ID adds an identifier by its beginning, enough to tell it from others.
func (l *Line) ID(label string, n int32, name string) *Line {
	a := l.Tree.Attr(n, name)
	if a == nil || a.Value.Len() == 0 {
		return l
	}
	l.Add(label)
	start := len(l.b)
	if l.attr(n, a); !l.hides(n, a) {
		l.shorten(start, shortID)
	}
	return l
}

// Quote adds the text of node n between quotes, as far as it fits in a line.
func (l *Line) Quote(n int32) *Line {
	l.Add("\"")
	start := len(l.b)
	l.Text(n)
	l.shorten(start, longestValue)
	return l.Add("\"")
}

// Text adds the text of node n, of a long one only the beginning.
func (l *Line) Text(n int32) {
	x := &l.Tree.Nodes[n]
	start := len(l.b)
	if x.Inner.Len() > 0 && l.hides(n, nil) {
		l.b = append(l.b, Redacted...)
		return
	}
	if x.Child < 0 && !x.Escaped && x.Inner.Len() > maxInfo {
		l.b = append(l.b, l.Tree.Bytes(xmlstream.Span{Off: x.Inner.Off, End: x.Inner.Off + maxInfo})...)
	} else {
		l.b = l.Tree.Text(l.b, n)
	}
	if !l.show { // before the end of a link is cut off
		l.b = HideLinkKeys(l.b, start)
	}
	l.limit(start, maxInfo/2)
}

// TextID adds the text of node n as an identifier, by its beginning.
func (l *Line) TextID(n int32) {
	start := len(l.b)
	if l.Text(n); !l.hides(n, nil) {
		l.shorten(start, shortID)
	}
}

// shorten cuts what was added since start to so many characters.
func (l *Line) shorten(start, limit int) {
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

// Peer adds who the stanza is for, or whom it is from, whichever the reader of
// the sender's column does not know yet.
func (l *Line) Peer() *Line {
	to, from := l.Tree.Attr(0, "to"), l.Tree.Attr(0, "from")
	switch {
	case l.From == Client && to != nil:
		l.Add(" to ")
		l.Attr(0, "to")
	case l.From == Server && from != nil:
		l.Add(" from ")
		l.Attr(0, "from")
	}
	return l
}

// Name adds the local name of node n.
func (l *Line) Name(n int32) *Line { return l.Bytes(l.Tree.Local(n)) }

// Label adds the best short word for what node n is: that of its namespace, or
// its own name with the namespace behind it.
func (l *Line) Label(n int32) *Line {
	x := &l.Tree.Nodes[n]
	if x.Space == l.Tree.Nodes[0].Space && n != 0 { // an element of the stanza's own namespace
		return l.Name(n)
	}
	if label := LabelOf(x.Space); label != "" {
		return l.Add(label)
	}
	l.Name(n)
	if x.Space != "" && x.Space != xmlstream.NSClient && x.Space != xmlstream.NSServer {
		l.Add(" ").Add(x.Space)
	}
	return l
}

// Say adds what the declaration of node n says about it, in the words for a row
// that is about it. It reports whether that was anything.
func (l *Line) Say(n int32) bool {
	e := LookupElement(l.Tree.Nodes[n].Space, l.Tree.Local(n))
	return e != nil && l.Tell(e, n)
}

// Tell is Say for a declaration that the caller has looked up.
func (l *Line) Tell(e *Element, n int32) bool {
	const deepest = 4 // what is in a message in a carbon; more does not fit in a line
	if l.depth++; l.depth > deepest {
		l.depth--
		return false
	}
	before := len(l.b)
	if e.Describe != nil {
		e.Describe(l, n)
	}
	l.say(e.info, n)
	for _, a := range e.added {
		if a.Describe != nil {
			a.Describe(l, n)
		}
		l.say(a.info, n)
	}
	l.depth--
	return len(l.b) > before
}

// Offer adds what a server offers by a child of its stream features.
func (l *Line) Offer(n int32) *Line {
	e := LookupElement(l.Tree.Nodes[n].Space, l.Tree.Local(n))
	if e == nil || len(e.offer) == 0 || !l.say(e.offer, n) {
		l.Label(n)
	}
	return l
}

// Payload adds what a stanza holds: its label, and what its declaration says
// about it.
func (l *Line) Payload(n int32) *Line {
	l.Label(n)
	before := len(l.b)
	l.Add(" ")
	if !l.Say(n) {
		l.b = l.b[:before]
	} else if c := l.b[before+1]; c == ',' || c == ':' || c == ' ' { // words that begin so stand close
		l.b = append(l.b[:before], l.b[before+1:]...)
	}
	return l
}

// Contents adds what the declaration of node n says about it, behind a colon.
func (l *Line) Contents(n int32) *Line {
	before := len(l.b)
	l.Add(": ")
	if !l.Say(n) {
		l.b = l.b[:before]
	} else if c := l.b[before+2]; c == ',' {
		l.b = append(l.b[:before], l.b[before+2:]...)
	} else if c == ' ' {
		l.b = append(l.b[:before+1], l.b[before+2:]...)
	}
	return l
}

// Named adds the value of an attribute of node n, its label where it is the
// name of a namespace, as it is with the nodes of pubsub. It reports whether
// there was one.
func (l *Line) Named(n int32, name string) bool {
	start := len(l.b)
	if !l.Attr(n, name) || len(l.b) == start {
		return false
	}
	l.relabel(start)
	return true
}

// Whom adds who the stanza is for or from, as the reader needs it: for the
// stanza itself the end that is not the sender's, for one inside it both. It
// does so once: what is said of a stanza's child may have put it where it reads
// best.
func (l *Line) Whom(n int32) *Line {
	if l.told == n+1 {
		return l
	}
	l.told = n + 1
	if n == 0 {
		return l.Peer()
	}
	return l.Labelled(" from ", n, "from").Labelled(" to ", n, "to")
}

// Told says that words of its own have told who stanza n is for or from.
func (l *Line) Told(n int32) { l.told = n + 1 }

// NamedText is Named for the text of node n.
func (l *Line) NamedText(n int32) *Line {
	start := len(l.b)
	l.Text(n)
	l.shorten(start, longestAttr)
	l.relabel(start)
	return l
}

// Len is the number of bytes so far.
func (l *Line) Len() int { return len(l.b) }

// Secret adds what a payload is and how many bytes it has; the payload itself
// only where secrets are to be shown.
func (l *Line) Secret(n int32, what string) *Line {
	inner := l.Tree.Bytes(l.Tree.Nodes[n].Inner)
	size := len(inner)
	if size == 0 {
		return l.Sep().Add("no ").Add(what)
	}
	if string(inner) == "=" { // RFC 6120 section 6.4.2
		return l.Sep().Add("empty ").Add(what)
	}
	l.Sep().Add(what).Add(" ")
	if l.show {
		l.b = l.Tree.Text(l.b, n)
		return l
	}
	return l.Add("of ").Count(size, "byte", "bytes")
}

// Failure adds the condition of an error, which is the first child in this
// namespace, and the text that explains it.
func (l *Line) Failure(n int32, space string) *Line {
	t := l.Tree
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if string(t.Local(c)) == "text" {
			continue
		}
		if l.Sep().Name(c); t.Nodes[c].Space == space {
			break
		}
	}
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if string(t.Local(c)) == "text" && t.Nodes[c].Inner.Len() > 0 {
			return l.Add(": ").Quote(c)
		}
	}
	return l
}

// TellAside adds what a declaration says about node n where the row is about
// something else.
func (l *Line) TellAside(e *Element, n int32) bool {
	before := len(l.b)
	if e.DescribeAside != nil {
		e.DescribeAside(l, n)
	}
	l.say(e.aside, n)
	return len(l.b) > before
}
