package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0158", Title: "CAPTCHA Forms", Label: "captcha",
		Doc:    "Asks something that only a person can answer, before a message is delivered or a room entered. The question is a data form.",
		Spaces: []string{"urn:xmpp:captcha"},
		Elements: []dissect.Element{
			{Name: "captcha", Field: "xmpp.captcha", Rank: dissect.Instead, Doc: "a question that only a person can answer, or the answer", Describe: func(l *dissect.Line, n int32) {
				t := l.Tree
				x, p := t.Find(n, nsDataForm, "x"), t.Nodes[n].Parent
				switch {
				case p >= 0 && string(t.Local(p)) == "message":
					l.Add("captcha to be solved")
				case isType(l, x, "submit"):
					l.Add("answer")
				}
			}},
		},
	})
}
