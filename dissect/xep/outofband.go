package xep

import (
	"bytes"

	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0066", Title: "Out of Band Data", Label: "link",
		Doc:    "An address on the web that belongs to the message. Clients show a picture instead of the text where both are the same address.",
		Spaces: []string{"jabber:x:oob"},
		Elements: []dissect.Element{
			{Name: "x", Field: "xmpp.oob", Info: "link{>}: {url}[ {\"desc}]", Rank: dissect.Content, DescribeAside: describeLink, Doc: "an address that belongs to the message", Fields: []dissect.FieldDef{
				{Name: "xmpp.oob.url", Type: dissect.Text, Path: "url", Doc: "the address", Required: true},
				{Name: "xmpp.oob.desc", Type: dissect.Text, Path: "desc", Doc: "what is there"},
			}},
		},
	})
}

// describeLink adds the address, or that it is all that the body says.
func describeLink(l *dissect.Line, n int32) {
	t := l.Tree
	m := t.Nodes[n].Parent
	url := t.Find(n, t.Nodes[n].Space, "url")
	if url < 0 || m < 0 {
		return
	}
	if body := t.Find(m, t.Nodes[m].Space, "body"); body >= 0 && bytes.Equal(t.Bytes(t.Nodes[body].Inner), t.Bytes(t.Nodes[url].Inner)) {
		l.Add(", a file to show")
		return
	}
	l.Add(", link ")
	l.Text(url)
}
