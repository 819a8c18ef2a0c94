package xep

import (
	"talktrace/dissect"
)

func init() {
	fields := []dissect.FieldDef{
		{Name: "xmpp.x-data.field", Type: dissect.Presence, Path: "field", Doc: "a field", Fields: formField()},
		{Name: "xmpp.x-data.reported", Type: dissect.Text, Path: "reported/field/@var", Doc: "name of a column of the results"},
		{Name: "xmpp.x-data.item", Type: dissect.Presence, Path: "item", Doc: "a result", Fields: []dissect.FieldDef{
			{Name: "xmpp.x-data.field", Type: dissect.Presence, Path: "field", Doc: "a field", Fields: formField()},
		}},
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0004", Title: "Data Forms", Label: "form",
		Doc:    "Forms to be filled in, by people or programs: configuration, registration, searching. The hidden field FORM_TYPE says which form it is (XEP-0068).",
		Spaces: []string{"jabber:x:data"},
		Elements: []dissect.Element{
			{Name: "x", Field: "xmpp.x-data", Describe: describeForm, Rank: dissect.Content, Doc: "a form", Fields: append([]dissect.FieldDef{{Name: "xmpp.x-data.type", Type: dissect.Text, Path: "@type", Doc: "form to be filled in, submit, cancel or result"}, {Name: "xmpp.x-data.form_type", Type: dissect.Text, Path: "field(var=FORM_TYPE)/value", Doc: "which form it is"}, {Name: "xmpp.x-data.title", Type: dissect.Text, Path: "title", Doc: "title of the form"}, {Name: "xmpp.x-data.instructions", Type: dissect.Text, Path: "instructions", Doc: "how to fill it in"}}, fields...)},
		},
	})
}

// formField are the fields of a form's field (XEP-0004 section 3.2).
func formField() []dissect.FieldDef {
	return []dissect.FieldDef{
		{Name: "xmpp.x-data.field.var", Type: dissect.Text, Path: "@var", Doc: "name of the field"},
		{Name: "xmpp.x-data.field.type", Type: dissect.Text, Path: "@type", Doc: "what may be filled in"},
		{Name: "xmpp.x-data.field.label", Type: dissect.Text, Path: "@label", Doc: "name of the field for people"},
		{Name: "xmpp.x-data.field.required", Type: dissect.Presence, Path: "required", Doc: "the field has to be filled in"},
		{Name: "xmpp.x-data.field.value", Type: dissect.Text, Path: "value", Doc: "what is filled in, or suggested"},
		{Name: "xmpp.x-data.field.option", Type: dissect.Text, Path: "option/value", Doc: "a value that may be chosen"},
	}
}

// formType returns the value of a form that says which form it is, or -1.
func formType(l *dissect.Line, n int32) int32 {
	t := l.Tree
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if a := t.Attr(c, "var"); a != nil && string(t.Bytes(a.Value)) == "FORM_TYPE" {
			return t.Find(c, t.Nodes[n].Space, "value")
		}
	}
	return -1
}

// describeForm tells which form it is, and at what point of its life.
func describeForm(l *dissect.Line, n int32) {
	l.Add("form")
	if kind := formType(l, n); kind >= 0 {
		l.Add(" ").NamedText(kind)
	} else if title := l.Tree.Find(n, l.Tree.Nodes[n].Space, "title"); title >= 0 {
		l.Add(" ").Quote(title)
	}
	if a := l.Tree.Attr(n, "type"); a != nil && string(l.Tree.Bytes(a.Value)) != "form" {
		l.Labelled(" ", n, "type")
	}
}
