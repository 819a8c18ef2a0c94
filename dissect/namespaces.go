package dissect

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Namespace is what is known of an XML namespace (or a pubsub node or feature
// that is named like one).
type Namespace struct {
	URI   string
	Label string // one short word for the Info column
	Spec  string // where it is defined: "XEP-0184", "RFC 6121", "Google"
	Title string
	// Status is active, rare, historical, deprecated or the like: whether it is
	// still met.
	Status string
}

//go:embed namespaces.tsv
var namespacesTSV string

var namespaces = sync.OnceValue(func() map[string]Namespace {
	m := make(map[string]Namespace, 1024)
	for line := range strings.Lines(namespacesTSV) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) == 5 {
			m[f[0]] = Namespace{URI: f[0], Label: f[1], Spec: f[2], Title: f[3], Status: f[4]}
		}
	}
	return m
})

// LookupNamespace returns what is known of a namespace.
func LookupNamespace(uri string) (Namespace, bool) {
	n, ok := namespaces()[uri]
	return n, ok
}

// labelOf is LabelOf for bytes, which it makes no string of.
func labelOf(uri []byte) string {
	if label, ok := registry.labels[string(uri)]; ok {
		return label
	}
	return namespaces()[string(uri)].Label
}

// LabelOf returns the short word for a namespace, or "".
func LabelOf(uri string) string {
	if label, ok := registry.labels[uri]; ok {
		return label
	}
	return namespaces()[uri].Label
}

// Namespaces returns all that is known of namespaces, sorted by URI.
func Namespaces() []Namespace {
	list := slices.Collect(maps.Values(namespaces()))
	slices.SortFunc(list, func(a, b Namespace) int { return strings.Compare(a.URI, b.URI) })
	return list
}

// Declared reports whether an extension declares elements in a namespace.
func Declared(uri string) bool { return len(registry.spaces[uri]) > 0 }
