package traffic

// stamp is the time of whatever happened earlier.
const stamp = "2026-09-21T17:40:02Z"

var people = []string{
	"ada", "björn", "chloé", "dmitri", "elif", "farid", "greta", "hana", "ivo", "jun",
	"katya", "lars", "mei", "noor", "olga", "pablo", "quim", "rosa", "sven", "tomo",
	"ursula", "vera", "wim", "xenia", "yusuf", "zoë",
}

var (
	groups   = []string{"Work", "Family", "Chess club", "Nachbarn", "Друзья"}
	programs = []string{"desk", "pocket", "tablet", "Swan", "Larkspur", "café"}
	states   = []string{"composing", "paused", "inactive", "gone", "active"}
	shows    = []string{"away", "xa", "dnd", "chat"}
	nodes    = []string{"https://swan.example/caps", "https://larkspur.example", "http://pocket.example/client#"}
	versions = []string{
		"q07IKJEyjvHSyhy//CH0CxmKi8w=", "8RovUdtOmiAjzj+xI7SK5BCw3A8=", "OH5fGWaaRVYZzZvQYl9Y1bVvV/M=",
		"aVY3Qk0rTnNqLk0xQ2Rhc2VkZGE=", "Zm9ydHktdHdvIGJ5dGVzIGxvbmc=",
	}
)

// sayings are what people say, escaped as it has to be in XML.
var sayings = []string{
	"ok",
	"On my way, ten minutes.",
	"Did anyone see why the build of last night failed? It works here.",
	"I&apos;d rather meet on Thursday &amp; have the whole afternoon for it",
	"Have a look at https://www.example.org/notes?page=3&amp;view=full and tell me what you think",
	"if a &lt; b &amp;&amp; b &lt; c then the rest follows, doesn&apos;t it?",
	"The train stands still just before the station. Nobody says why, and of course the heating has gone off as well.",
	"Grüße aus Köln! Die Brücke ist wieder gesperrt, wir fahren außen herum.",
	"Dois cafés e um pão de queijo, por favor 🙂",
	"Завтра в девять, не забудь ключи.",
	"明日の会議は三時からに変更になりました。",
	"سأصل متأخرا قليلا اليوم",
	"Could you send me the figures of the second quarter before noon? I have to put them on a slide, and the old ones are wrong by a factor of ten.",
	"👍",
	"No, the other one: the blue folder on the shelf behind the door.",
	"Ça marche, à tout à l&apos;heure !",
}

// sentences returns a few of the sayings.
func (s *Source) sentences() string {
	text := s.pick(sayings)
	for s.chance(190) && len(text) < 2000 {
		text += " " + s.pick(sayings)
	}
	return text
}

var features = []string{
	"http://jabber.org/protocol/bytestreams",
	"http://jabber.org/protocol/caps",
	"http://jabber.org/protocol/chatstates",
	"http://jabber.org/protocol/disco#info",
	"http://jabber.org/protocol/disco#items",
	"http://jabber.org/protocol/muc",
	"http://jabber.org/protocol/nick+notify",
	"http://jabber.org/protocol/tune+notify",
	"jabber:iq:last",
	"jabber:iq:version",
	"jabber:x:conference",
	"jabber:x:oob",
	"urn:xmpp:avatar:metadata+notify",
	"urn:xmpp:blocking",
	"urn:xmpp:chat-markers:0",
	"urn:xmpp:jingle:1",
	"urn:xmpp:jingle:apps:file-transfer:5",
	"urn:xmpp:message-correct:0",
	"urn:xmpp:ping",
	"urn:xmpp:receipts",
	"urn:xmpp:sid:0",
	"urn:xmpp:time",
}
