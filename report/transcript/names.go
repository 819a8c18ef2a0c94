package transcript

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"talktrace/dissect"
)

// names gives the values that change from run to run their names, in the order
// in which they are written.
type names struct {
	keep    map[string]bool
	meaning map[string]string // of the values; the first one a value was met with
	sorted  []string          // the values, once all are known
	full    map[string]bool   // addresses with a resource that a client was given
	given   map[string]string // values to names
	numbers map[string]int    // names given so far, by meaning
}

func newNames(keep map[string]bool) *names {
	return &names{
		keep: keep, meaning: map[string]string{}, full: map[string]bool{},
		given: map[string]string{}, numbers: map[string]int{},
	}
}

// shortened is how many characters of a long id the Info column shows.
const shortened = 8

var (
	uuid = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)
	// proxied matches, in what a proxy says, the ends whose ports are made up, and
	// what stands for the two ends of a bytestream (XEP-0065 section 5.3.2).
	proxied = regexp.MustCompile(`((TCP|UDP)[46]: |by way of |succeeded, from )\S+:[1-9]\d*|bytestream \(XEP-0065\), CONNECT [0-9a-f]{40}`)

	date = regexp.MustCompile(`\d{8}T\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?UTC|Z|[+-]\d\d:\d\d)?)?`)
)

// learn takes in what the fields of a row mean. own is the address of the client
// whose row it is, without a resource; "" where it is not known.
func (n *names) learn(r *row, own string) {
	for i := range r.cells {
		c := &r.cells[i]
		switch {
		case c.changes() && c.meaning != meansPort:
			n.learnValue(c.text, c.meaning)
		default:
			for _, id := range uuid.FindAllString(c.text, -1) {
				n.learnValue(id, meansID)
			}
		}
		switch c.name {
		case "xmpp.iq.bind.jid", "xmpp.sasl2.authorization-identifier":
			n.learnAddress(c.text)
		case "xmpp.to": // a server writes to its client under the whole address (RFC 6120 section 8.1.1.2)
			if r.sender == dissect.Server && c.level == 1 && own != "" && strings.HasPrefix(c.text, own+"/") {
				n.learnAddress(c.text)
			}
		}
	}
}

func (n *names) learnAddress(full string) {
	if _, resource, ok := strings.Cut(full, "/"); ok {
		n.full[full] = true
		n.learnValue(resource, meansResource)
	}
}

func (n *names) learnValue(value, meaning string) {
	if _, known := n.meaning[value]; known {
		return
	}
	n.meaning[value] = meaning
}

// settle is called once all values are known.
func (n *names) settle() { n.sorted = slices.Sorted(maps.Keys(n.meaning)) }

// whole returns the value of which the Info column shows the beginning; "" for
// none.
func (n *names) whole(short string) string {
	if len(short) < shortened {
		return ""
	}
	i, _ := slices.BinarySearch(n.sorted, short)
	if i < len(n.sorted) && strings.HasPrefix(n.sorted[i], short) {
		return n.sorted[i]
	}
	return ""
}

// name returns what a value is called that means something.
func (n *names) name(value, meaning string) string {
	if n.keep[meaning] {
		return value
	}
	if meaning == meansTime {
		return "stamp"
	}
	key := value
	if len(value) < least {
		key = meaning + " " + value // it may be much else, too
	}
	name, known := n.given[key]
	if !known {
		n.numbers[meaning]++
		name = meaning + ":" + strconv.Itoa(n.numbers[meaning])
		if meaning == meansPort {
			name = meaning + ":" + letters(n.numbers[meaning])
		}
		n.given[key] = name
	}
	if meaning == meansURL {
		return origin(value) + name
	}
	return name
}

// letters counts a, b … z, aa, ab …
func letters(n int) string {
	var s string
	for ; n > 0; n = (n - 1) / 26 {
		s = string(rune('a'+(n-1)%26)) + s
	}
	return s
}

// origin returns the beginning of a URL up to its path.
func origin(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host + "/"
}

// value returns what is written for the value of a field.
func (n *names) value(c *cell) string {
	if c.meaning == meansTime || c.meaning == meansPort {
		return n.name(c.text, c.meaning)
	}
	if c.changes() {
		return n.name(c.text, n.means(c.text, c.meaning))
	}
	if jid, ok := n.address(c.text); ok {
		return jid
	}
	return n.words(c.text, nil)
}

