package engine_test

import (
	"strings"
	"testing"
)

// belonging are things said on a stage, and which row belongs to which earlier
// one; rows 1 and 2 are the headers, 3 and 4 where somebody is bound.
var belonging = []struct{ name, lines, want string }{
	{"a Jingle session", `
C <iq type='set' id='j1' to='romeo@montague.example/orchard'><jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='a73'/></iq>
S <iq type='result' id='j1' from='romeo@montague.example/orchard'/>
S <iq type='set' id='k1' from='romeo@montague.example/orchard'><jingle xmlns='urn:xmpp:jingle:1' action='session-accept' sid='a73'/></iq>
C <iq type='result' id='k1' to='romeo@montague.example/orchard'/>
S <iq type='set' id='k2' from='romeo@montague.example/orchard'><jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='a74'/></iq>
C <iq type='set' id='j2' to='romeo@montague.example/orchard'><jingle xmlns='urn:xmpp:jingle:1' action='session-terminate' sid='a73'/></iq>
`, "4 to 3, 5 to 3, 6 to 5, 8 to 3"},
	{"a call that is announced", `
C <message id='c1' to='romeo@montague.example'><propose xmlns='urn:xmpp:jingle-message:0' id='ca3cf894'/></message>
S <message id='c2' from='romeo@montague.example/orchard'><proceed xmlns='urn:xmpp:jingle-message:0' id='ca3cf894'/></message>
S <message id='c3' from='romeo@montague.example/orchard'><proceed xmlns='urn:xmpp:jingle-message:0' id='another'/></message>
`, "4 to 3"},
	{"a command of two steps", `
C <iq type='set' id='c1' to='bot.example'><command xmlns='http://jabber.org/protocol/commands' node='config' action='execute'/></iq>
S <iq type='result' id='c1' from='bot.example'><command xmlns='http://jabber.org/protocol/commands' node='config' sessionid='s1' status='executing'/></iq>
C <iq type='set' id='c2' to='bot.example'><command xmlns='http://jabber.org/protocol/commands' node='config' sessionid='s1' action='complete'/></iq>
S <iq type='result' id='c2' from='bot.example'><command xmlns='http://jabber.org/protocol/commands' node='config' sessionid='s1' status='completed'/></iq>
`, "4 to 3, 5 to 3, 6 to 5"},
	{"a page of an archive", `
C <iq type='set' id='m1'><query xmlns='urn:xmpp:mam:2' queryid='f27'/></iq>
S <message><result xmlns='urn:xmpp:mam:2' queryid='f27' id='1'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' id='x' from='romeo@montague.example'><body>Soft!</body></message></forwarded></result></message>
S <message><result xmlns='urn:xmpp:mam:2' queryid='f28' id='2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' id='y' from='romeo@montague.example'><body>Soft!</body></message></forwarded></result></message>
S <iq type='result' id='m1'><fin xmlns='urn:xmpp:mam:2' complete='true'/></iq>
`, "4 to 3, 6 to 3"},
	{"bytes in stanzas", `
C <iq type='set' id='b1' to='romeo@montague.example/orchard'><open xmlns='http://jabber.org/protocol/ibb' sid='i1' block-size='4096'/></iq>
C <message id='b2' to='romeo@montague.example/orchard'><data xmlns='http://jabber.org/protocol/ibb' sid='i1' seq='0'>AAAA</data></message>
C <iq type='set' id='b3' to='romeo@montague.example/orchard'><close xmlns='http://jabber.org/protocol/ibb' sid='i1'/></iq>
C <iq type='set' id='b4' to='romeo@montague.example/orchard'><data xmlns='http://jabber.org/protocol/ibb' sid='i2' seq='0'>AAAA</data></iq>
`, "4 to 3, 5 to 3"},
	{"a stream of bytes, offered and begun", `
C <iq type='set' id='o1' to='romeo@montague.example/orchard'><si xmlns='http://jabber.org/protocol/si' id='a0' profile='http://jabber.org/protocol/si/profile/file-transfer'/></iq>
C <iq type='set' id='o2' to='romeo@montague.example/orchard'><query xmlns='http://jabber.org/protocol/bytestreams' sid='a0'/></iq>
C <iq type='set' id='o3' to='proxy.example'><query xmlns='http://jabber.org/protocol/bytestreams' sid='a0'><activate>romeo@montague.example/orchard</activate></query></iq>
`, "4 to 3, 5 to 3"},
	{"subscriptions", `
bound juliet@capulet.example/balcony
C <presence type='subscribe' to='romeo@montague.example'/>
S <presence type='subscribed' from='paris@capulet.example'/>
S <presence type='subscribed' from='romeo@montague.example'/>
S <presence type='subscribe' from='paris@capulet.example'/>
C <presence type='unsubscribed' to='paris@capulet.example'/>
C <presence type='unsubscribe' to='romeo@montague.example'/>
S <presence type='unsubscribed' from='romeo@montague.example'/>
`, "4 to 3, 7 to 5, 9 to 8, 11 to 10"},
	{"a room, and what comes back from it", `
bound juliet@capulet.example/balcony
C <presence to='balcony@rooms.example/Juliet'><x xmlns='http://jabber.org/protocol/muc'/></presence>
S <presence from='balcony@rooms.example/Romeo'><x xmlns='http://jabber.org/protocol/muc#user'/></presence>
S <presence from='balcony@rooms.example/Juliet'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>
C <message type='groupchat' id='g1' to='balcony@rooms.example'><body>Ay me!</body></message>
S <message type='groupchat' id='g0' from='balcony@rooms.example/Romeo'><body>She speaks.</body></message>
S <message type='groupchat' id='g1' from='balcony@rooms.example/Juliet'><body>Ay me!</body></message>
`, "4 to 3, 7 to 5, 10 to 8"},
	{"receipts and markers", `
bound juliet@capulet.example/balcony
C <message id='r1' to='romeo@montague.example'><body>Ay me!</body></message>
S <message id='r2' from='paris@capulet.example'><received xmlns='urn:xmpp:receipts' id='r1'/></message>
S <message id='r3' from='romeo@montague.example/orchard'><received xmlns='urn:xmpp:receipts' id='r1'/></message>
S <message id='r4' from='romeo@montague.example/orchard'><displayed xmlns='urn:xmpp:chat-markers:0' id='r1'/></message>
S <message type='error' id='r5' from='romeo@montague.example'/>
`, "4 to 3, 7 to 5, 8 to 5"},
	{"an answer on the connection that goes on", `
bound juliet@capulet.example/balcony
C <enable xmlns='urn:xmpp:sm:3' resume='true'/>
S <enabled xmlns='urn:xmpp:sm:3' id='sm-1' resume='true'/>
C <iq type='get' id='v1' to='montague.example'><query xmlns='jabber:iq:version'/></iq>
rst C
conn client=192.0.2.1:40001
C <resume xmlns='urn:xmpp:sm:3' previd='sm-1' h='0'/>
S <resumed xmlns='urn:xmpp:sm:3' previd='sm-1' h='1'/>
S <iq type='result' id='v1' from='montague.example' to='juliet@capulet.example/balcony'/>
`, "4 to 3, 6 to 5, 12 to 11, 13 to 7"},
	{"a key between servers", `
conn server=192.0.2.2:5269 space=jabber:server to=capulet.example from=montague.example
C <db:result from='montague.example' to='capulet.example'>1e701f12</db:result>
C <db:verify from='montague.example' to='capulet.example' id='s7'>1e701f12</db:verify>
S <db:verify from='capulet.example' to='montague.example' id='s7' type='valid'/>
S <db:result from='capulet.example' to='montague.example' type='valid' id='s1'/>
S <db:verify from='capulet.example' to='montague.example' id='s8' type='valid'/>
`, "5 to 4, 6 to 3"},
	{"requests with the same id", `
S <iq type='get' id='1' from='a@capulet.example/x'><query xmlns='jabber:iq:version'/></iq>
S <iq type='get' id='1' from='b@capulet.example/x'><query xmlns='jabber:iq:version'/></iq>
C <iq type='get' id='1'><query xmlns='jabber:iq:version'/></iq>
C <iq type='result' id='1' to='b@capulet.example/x'/>
C <iq type='result' id='1' to='a@capulet.example/x'/>
S <iq type='result' id='1'/>
`, "6 to 4, 7 to 3, 8 to 5"},
}

