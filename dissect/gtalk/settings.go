package gtalk

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: User Settings", Label: "settings",
		Doc:    "Settings of the account: whether it is told of mail, keeps what is said, and accepts contacts by itself.",
		Spaces: []string{"google:setting"},
		Elements: []dissect.Element{
			{Name: "usersetting", Field: "xmpp.gtalk.setting", Describe: describeSettings, Doc: "the settings, or a question for them", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.setting_element", Type: dissect.Text, Path: "*/:", Doc: "name of a setting", Fields: []dissect.FieldDef{
					{Name: "xmpp.gtalk.setting_element.value", Type: dissect.Text, Path: "@value", Doc: "true or false"},
				}},
			}},
		},
	})
}

// describeSettings lists the settings with their values.
func describeSettings(l *dissect.Line, n int32) {
	const most = 5
	t := l.Tree
	told := 0
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if told++; told > most {
			l.Add(", …")
			return
		}
		if told > 1 {
			l.Add(", ")
		}
		l.Name(c).Labelled(" ", c, "value")
	}
}
