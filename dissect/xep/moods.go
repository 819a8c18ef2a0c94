package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0107", Title: "User Mood", Label: "mood",
		Doc:    "How somebody feels, in one of some eighty words.",
		Spaces: []string{"http://jabber.org/protocol/mood"},
		Elements: []dissect.Element{
			{Name: "mood", Field: "xmpp.mood", Aside: "[, mood {!text/:}]", Info: "[{!text/:}][ {\"text}]", Doc: "how somebody feels", Fields: []dissect.FieldDef{
				{Name: "xmpp.mood.value", Type: dissect.Text, Path: "!text/:", Doc: "the mood: happy, in_love, sleepy …"},
				{Name: "xmpp.mood.text", Type: dissect.Text, Path: "text", Doc: "the same in the user's own words"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0108", Title: "User Activity", Label: "activity",
		Doc:    "What somebody is doing: a general word, and perhaps one that says more.",
		Spaces: []string{"http://jabber.org/protocol/activity"},
		Elements: []dissect.Element{
			{Name: "activity", Field: "xmpp.activity", Info: "[{!text/:}][, {!text/*/:}][ {\"text}]", Doc: "what somebody is doing", Fields: []dissect.FieldDef{
				{Name: "xmpp.activity.general", Type: dissect.Text, Path: "!text/:", Doc: "the activity in general: eating, working, traveling …"},
				{Name: "xmpp.activity.specific", Type: dissect.Text, Path: "!text/*/:", Doc: "the activity more closely"},
				{Name: "xmpp.activity.text", Type: dissect.Text, Path: "text", Doc: "the same in the user's own words"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0118", Title: "User Tune", Label: "tune",
		Doc:    "What music somebody is listening to; an empty tune says that it has stopped.",
		Spaces: []string{"http://jabber.org/protocol/tune"},
		Elements: []dissect.Element{
			{Name: "tune", Field: "xmpp.tune", Describe: func(l *dissect.Line, n int32) {
				if l.Tree.Nodes[n].Child < 0 {
					l.Add("stopped")
				}
			}, Info: "[{\"title}][ by {artist}]", Doc: "what somebody is listening to", Fields: []dissect.FieldDef{
				{Name: "xmpp.tune.artist", Type: dissect.Text, Path: "artist", Doc: "who plays it"},
				{Name: "xmpp.tune.title", Type: dissect.Text, Path: "title", Doc: "its title"},
				{Name: "xmpp.tune.source", Type: dissect.Text, Path: "source", Doc: "the album or the station"},
				{Name: "xmpp.tune.track", Type: dissect.Text, Path: "track", Doc: "its number on the album"},
				{Name: "xmpp.tune.length", Type: dissect.Number, Path: "length", Doc: "its length in seconds"},
				{Name: "xmpp.tune.rating", Type: dissect.Number, Path: "rating", Doc: "how much it is liked, from 1 to 10"},
				{Name: "xmpp.tune.uri", Type: dissect.Text, Path: "uri", Doc: "where to read more"},
			}},
		},
	})
}
