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
}
