package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"talktrace/dissect"
)

// newFields makes the verb that lists the fields.
func newFields() *cobra.Command {
	var markdown bool
	c := &cobra.Command{
		Use:   "fields [flags] [BEGINNING ...]",
		Short: "List the fields that -Y, -e and the details know",
		Example: `  talktrace fields               all of them
  talktrace fields xmpp.muc tcp  those whose names begin so`,
		RunE: func(cmd *cobra.Command, args []string) error {
			list := listedFields(args)
			if len(list) == 0 {
				return noneListed(args)
			}
			if markdown {
				return writeFieldPage(cmd.OutOrStdout(), list)
			}
			return writeFields(cmd.OutOrStdout(), list)
		},
	}
	c.Flags().BoolVar(&markdown, "markdown", false, "as a page of the documentation")
	return c
}

// noneListed says that no field's name begins so, and names fields that have it
// elsewhere in them.
func noneListed(beginnings []string) error {
	hint := "talktrace fields lists all fields"
	var inside []string
	for _, name := range dissect.FieldNames() {
		if strings.Contains(name, strings.ToLower(beginnings[0])) {
			inside = append(inside, name)
		}
	}
	if len(inside) > 0 {
		hint = "it is in " + strings.Join(inside[:min(len(inside), 3)], ", ")
		if len(inside) > 3 {
			hint += fmt.Sprintf(" and %d more; talktrace fields | grep %s lists them", len(inside)-3, strings.ToLower(beginnings[0]))
		}
	} else if near := dissect.NearestField(beginnings[0]); near != "" {
		hint = "did you mean " + near + "? " + hint
	}
	return misuse(hint, "no field begins with %q", beginnings[0])
}

// listedField is a field as the list shows it.
type listedField struct {
	name, kind, doc, from string
}

// listedFields returns the fields whose names begin with one of the beginnings,
// all if there are none, in order of their names.
func listedFields(beginnings []string) []listedField {
	var list []listedField
	for _, name := range dissect.FieldNames() {
		if len(beginnings) > 0 && !slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(name, b) }) {
			continue
		}
		defs := dissect.LookupField(name)
		f := listedField{name: name, kind: defs[0].Type.String(), doc: defs[0].Doc}
		var from []string
		for _, d := range defs {
			if x := d.Extension(); x != nil && !slices.Contains(from, x.Spec) {
				from = append(from, x.Spec)
			}
		}
		f.from = strings.Join(from, ", ")
		list = append(list, f)
	}
	return list
}

// roomy is the least width of a terminal on which the lists have an entry a line.
const roomy = 160

// narrow reports whether a list goes to a terminal on which its lines would wrap.
func narrow(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && isTerminal(f) && width(f) < roomy
}

func writeFields(out io.Writer, list []listedField) error {
	entry := "%s\t%s\t%s%s\n"
	if narrow(out) {
		entry = "%s  %s\n    %s%s\n"
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range list {
		from := ""
		if f.from != "" {
			from = " (" + f.from + ")"
		}
		fmt.Fprintf(w, entry, f.name, f.kind, f.doc, from)
	}
	return w.Flush()
}

func writeFieldPage(out io.Writer, list []listedField) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, `# Fields

<!-- Written by "make docs" from the declarations; do not edit. -->

What display filters (`+"`-Y`"+`), `+"`-T fields -e`"+`, the details (`+"`-V`"+`) and the `+"`fields`"+` of JSON know: %d fields.
Of every field of type jid there are four parts: `+"`.bare`, `.local`, `.domain` and `.resource`"+`.
`+"`talktrace fields`"+` prints this list.

| field | type | meaning | defined by |
| --- | --- | --- | --- |
`, len(list))
	for _, f := range list {
		fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", f.name, f.kind, inTable(f.doc), f.from)
	}
	return w.Flush()
}

// inTable makes text safe for a cell of a Markdown table.
func inTable(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "*", `\*`).Replace(s)
}

// newExtensions makes the verb that lists what is known of XMPP.
func newExtensions() *cobra.Command {
	var markdown bool
	c := &cobra.Command{
		Use:   "extensions [flags] [TEXT ...]",
		Short: "List the parts of XMPP that are known, and what is read of them",
		Example: `  talktrace extensions              all of them
  talktrace extensions 0184 jingle  those that have one of these in their line`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if markdown {
				return writeExtensionPage(cmd.OutOrStdout())
			}
			list := listedNamespaces(args)
			if len(list) == 0 {
				return misuse("talktrace extensions lists all of them", "there is no extension with %q in its line", strings.Join(args, `", "`))
			}
			return writeNamespaces(cmd.OutOrStdout(), list)
		},
	}
	c.Flags().BoolVar(&markdown, "markdown", false, "as a page of the documentation")
	return c
}

// listedNamespaces returns the namespaces that have a label or a declaration,
// those that are specified together next to each other. If there are words, a
// namespace has one of them in its line.
func listedNamespaces(words []string) []dissect.Namespace {
	list := dissect.Namespaces()
	known := map[string]bool{}
	for _, n := range list {
		known[n.URI] = true
	}
	for _, x := range dissect.Extensions() {
		for _, uri := range x.Spaces {
			if uri != "" && !known[uri] {
				known[uri] = true
				list = append(list, dissect.Namespace{URI: uri, Label: dissect.LabelOf(uri), Spec: x.Spec, Title: x.Title, Status: "active"})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b dissect.Namespace) int { return strings.Compare(a.Spec, b.Spec) })
	return slices.DeleteFunc(list, func(n dissect.Namespace) bool {
		line := strings.ToLower(describeNamespace(&n, namespaceEntry))
		return len(words) > 0 && !slices.ContainsFunc(words, func(word string) bool { return strings.Contains(line, strings.ToLower(word)) })
	})
}

// read says whether what is in a namespace is read.
func read(uri string) string {
	if dissect.Declared(uri) {
		return "read"
	}
	return "named"
}

func writeNamespaces(out io.Writer, list []dissect.Namespace) error {
	entry := namespaceEntry
	if narrow(out) {
		entry = "%s  %s  %s, %s\n    %s\n    %s\n"
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for i := range list {
		fmt.Fprint(w, describeNamespace(&list[i], entry))
	}
	return w.Flush()
}

// namespaceEntry is a namespace as the list shows it where there is room.
const namespaceEntry = "%s\t%s\t%s\t%s\t%s\t%s\n"

func describeNamespace(n *dissect.Namespace, entry string) string {
	return fmt.Sprintf(entry, n.Spec, dissect.LabelOf(n.URI), n.Status, read(n.URI), n.Title, n.URI)
}

func writeExtensionPage(out io.Writer) error {
	w := bufio.NewWriter(out)
	list := dissect.Extensions()
	fmt.Fprintf(w, `# Extensions

<!-- Written by "make docs" from the declarations; do not edit. -->

%d parts of XMPP are read: their fields have names, and the Info column speaks of them. Of %d namespaces
at least the name is known; `+"`talktrace extensions`"+` lists them all.

| defined by | title | label | what it is for |
| --- | --- | --- | --- |
`, len(list), len(listedNamespaces(nil)))
	for _, x := range list {
		label := x.Label
		if label == "" && len(x.Spaces) > 0 {
			label = dissect.LabelOf(x.Spaces[0])
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", x.Spec, inTable(x.Title), label, inTable(x.Doc))
	}
	return w.Flush()
}
