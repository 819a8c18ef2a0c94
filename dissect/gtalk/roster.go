package gtalk

import (
	"strings"

	"talktrace/dissect"
)

const nsRoster = "google:roster"

func init() {
	const r = "xmpp.gtalk.roster"
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Roster Attributes", Label: "google-roster",
		Doc:    "Marks contacts in the roster as blocked, hidden or pinned, and tells how often the user writes to them; mail contacts are in it too. Blocking somebody is setting a contact's mark.",
		Spaces: []string{nsRoster},
		Attributes: []dissect.FieldDef{
			{Name: r + ".ext", Type: dissect.Text, Path: "@ext", Doc: "version of these attributes that is asked for or given"},
			{Name: r + ".include", Type: dissect.Text, Path: "@include", Doc: "all: mail contacts too (2005)"},
			{Name: r + ".t", Type: dissect.Text, Path: "@t", Doc: "mark of the contact: B blocked, H hidden, P pinned"},
			{Name: r + ".w", Type: dissect.Number, Path: "@w", Doc: "rank of the contact among all"},
			{Name: r + ".rank", Type: dissect.Number, Path: "@rank", Doc: "rank of the contact among all"},
			{Name: r + ".mc", Type: dissect.Number, Path: "@mc", Doc: "how often the user has chatted with the contact"},
			{Name: r + ".emc", Type: dissect.Number, Path: "@emc", Doc: "how often they have written mail"},
			{Name: r + ".rejected", Type: dissect.Boolean, Path: "@rejected", Doc: "the contact has refused"},
			{Name: r + ".autosub", Type: dissect.Boolean, Path: "@autosub", Doc: "the server has added the contact by itself"},
			{Name: r + ".inv", Type: dissect.Text, Path: "@inv", Doc: "A: has been invited to Google Talk"},
			{Name: r + ".alias-for", Type: dissect.JID, Path: "@alias-for", Doc: "another address of this contact"},
			{Name: r + ".profileurl", Type: dissect.Text, Path: "@profileurl", Doc: "link to the contact's public profile"},
		},
		Additions: []dissect.Addition{{Space: "jabber:iq:roster", Name: "query", Describe: describeMarks}},
	})
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Roster Attributes of Android", Label: "gmobile-roster",
		Doc:    "Marks contacts that Android shows for quick access.",
		Spaces: []string{"google:mobile:roster"},
		Attributes: []dissect.FieldDef{
			{Name: r + ".qc", Type: dissect.Boolean, Path: "@qc", Doc: "a contact for quick access"},
		},
	})
}

// describeMarks counts the contacts in a roster that are marked.
func describeMarks(l *dissect.Line, n int32) {
	t := l.Tree
	var count [3]int
	items := 0
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		items++
		a := t.AttrNS(c, nsRoster, "t")
		if a == nil || a.Value.Len() != 1 {
			continue
		}
		if i := strings.IndexByte("BHP", t.Bytes(a.Value)[0]&^0x20); i >= 0 {
			count[i]++
		}
	}
	for i, mark := range [...]string{"blocked", "hidden", "pinned"} {
		switch {
		case count[i] > 0 && items == 1:
			l.Sep().Add(mark)
		case count[i] > 0:
			l.Sep().Number(count[i]).Add(" ").Add(mark)
		}
	}
}
