package gtalk

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Jingle Drafts", Label: "google-jingle",
		Doc:    "What Google tried in Jingle before there were extensions for it: groups of contents, and which streams of a video call are wanted at what size.",
		Spaces: []string{"google:jingle"},
		Elements: []dissect.Element{
			{Name: "group", Field: "xmpp.jingle.group", Info: "{@type} of {&content/@name}", Doc: "contents that belong together", Fields: []dissect.FieldDef{
				{Name: "xmpp.jingle.group.semantics", Type: dissect.Text, Path: "@type", Doc: "how they belong together"},
				{Name: "xmpp.jingle.group.content", Type: dissect.Text, Path: "content/@name", Doc: "name of a content in the group"},
			}},
			{Name: "view", Field: "xmpp.gtalk.view", Info: "view[ {@type}][ of {@name}][, {params/@width} x {params/@height}]", Doc: "what the sender wants to see", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.view.type", Type: dissect.Text, Path: "@type", Doc: "none or static"},
				{Name: "xmpp.gtalk.view.name", Type: dissect.Text, Path: "@name", Doc: "name of the content"},
				{Name: "xmpp.gtalk.view.width", Type: dissect.Number, Path: "params/@width", Doc: "width of the picture"},
				{Name: "xmpp.gtalk.view.height", Type: dissect.Number, Path: "params/@height", Doc: "height of the picture"},
				{Name: "xmpp.gtalk.view.framerate", Type: dissect.Number, Path: "params/@framerate", Doc: "pictures each second"},
			}},
			{Name: "streams", Field: "xmpp.gtalk.streams", Info: "{#stream stream streams}", Doc: "the streams of a call", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.streams.nick", Type: dissect.Text, Path: "stream/@nick", Doc: "whose a stream is"},
				{Name: "xmpp.gtalk.streams.name", Type: dissect.Text, Path: "stream/@name", Doc: "name of a stream"},
			}},
		},
	})
}