// means returns the meaning of a value that a field gives one. Long values mean
// the same wherever they are met.
func (n *names) means(value, meaning string) string {
	if first, known := n.meaning[value]; known && len(value) >= least {
		return first
	}
	return meaning
}

// address returns what is written for an address with a resource that a client
// was given.
func (n *names) address(text string) (string, bool) {
	if !n.full[text] {
		return "", false
	}
	bare, resource, _ := strings.Cut(text, "/")
	return bare + "/" + n.name(resource, n.means(resource, meansResource)), true
}

// inInfo returns what is written for the Info column of a row.
func (n *names) inInfo(r *row) string {
	own := map[string]*cell{} // the row's own values, also as they are shortened
	times := r.kind == "tls"
	for i := range r.cells {
		c := &r.cells[i]
		times = times || c.meaning == meansTime
		if !c.changes() {
			continue
		}
		if c.meaning == meansPort {
			own[":"+c.text] = c
			continue
		}
		own[c.text] = c
		if short := []rune(c.text); len(short) > shortened {
			own[string(short[:shortened])+"…"] = c
		}
	}
	info := r.info
	if r.kind == "proxy" {
		info = n.inProxy(info)
	}
	if times && !n.keep[meansTime] {
		for i := range r.cells {
			if c := &r.cells[i]; c.name == "xmpp.last.seconds" {
				info = strings.Replace(info, ", "+c.text+" seconds", ", stamp", 1)
			}
		}
		info = date.ReplaceAllString(info, "stamp")
	}
	return n.words(info, own)
}

// inProxy replaces, in what a proxy says, what is made up in each run.
func (n *names) inProxy(info string) string {
	return proxied.ReplaceAllStringFunc(info, func(made string) string {
		if from := strings.LastIndexByte(made, ':') + 1; from > 0 && !strings.HasPrefix(made, "bytestream") {
			return made[:from] + n.name(made[from:], meansPort)
		}
		from := strings.LastIndexByte(made, ' ') + 1
		return made[:from] + n.name(made[from:], n.means(made[from:], meansNonce))
	})
}

// least is how long a value has to be for every word that is the same to be
// taken for it.
const least = 8

// words replaces the words of a text that are values with a meaning. own are
// those of the row that the text tells of; of them short ones count too.
func (n *names) words(text string, own map[string]*cell) string {
	var b strings.Builder
	before := ""
	for len(text) > 0 {
		end := strings.IndexAny(text, " ,\"'()[]<>;=\n\t")
		if end < 0 {
			end = len(text)
		}
		if end == 0 {
			b.WriteByte(text[0])
			text = text[1:]
			continue
		}
		word := text[:end]
		bare := strings.TrimRight(word, ":.!?")
		b.WriteString(n.word(bare, before, own))
		b.WriteString(word[len(bare):])
		before, text = word, text[end:]
	}
	return b.String()
}

// word replaces a word behind another one.
func (n *names) word(word, before string, own map[string]*cell) string {
	if jid, ok := n.address(word); ok {
		return jid
	}
	if colon := strings.LastIndexByte(word, ':'); colon > 0 && own[word[colon:]] != nil {
		return word[:colon+1] + n.name(word[colon+1:], meansPort)
	}
	if c := own[word]; c != nil && (len(word) >= least || announces(before) || madeUp(word)) {
		return n.name(c.text, n.means(c.text, c.meaning))
	}
	value := word
	if short, cut := strings.CutSuffix(word, "…"); cut {
		value = n.whole(short)
	}
	if meaning, known := n.meaning[value]; known && len(value) >= least && meaning != meansResource {
		return n.name(value, meaning)
	}
	return uuid.ReplaceAllStringFunc(word, func(id string) string {
		if meaning, known := n.meaning[id]; known {
			return n.name(id, meaning)
		}
		return id
	})
}

// madeUp reports whether a short value looks as no word does, so that it is
// itself wherever it is met in the row.
func madeUp(value string) bool {
	return len(value) > 4 && strings.ContainsAny(value, "0123456789") && strings.ContainsFunc(value, unicode.IsLetter)
}

// announces reports whether the word behind this one in an Info column is an id
// or the like, however short.
func announces(word string) bool {
	switch word {
	case "id", "for", "thread", "bind", "version", "resource", "session", "query", "item":
		return true
	}
	return false
}
