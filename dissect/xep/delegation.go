package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0355", Title: "Namespace Delegation", Label: "delegation",
		Doc:    "The server leaves all iqs of a namespace to a component.",
		Spaces: []string{"urn:xmpp:delegation:2", "urn:xmpp:delegation:1"},
		Elements: []dissect.Element{
			{Name: "delegation", Field: "xmpp.delegation", Describe: describeDelegation, Rank: dissect.Wrapper, Doc: "what is delegated, or an iq that is", Fields: []dissect.FieldDef{
				{Name: "xmpp.delegation.namespace", Type: dissect.Text, Path: "delegated/@namespace", Doc: "a namespace that is delegated", Fields: []dissect.FieldDef{
					{Name: "xmpp.delegation.attribute", Type: dissect.Text, Path: "attribute/@name", Doc: "only iqs with this attribute"},
				}},
			}},
			{Name: "query", Field: "xmpp.delegation.query", Info: "[, {&delegate/@namespace}]", Doc: "asks what is delegated", Fields: []dissect.FieldDef{
				{Name: "xmpp.delegation.wanted", Type: dissect.Text, Path: "delegate/@namespace", Doc: "a namespace that the component wants"},
			}},
		},
	})
}

// describeDelegation tells which namespaces are delegated, or of the iq that is
// passed on.
func describeDelegation(l *dissect.Line, n int32) {
	t := l.Tree
	l.Add("delegation")
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if t.Is(c, "urn:xmpp:forward:0", "forwarded") {
			l.Add(": ")
			inner(l, c)
			return
		}
		if t.Attr(c, "namespace") != nil {
			l.Add(" ")
			l.Named(c, "namespace")
		}
	}
}
