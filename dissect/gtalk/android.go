package gtalk

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Android: Reliable Queue", Label: "rmq",
		Doc:    "Acknowledges stanzas, so that a telephone that was away gets what it missed; an early form of stream management.",
		Spaces: []string{"google:mobile:rmq2", "android:iq:rmq"},
		Elements: []dissect.Element{
			{Name: "selective-ack", Field: "xmpp.gtalk.rmq.selective-ack", Info: "acknowledges[ {#item stanza stanzas}]", Doc: "these stanzas have arrived", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.rmq.id", Type: dissect.Text, Path: "item/@id", Doc: "id of one that has arrived"},
			}},
			{Name: "stream-ack", Field: "xmpp.gtalk.rmq.stream-ack", Info: "stream-ack", Doc: "all of the stream so far has arrived"},
			{Name: "stanza-ack", Field: "xmpp.gtalk.rmq.stanza-ack", Info: "stanza-ack", Doc: "a stanza has arrived"},
			{Name: "last-stanza", Field: "xmpp.gtalk.rmq.last-stanza", Info: "last-stanza", Doc: "which stanza was the last to arrive"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Android: Chat State", Label: "mobile-chat",
		Doc:    "Tells the user's other clients that a chat was read or closed on a telephone.",
		Spaces: []string{"google:mobile:chat"},
		Elements: []dissect.Element{
			{Name: "*", Info: "{:} elsewhere", Rank: dissect.Signal, Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.mobile-chat", Type: dissect.Text, Path: ":", Doc: "read or closed"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Push", Label: "google-push",
		Doc:    "Wakes programs over Google Talk's servers: Chrome, when something is to be synchronized, and printers of Cloud Print.",
		Spaces: []string{"google:push"},
		Elements: []dissect.Element{
			{Name: "subscribe", Field: "xmpp.gtalk.push.subscribe", Info: "subscribe[ to {&item/@channel}]", Doc: "asks for what comes on channels", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.push.channel", Type: dissect.Text, Path: "item/@channel", Doc: "name of the channel"},
				{Name: "xmpp.gtalk.push.from", Type: dissect.Text, Path: "item/@from", Doc: "who may send on it"},
			}},
			{Name: "push", Field: "xmpp.gtalk.push", Rank: dissect.Content, Info: "push[ on {@channel}]", Doc: "something has come on a channel", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.push.channel", Type: dissect.Text, Path: "@channel", Doc: "name of the channel"},
				{Name: "xmpp.gtalk.push.recipient", Type: dissect.Text, Path: "recipient", Doc: "who it is for"},
				{Name: "xmpp.gtalk.push.data", Type: dissect.Text, Path: "data", Doc: "what has come, in base64"},
			}},
			{Name: "getAll", Field: "xmpp.gtalk.push.get-all", Info: "all subscriptions", Doc: "asks for the subscriptions that there are"},
		},
	})
}
