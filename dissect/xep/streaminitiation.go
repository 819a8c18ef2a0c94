package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0095", Title: "Stream Initiation", Label: "SI",
		Doc:    "Offers to send something, nearly always a file, and lists the ways that could be done; the other side picks one. Jingle has taken its place.",
		Spaces: []string{"http://jabber.org/protocol/si"},
		Elements: []dissect.Element{
			{Name: "si", Field: "xmpp.si", Describe: describeSI, Doc: "offers a stream of bytes, or accepts it", Fields: []dissect.FieldDef{
				{Name: "xmpp.si.id", Type: dissect.Text, Path: "@id", Doc: "id that the bytestream will have"},
				{Name: "xmpp.si.mime-type", Type: dissect.Text, Path: "@mime-type", Doc: "media type of what is sent"},
				{Name: "xmpp.si.profile", Type: dissect.Text, Path: "@profile", Doc: "namespace of what is sent"},
			}},
			{Name: "*", Info: "{:}", Doc: "why the offer was refused", Fields: []dissect.FieldDef{
				{Name: "xmpp.si.error", Type: dissect.Text, Path: ":", Doc: "no-valid-streams or bad-profile"},
			}},
		},
	})
	file := []dissect.FieldDef{
		{Name: "xmpp.si.file.name", Type: dissect.Text, Path: "@name", Doc: "name of the file"},
		{Name: "xmpp.si.file.size", Type: dissect.Number, Path: "@size", Doc: "bytes in the file"},
		{Name: "xmpp.si.file.date", Type: dissect.Time, Path: "@date", Doc: "when the file was last changed"},
		{Name: "xmpp.si.file.hash", Type: dissect.Text, Path: "@hash", Doc: "MD5 of the file"},
		{Name: "xmpp.si.file.desc", Type: dissect.Text, Path: "desc", Doc: "what the file is, in words"},
		{Name: "xmpp.si.file.range", Type: dissect.Presence, Path: "range", Doc: "only a part is sent, or could be", Fields: []dissect.FieldDef{
			{Name: "xmpp.si.file.range.offset", Type: dissect.Number, Path: "@offset", Doc: "byte at which the part begins"},
			{Name: "xmpp.si.file.range.length", Type: dissect.Number, Path: "@length", Doc: "bytes in the part"},
		}},
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0096", Title: "SI File Transfer", Label: "file",
		Doc:    "The file that a stream initiation offers.",
		Spaces: []string{"http://jabber.org/protocol/si/profile/file-transfer"},
		Elements: []dissect.Element{
			{Name: "file", Field: "xmpp.si.file", Info: "file[ {\"@name}][, {@size} bytes][, from byte {range/@offset}]", Doc: "the file", Fields: file},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0105", Title: "Tree Transfer Stream Initiation Profile", Label: "folder",
		Doc:    "A whole folder that a stream initiation offers.",
		Spaces: []string{"http://jabber.org/protocol/si/profile/tree-transfer"},
		Elements: []dissect.Element{
			{Name: "tree", Field: "xmpp.si.tree", Info: "folder[ {\"directory/@name}][, {@numfiles} files][, {@size} bytes]", Doc: "the folder", Fields: []dissect.FieldDef{
				{Name: "xmpp.si.tree.numfiles", Type: dissect.Number, Path: "@numfiles", Doc: "how many files are in it"},
				{Name: "xmpp.si.tree.size", Type: dissect.Number, Path: "@size", Doc: "bytes in all of them"},
				{Name: "xmpp.si.tree.directory", Type: dissect.Text, Path: "directory/@name", Doc: "its name"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0020", Title: "Feature Negotiation", Label: "feature-neg",
		Doc:    "A form in which one side lists what it could do, and the other picks.",
		Spaces: []string{"http://jabber.org/protocol/feature-neg"},
		Elements: []dissect.Element{
			{Name: "feature", Field: "xmpp.feature-neg", Info: "[{#~x/~field choice choices}]", Doc: "a choice, or its answer"},
		},
	})
}

// describeSI names what is offered, and the methods on offer or the one chosen.
func describeSI(l *dissect.Line, n int32) {
	t := l.Tree
	l.ID("", n, "id")
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if !t.Is(c, "http://jabber.org/protocol/feature-neg", "feature") {
			if l.Sep(); !l.Say(c) {
				l.Label(c)
			}
		}
	}
	if f := t.Find(n, "http://jabber.org/protocol/feature-neg", "feature"); f >= 0 {
		describeMethods(l, f)
	}
}

// describeMethods lists the values of the form in a feature negotiation: the
// namespaces of ways to send bytes, by their labels.
func describeMethods(l *dissect.Line, n int32) {
	const most = 5
	t := l.Tree
	left := most
	var walk func(n int32, depth int)
	walk = func(n int32, depth int) {
		for c := t.Nodes[n].Child; c >= 0 && left > 0; c = t.Nodes[c].Next {
			if string(t.Local(c)) != "value" {
				if depth < 4 {
					walk(c, depth+1)
				}
				continue
			}
			left--
			l.Sep()
			if t.Nodes[c].Child < 0 && !t.Nodes[c].Escaped {
				if label := dissect.LabelOf(string(t.Bytes(t.Nodes[c].Inner))); label != "" {
					l.Add(label)
					continue
				}
			}
			l.Text(c)
		}
	}
	walk(n, 0)
}
