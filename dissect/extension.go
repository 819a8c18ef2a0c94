package dissect

import (
	"fmt"
	"slices"
	"strings"

	"talktrace/dissect/xmlstream"
)

// Extension declares what is known of a part of XMPP: an extension (XEP), a
// part of the core (RFC), or something a vendor made. One file declares one
// extension, in its init function; nothing else has to be told of it.
type Extension struct {
	Spec  string // "XEP-0184", "RFC 6121", "Google"
	Title string
	// Label is one short word for the Info column.
	Label string
	// Doc says in a sentence or two what it is for, to someone who meets it for
	// the first time.
	Doc string
	// Spaces are the namespaces of its elements.
	Spaces   []string
	Elements []Element
	// Attributes are those that the extension adds to elements of others, in
	// its own namespaces; the path of each is "@" and the name. They stand with
	// the other fields of the element that has them.
	Attributes []FieldDef
	// Additions are fields, words and checks that the extension adds to elements
	// of others, which stay theirs.
	Additions []Addition
}

// Addition is what an extension has to say about an element that another one
// declares.
type Addition struct {
	Space, Name string // of the element
	// Info are added to the words of the element. Describe is for those that
	// words cannot say, and goes before them.
	Info     string
	Describe func(l *Line, n int32)
	Fields   []FieldDef
	Check    func(c *Check, n int32)

	ext  *Extension
	info words
}

// Extension is what declares the addition.
func (a *Addition) Extension() *Extension { return a.ext }

// Element declares an element of an extension.
type Element struct {
	// Name is the local name; "*" stands for those that are not declared by
	// name.
	Name string
	// Field is the name of the field that says that the element is there; the
	// fields of its contents stand under it in the tree. Where it is "", they
	// stand there by themselves.
	Field string
	// Doc says what the element is for; that of the extension, if it is "".
	Doc string

	// Info are the words for the Info column when the row is about this
	// element; see the comment on words. Describe is for those that words
	// cannot say, and goes before them.
	Info     string
	Describe func(l *Line, n int32)
	// Aside are words that are added to those of a message or presence that is
	// about something else. DescribeAside is for those that words cannot say,
	// and goes before them.
	Aside         string
	DescribeAside func(l *Line, n int32)
	// Verb is the word for a presence that holds the element and has no type.
	Verb string
	// Offer are the words for it where a server offers it among its stream
	// features; its label, if they are "".
	Offer string
	// Rank says which of a message's children the row is about. RankOf takes its
	// place where that depends on what is in the element.
	Rank   Rank
	RankOf func(t *xmlstream.Tree, n int32) Rank

	// Fields are those of the element's contents. Elements inside it that are
	// declared by an extension need not be repeated.
	Fields []FieldDef
	// Check is called for each such element when rows are dissected in full. It
	// may add notes to the row.
	Check func(c *Check, n int32)

	field FieldDef
	ext   *Extension
	info  words
	aside words
	offer words
	added []*Addition
}

// HasAside reports whether the element may have something to add to a row that
// is about something else.
func (e *Element) HasAside() bool { return e.Aside != "" || e.DescribeAside != nil }

// RankAt is the rank of node n, which the element declares.
func (e *Element) RankAt(t *xmlstream.Tree, n int32) Rank {
	if e.RankOf != nil {
		return e.RankOf(t, n)
	}
	return e.Rank
}

// Extension is what declares the element.
func (e *Element) Extension() *Extension { return e.ext }

// Added is what other extensions add to the element.
func (e *Element) Added() []*Addition { return e.added }

// Rank orders the children of a message by how much they say of it. The body
// stands between those that carry another message, or take its place, and those
// that say something by themselves.
type Rank int8

// The ranks.
const (
	Plain   Rank = iota // says something, if there is nothing better
	Mark                // is only attached to something: an id, a delay, a hint
	State               // of the conversation
	Signal              // about another message
	Content             // says what would else be in the body
	Instead             // says what the body, if there is one, says only to those who do not know the element
	Wrapper             // holds another message, which is what the row is about
)

// weight is the order of ranks; Mark is the least.
func (r Rank) weight() int {
	if r == Mark {
		return -1
	}
	return int(r)
}

// Over reports whether an element of rank r says more of a message than one of
// rank o.
func (r Rank) Over(o Rank) bool { return r.weight() > o.weight() }

// registry holds what extensions declare. It is written by init functions
// alone.
var registry = struct {
	extensions []*Extension
	spaces     map[string][]*Element
	attributes map[string][]*FieldDef // by namespace
	additions  []*Addition
	facts      []*FieldDef            // of rows
	names      map[string][]*FieldDef // by name
	order      []string               // the names, in order of index
	labels     map[string]string      // by namespace
}{
	spaces: map[string][]*Element{}, attributes: map[string][]*FieldDef{},
	names: map[string][]*FieldDef{}, labels: map[string]string{},
}

