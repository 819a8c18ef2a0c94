package gtalk

import (
	"talktrace/dissect"
)

func init() {
	const s = "xmpp.gtalk.shared-status"
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Shared Status", Label: "shared-status",
		Doc:    "One status for all clients of an account, kept by the server with those used before, so that all of them show the same. It also makes a user invisible.",
		Spaces: []string{"google:shared-status"},
		Elements: []dissect.Element{
			{Name: "query", Field: s, Describe: describeSharedStatus, Doc: "the status, or a question for it", Fields: []dissect.FieldDef{
				{Name: s + ".version", Type: dissect.Number, Path: "@version", Doc: "version that the client knows; 2 can make invisible"},
				{Name: s + ".status-max", Type: dissect.Number, Path: "@status-max", Doc: "at most so many characters in a status"},
				{Name: s + ".status-list-max", Type: dissect.Number, Path: "@status-list-max", Doc: "at most so many lists"},
				{Name: s + ".status-list-contents-max", Type: dissect.Number, Path: "@status-list-contents-max", Doc: "at most so many entries in a list"},
				{Name: s + ".status-min-ver", Type: dissect.Number, Path: "@status-min-ver", Doc: "lowest version among the user's clients; 2 is needed to be invisible"},
				{Name: s + ".status", Type: dissect.Text, Path: "status", Doc: "the status in words"},
				{Name: s + ".show", Type: dissect.Text, Path: "show", Doc: "default or dnd"},
				{Name: s + ".list", Type: dissect.Presence, Path: "status-list", Doc: "what the status has been before", Fields: []dissect.FieldDef{
					{Name: s + ".list.show", Type: dissect.Text, Path: "@show", Doc: "the show that the entries go with"},
					{Name: "xmpp.gtalk.status_status_list", Type: dissect.Text, Path: "status", Doc: "an earlier status"},
				}},
				{Name: s + ".invisible", Type: dissect.Boolean, Path: "invisible/@value", Doc: "the user looks offline to others"},
			}},
		},
	})
}

func describeSharedStatus(l *dissect.Line, n int32) {
	t := l.Tree
	space := t.Nodes[n].Space
	if c := t.Find(n, space, "status"); c >= 0 && t.Nodes[c].Inner.Len() > 0 {
		l.Quote(c)
	}
	if c := t.Find(n, space, "show"); c >= 0 && string(t.Bytes(t.Nodes[c].Inner)) == "dnd" {
		l.Add(", dnd")
	}
	if c := t.Find(n, space, "invisible"); c >= 0 && isTrue(l, c, "value") {
		l.Add(", invisible")
	}
}

// isTrue reports whether an attribute says yes.
func isTrue(l *dissect.Line, n int32, attr string) bool {
	a := l.Tree.Attr(n, attr)
	if a == nil {
		return false
	}
	switch string(l.Tree.Bytes(a.Value)) {
	case "true", "1", "enabled":
		return true
	}
	return false
}
