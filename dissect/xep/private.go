package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0049", Title: "Private XML Storage", Label: "private",
		Doc:    "A place on the server where a client keeps data that only its own account may read: bookmarks, notes, settings.",
		Spaces: []string{"jabber:iq:private"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.private", Describe: describeInner, Doc: "what is kept"},
		},
	})
}

// describeInner tells of the first child what a declaration says of it, for
// elements that only hold another one.
func describeInner(l *dissect.Line, n int32) {
	if c := l.Tree.Nodes[n].Child; c >= 0 {
		l.Payload(c)
	}
}
