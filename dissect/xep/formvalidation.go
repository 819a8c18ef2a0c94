package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0122", Title: "Data Forms Validation",
		Doc:    "Says of a form's field which values will do: a number in a range, a date, what a pattern matches.",
		Spaces: []string{"http://jabber.org/protocol/xdata-validate"},
		Elements: []dissect.Element{
			{Name: "validate", Field: "xmpp.x-data.validate", Doc: "which values will do", Fields: []dissect.FieldDef{
				{Name: "xmpp.x-data.validate.datatype", Type: dissect.Text, Path: "@datatype", Doc: "type of the values: xs:integer, xs:date …"},
				{Name: "xmpp.x-data.validate.method", Type: dissect.Text, Path: "*/:", Doc: "how they are checked: basic, open, range or regex"},
				{Name: "xmpp.x-data.validate.min", Type: dissect.Text, Path: "range/@min", Doc: "the least value"},
				{Name: "xmpp.x-data.validate.max", Type: dissect.Text, Path: "range/@max", Doc: "the greatest value"},
				{Name: "xmpp.x-data.validate.regex", Type: dissect.Text, Path: "regex", Doc: "pattern that the value has to match"},
				{Name: "xmpp.x-data.validate.list.min", Type: dissect.Number, Path: "list-range/@min", Doc: "how many values there have to be"},
				{Name: "xmpp.x-data.validate.list.max", Type: dissect.Number, Path: "list-range/@max", Doc: "how many values there may be"},
			}},
		},
	})
}