// Each row that goes on with something says with what.
func TestBelonging(t *testing.T) {
	for _, b := range belonging {
		t.Run(b.name, func(t *testing.T) {
			s, err := perform([]byte(strings.TrimPrefix(b.lines, "\n")))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(s.pairs, ", "); got != b.want {
				t.Errorf("%s, want %s", got, b.want)
			}
		})
	}
}

// What waits for an answer that never comes is forgotten at some point, and
// counted.
func TestForgetting(t *testing.T) {
	s, err := perform([]byte(`bound juliet@capulet.example/balcony
many 3000 C <iq type='get' id='q%d'><query xmlns='jabber:iq:version'/></iq>
many 3000 C <message id='m%d' to='romeo@montague.example'><body>Ay me!</body><request xmlns='urn:xmpp:receipts'/></message>
many 3000 C <presence to='room%d@rooms.example/Juliet'><x xmlns='http://jabber.org/protocol/muc'/></presence>
C <enable xmlns='urn:xmpp:sm:3'/>
many 9000 C <message type='groupchat' id='g%d' to='balcony@rooms.example'><body>Ay me!</body></message>
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"requests", "receipts", "rooms", "unacknowledged stanzas", "messages to rooms", "messages"} {
		if s.analysis.Evicted[what] == 0 {
			t.Errorf("no %s were forgotten", what)
		}
	}
}
