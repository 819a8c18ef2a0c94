package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Jitsi", Title: "Jitsi Meet: Focus", Label: "focus",
		Doc:    "Asks for a conference, before the room is entered.",
		Spaces: []string{"http://jitsi.org/protocol/focus"},
		Elements: []dissect.Element{
			{Name: "conference", Field: "xmpp.jitsi.conference", Info: "[ {@room}][, ready {@ready}][, by {@focusjid}]", Doc: "a conference", Fields: []dissect.FieldDef{
				{Name: "xmpp.jitsi.room", Type: dissect.JID, Path: "@room", Doc: "the room"},
				{Name: "xmpp.jitsi.ready", Type: dissect.Boolean, Path: "@ready", Doc: "it can be entered"},
				{Name: "xmpp.jitsi.focus", Type: dissect.JID, Path: "@focusjid", Doc: "who arranges it"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Jitsi", Title: "Jitsi Meet: Muting", Label: "mute",
		Doc:    "Silences somebody's microphone or camera.",
		Spaces: []string{"http://jitsi.org/jitmeet/audio", "http://jitsi.org/jitmeet/video"},
		Elements: []dissect.Element{
			{Name: "mute", Field: "xmpp.jitsi.mute", Info: "[ {.}][ {@jid}]", Doc: "silence, or none", Fields: []dissect.FieldDef{
				{Name: "xmpp.jitsi.mute.jid", Type: dissect.JID, Path: "@jid", Doc: "who"},
				{Name: "xmpp.jitsi.mute.value", Type: dissect.Boolean, Path: ".", Doc: "silent"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Jitsi", Title: "Jitsi Meet: Muted at First", Label: "start muted",
		Doc:    "Those who come are to be silent at first.",
		Spaces: []string{"http://jitsi.org/jitmeet/start-muted"},
		Elements: []dissect.Element{
			{Name: "startmuted", Field: "xmpp.jitsi.startmuted", Info: "[, audio {@audio}][, video {@video}]", Doc: "what is to be silent", Fields: []dissect.FieldDef{
				{Name: "xmpp.jitsi.startmuted.audio", Type: dissect.Boolean, Path: "@audio", Doc: "the microphone"},
				{Name: "xmpp.jitsi.startmuted.video", Type: dissect.Boolean, Path: "@video", Doc: "the camera"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Jitsi", Title: "Jitsi Meet: Recording", Label: "jibri",
		Doc:    "Records or streams a conference.",
		Spaces: []string{"http://jitsi.org/protocol/jibri"},
		Elements: []dissect.Element{
			{Name: "jibri", Field: "xmpp.jibri", Info: "[ {@action}][, {@recording_mode}][, {@status}][, {@failure_reason}]", Aside: "[, recording {@status}]", Doc: "recording", Fields: []dissect.FieldDef{
				{Name: "xmpp.jibri.action", Type: dissect.Text, Path: "@action", Doc: "start or stop"},
				{Name: "xmpp.jibri.mode", Type: dissect.Text, Path: "@recording_mode", Doc: "file or stream"},
				{Name: "xmpp.jibri.status", Type: dissect.Text, Path: "@status", Doc: "on, off, pending"},
				{Name: "xmpp.jibri.failure", Type: dissect.Text, Path: "@failure_reason", Doc: "why it failed"},
				{Name: "xmpp.jibri.room", Type: dissect.JID, Path: "@room", Doc: "the room"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Jitsi", Title: "Jitsi Meet: Visitors", Label: "visitors",
		Doc:    "Lets those take part who may only look on.",
		Spaces: []string{"jitsi:visitors"},
		Elements: []dissect.Element{
			{Name: "visitors", Field: "xmpp.jitsi.visitors", Info: "[, {*/:}][, {@room}]", Doc: "what a visitor wants", Fields: []dissect.FieldDef{
				{Name: "xmpp.jitsi.visitors.room", Type: dissect.JID, Path: "@room", Doc: "the room"},
				{Name: "xmpp.jitsi.visitors.action", Type: dissect.Text, Path: "*/:", Doc: "what is wanted"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Jitsi", Title: "Jitsi Meet: Participants", Label: "jitmeet",
		Doc:    "What a participant's program says of itself in its presence.",
		Spaces: []string{"http://jitsi.org/jitmeet"},
		Elements: []dissect.Element{
			{Name: "*", Field: "xmpp.jitmeet", Info: "{:}", Doc: "something about the participant", Fields: []dissect.FieldDef{
				{Name: "xmpp.jitmeet.name", Type: dissect.Text, Path: ":", Doc: "name of it"},
			}},
		},
	})
}
