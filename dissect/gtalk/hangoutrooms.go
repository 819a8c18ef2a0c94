package gtalk

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Hangouts: Moderation", Label: "google-muc-admin",
		Doc:    "Changes what others in a Hangout do, such as muting a microphone.",
		Spaces: []string{"google:muc#admin"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.gtalk.muc.admin", Info: "[, {#item item items}]", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.muc.admin.reason", Type: dissect.Text, Path: "item/reason", Doc: "why"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Hangouts: Telephones", Label: "pstn-conf",
		Doc:    "Says in the presence of a telephone that was called into a Hangout how far the call is.",
		Spaces: []string{"http://www.google.com/pstn-conference"},
		Elements: []dissect.Element{
			{Name: "status", Field: "xmpp.gtalk.pstn", Aside: ", telephone {@status}", Info: "telephone {@status}", Doc: "how far the call is", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.pstn.status", Type: dissect.Text, Path: "@status", Doc: "connecting, connected or hangup"},
			}},
		},
	})
}
