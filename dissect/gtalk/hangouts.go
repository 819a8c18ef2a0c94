package gtalk

import (
	"talktrace/dissect"
)

func init() {
	const m = "xmpp.gtalk.media"
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Hangouts: Participants", Label: "google-muc",
		Doc:    "Says in the presence to a Hangout's room which streams of sound and picture a participant sends.",
		Spaces: []string{"google:muc#user"},
		Elements: []dissect.Element{
			{Name: "available-media", Field: m, Aside: "[, {#entry stream streams}]", Doc: "what the participant sends", Fields: []dissect.FieldDef{
				{Name: m + ".entry", Type: dissect.Presence, Path: "entry", Doc: "a stream", Fields: []dissect.FieldDef{
					{Name: m + ".entry.label", Type: dissect.Text, Path: "@label", Doc: "label of the stream"},
					{Name: m + ".entry.media", Type: dissect.Text, Path: "media", Doc: "audio or video"},
					{Name: m + ".entry.src-id", Type: dissect.Text, Path: "src-id", Doc: "number of the RTP stream"},
					{Name: m + ".entry.type", Type: dissect.Text, Path: "type", Doc: "what it is of"},
					{Name: m + ".entry.status", Type: dissect.Text, Path: "status", Doc: "which way it goes: sendrecv, inactive …"},
				}},
			}},
			{Name: "client-version", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.client-version", Type: dissect.Text, Path: ".", Doc: "version of the participant's client"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Hangouts: Media States", Label: "google-muc-media",
		Doc:    "What participants have switched off or on: microphones, cameras, a recording. It is published to the room, one item for each state.",
		Spaces: []string{"google:muc#media"},
		Elements: []dissect.Element{
			{Name: "*", Info: "{:}", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.media.state", Type: dissect.Text, Path: ":", Doc: "audio-mute, video-mute, video-pause, recording or block"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Hangouts: Presenter", Label: "google-presenter",
		Doc:    "Says who shows something to all in a Hangout.",
		Spaces: []string{"google:presenter"},
		Elements: []dissect.Element{
			{Name: "presenter", Field: "xmpp.gtalk.presenter", Doc: "who presents"},
			{Name: "presentation-item", Field: "xmpp.gtalk.presentation-item", Info: "[{presentation-type}]", Doc: "what is shown", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.presentation-item.type", Type: dissect.Text, Path: "presentation-type", Doc: "what kind of thing it is"},
				{Name: "xmpp.gtalk.presentation-item.id", Type: dissect.Text, Path: "presentation-id", Doc: "its id"},
			}},
		},
	})
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
	const p = "xmpp.gtalk.call-stats"
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Call Statistics", Label: "callperf",
		Doc:    "How a call went, for Google to look into.",
		Spaces: []string{"google:call-perf-stats"},
		Elements: []dissect.Element{
			{Name: "callPerfStats", Field: p, Info: "[{~@sessionId}][ with {@remoteUser}][, error {@callErrorCode}]", Doc: "the report", Fields: []dissect.FieldDef{
				{Name: p + ".session", Type: dissect.Text, Path: "@sessionId", Doc: "id of the session"},
				{Name: p + ".remote", Type: dissect.Text, Path: "@remoteUser", Doc: "the other one"},
				{Name: p + ".length", Type: dissect.Text, Path: "@callLength", Doc: "how long the call was"},
				{Name: p + ".accepted", Type: dissect.Text, Path: "@callAccepted", Doc: "whether it was accepted"},
				{Name: p + ".error", Type: dissect.Text, Path: "@callErrorCode", Doc: "number of the error"},
				{Name: p + ".terminate", Type: dissect.Text, Path: "@terminateCode", Doc: "number of why it ended"},
			}},
		},
	})
}
