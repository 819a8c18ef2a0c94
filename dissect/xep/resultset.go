package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0059", Title: "Result Set Management",
		Doc:    "Long results are handed out page by page; this says which page is wanted, and which one came.",
		Spaces: []string{"http://jabber.org/protocol/rsm"},
		Elements: []dissect.Element{
			{Name: "set", Field: "xmpp.rsm", Doc: "which page of a long result", Fields: []dissect.FieldDef{
				{Name: "xmpp.rsm.max", Type: dissect.Number, Path: "max", Doc: "how many items a page may have"},
				{Name: "xmpp.rsm.after", Type: dissect.Text, Path: "after", Doc: "items behind the one with this id"},
				{Name: "xmpp.rsm.before", Type: dissect.Text, Path: "before", Doc: "items before the one with this id; where it is empty, the last page"},
				{Name: "xmpp.rsm.index", Type: dissect.Number, Path: "index", Doc: "from this place on"},
				{Name: "xmpp.rsm.first", Type: dissect.Text, Path: "first", Doc: "id of the page's first item", Fields: []dissect.FieldDef{
					{Name: "xmpp.rsm.first.index", Type: dissect.Number, Path: "@index", Doc: "its place in the whole"},
				}},
				{Name: "xmpp.rsm.last", Type: dissect.Text, Path: "last", Doc: "id of the page's last item"},
				{Name: "xmpp.rsm.count", Type: dissect.Number, Path: "count", Doc: "how many there are in all"},
			}},
		},
	})
}