// Register makes an extension known. It is called by init functions. A mistake
// in a declaration is a programmer's, and panics.
func Register(x Extension) {
	ext := &x
	registry.extensions = append(registry.extensions, ext)
	for i := range ext.Elements {
		e := &ext.Elements[i]
		e.ext = ext
		e.info, e.aside, e.offer = parseWords(e.Info), parseWords(e.Aside), parseWords(e.Offer)
		if e.Field != "" {
			e.field = FieldDef{Name: e.Field, Type: Presence, Doc: e.doc()}
			define(&e.field, ext)
		}
		defineAll(e.Fields, ext)
		for _, space := range ext.Spaces {
			registry.spaces[space] = append(registry.spaces[space], e)
			for _, a := range registry.additions {
				e.add(space, a)
			}
		}
	}
	for i := range ext.Additions {
		ext.Additions[i].register(ext)
	}
	defineAll(ext.Attributes, ext)
	for _, space := range ext.Spaces {
		for i := range ext.Attributes {
			registry.attributes[space] = append(registry.attributes[space], &ext.Attributes[i])
		}
		if ext.Label != "" {
			registry.labels[space] = ext.Label
		}
	}
}

// register makes an addition known, whether the element it is for is declared
// already or comes later.
func (a *Addition) register(ext *Extension) {
	a.ext, a.info = ext, parseWords(a.Info)
	defineAll(a.Fields, ext)
	registry.additions = append(registry.additions, a)
	for _, e := range registry.spaces[a.Space] {
		e.add(a.Space, a)
	}
}

// add attaches an addition to the element if it is for it.
func (e *Element) add(space string, a *Addition) {
	if space == a.Space && e.Name == a.Name {
		e.added = append(e.added, a)
	}
}

// doc describes the element as a field.
func (e *Element) doc() string {
	switch {
	case e.Doc != "":
		return strings.TrimSuffix(e.Doc, ".")
	case e.ext.Title != "":
		return "element of " + e.ext.Title
	}
	return "element " + e.Name
}

// RegisterFacts makes fields known that are facts of rows.
func RegisterFacts(defs []FieldDef) {
	defineAll(defs, nil)
	for i := range defs {
		registry.facts = append(registry.facts, &defs[i])
	}
}

func defineAll(defs []FieldDef, ext *Extension) {
	for i := range defs {
		define(&defs[i], ext)
		defineAll(defs[i].Fields, ext)
	}
}

func define(d *FieldDef, ext *Extension) {
	known := registry.names[d.Name]
	switch {
	case d.Name == "":
		panic(fmt.Sprintf("dissect: a field without a name, at %q", d.Path))
	case len(known) == 0:
		d.index = len(registry.order)
		registry.order = append(registry.order, d.Name)
	case known[0].Type != d.Type:
		panic(fmt.Sprintf("dissect: field %s is declared as %s and as %s", d.Name, known[0].Type, d.Type))
	default:
		d.index = known[0].index
	}
	d.ext, d.path = ext, parsePath(d.Path)
	registry.names[d.Name] = append(known, d)
}

// LookupElement returns the declaration of an element, or nil.
func LookupElement(space string, local []byte) *Element {
	var other *Element
	for _, e := range registry.spaces[space] {
		if e.Name == string(local) {
			return e
		}
		if e.Name == "*" {
			other = e
		}
	}
	return other
}

// LookupAttribute returns the declaration of an attribute that is in a namespace,
// or nil.
func LookupAttribute(space string, local []byte) *FieldDef {
	for _, d := range registry.attributes[space] {
		if d.path.attr == string(local) {
			return d
		}
	}
	return nil
}

// LookupField returns the definitions of a field name, of which all have the
// same type and index; none where nothing declares it.
func LookupField(name string) []*FieldDef { return registry.names[name] }

// FieldNames returns the names of all fields, sorted.
func FieldNames() []string {
	names := slices.Clone(registry.order)
	slices.Sort(names)
	return names
}

// Facts returns the fields that are facts of rows, in the order in which they
// are shown.
func Facts() []*FieldDef { return registry.facts }

// Extensions returns all extensions, sorted by specification and title.
func Extensions() []*Extension {
	list := slices.Clone(registry.extensions)
	slices.SortStableFunc(list, func(a, b *Extension) int {
		if c := strings.Compare(a.Spec, b.Spec); c != 0 {
			return c
		}
		return strings.Compare(a.Title, b.Title)
	})
	return list
}
