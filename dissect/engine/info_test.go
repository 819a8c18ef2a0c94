package engine_test

import (
	"net/netip"
	"strings"
	"testing"

	"talktrace/dissect"
	_ "talktrace/dissect/engine" // knows all extensions
	"talktrace/dissect/xmpp"
)

const head = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='capulet.example' version='1.0'>"

// trace sends the XML from one side of a stream that has begun and returns the
// rows.
func trace(t *testing.T, o dissect.Options, from dissect.Sender, xml string) []dissect.Event {
	t.Helper()
	o.XML = true
	c := dissect.NewContext(o)
	c.Conn = &dissect.Conn{Addr: [2]netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:40000"), netip.MustParseAddrPort("192.0.2.2:5222")}}
	s := xmpp.New(xmpp.Config{Via: "tcp", TLS: func(string) dissect.Layer { return nil }}, c.MaxStanza)
	for i, part := range []string{head, xml} {
		c.Frame = i + 1
		s.Data(c, from, dissect.Bytes{Data: []byte(part), Frame: i + 1})
	}
	s.End(c, from, dissect.EndCapture)
	return c.Events[1:]
}

func TestInfo(t *testing.T) {
	const client, server = dissect.Client, dissect.Server
	for _, tt := range []struct {
		from      dissect.Sender
		xml, kind string
		info      string
	}{
		{client, `<message to='juliet@capulet.example' type='chat'><body>Art thou not Romeo, and a Montague?</body></message>`, "message", `chat to juliet@capulet.example: "Art thou not Romeo, and a Montague?"`},
		{server, `<message from='a@b' xml:lang='de'><body><![CDATA[<&]]>&amp;</body></message>`, "message", `message from a@b: "<&&"`},
		{client, `<message to='a@b' type='chat'><body>` + strings.Repeat("é", 81) + `</body></message>`, "message", `chat to a@b: "` + strings.Repeat("é", 80) + `…"`},
		{client, `<message to='a@b'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`, "message", `composing to a@b`},
		{client, `<message to='a@b'><cha:paused xmlns:cha='http://jabber.org/protocol/chatstates'/></message>`, "message", `paused to a@b`},
		{server, `<message from='r@muc/n' type='groupchat'><subject>Balconies</subject></message>`, "message", `groupchat from r@muc/n: subject "Balconies"`},
		{server, `<message from='a@b' id='5'><received xmlns='urn:xmpp:receipts' id='b4a9c8d0-1f'/></message>`, "message", `receipt for b4a9c8d0… from a@b`},
		{server, `<message from='me@b'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' to='x@y' from='me@b/z' type='chat'><body>hi</body></message></forwarded></sent></message>`, "message", `carbon of sent chat from me@b/z to x@y: "hi"`},
		{server, `<message from='a@b' type='error'><body>x</body><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`, "message", `error item-not-found (cancel) from a@b`},
		{client, `<message to='a@b'><attention xmlns='urn:xmpp:attention:0'/></message>`, "message", `message to a@b: attention`},
		{client, `<presence/>`, "presence", `available`},
		{client, `<presence><show>away</show><status>back at noon</status><priority>5</priority></presence>`, "presence", `away "back at noon", priority 5`},
		{client, `<presence type='unavailable'/>`, "presence", `unavailable`},
		{client, `<presence to='room@muc.b/nick'><x xmlns='http://jabber.org/protocol/muc'/></presence>`, "presence", `join to room@muc.b/nick`},
		{server, `<presence from='room@muc.b/nick'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner' role='moderator'/><status code='110'/></x></presence>`, "presence", `available from room@muc.b/nick, moderator, owner, that is you`},
		{client, `<presence type='subscribe' to='a@b'/>`, "presence", `subscribe to a@b`},
		{client, `<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>`, "iq", `get roster`},
		{server, `<iq type='result' id='1'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='a'/><feature var='b'/></query></iq>`, "iq", `result disco#info, server/im, 2 features`},
		{server, `<iq type='error' id='1'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`, "iq", `error item-not-found (cancel)`},
		{client, `<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>balcony</resource></bind></iq>`, "iq", `set bind balcony`},
		{server, `<iq type='result' id='abc'/>`, "iq", `result for abc`},
		{client, `<iq type='get' id='1'><x xmlns='urn:nobody:knows'/></iq>`, "iq", `get x urn:nobody:knows`},
		{server, `<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>`, "features", `starttls (required), SASL PLAIN SCRAM-SHA-1`},
		{server, `<str:features xmlns:str='http://etherx.jabber.org/streams'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></str:features>`, "features", `bind`},
		{server, `<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>no such host</text></stream:error>`, "error", `stream error, host-unknown: "no such host"`},
		{client, `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGp1bGlldAByMG0zMA==</auth>`, "auth", `PLAIN, payload of 20 bytes`},
		{server, `<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/><text>no</text></failure>`, "failure", `not-authorized: "no"`},
		{server, `<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>a@b/c</authorization-identifier><bound xmlns='urn:xmpp:bind:0'/></success>`, "success", `logged in as a@b/c, bound`},
		{client, `<r xmlns='urn:xmpp:sm:3'/>`, "r", `how many have you handled?`},
		{server, `<a xmlns='urn:xmpp:sm:3' h='7'/>`, "a", `handled 7`},
		{client, `<inactive xmlns='urn:xmpp:csi:0'/>`, "inactive", `the client is inactive`},
		{client, `<db:result xmlns:db='jabber:server:dialback' from='a.example' to='b.example'>0123abcd</db:result>`, "result", `dialback key from a.example to b.example`},
		{client, `</stream:stream>`, "/stream", ``},
	} {
		rows := trace(t, dissect.Options{}, tt.from, tt.xml)
		if len(rows) != 1 {
			t.Errorf("%s: %d rows", tt.xml, len(rows))
			continue
		}
		if e := rows[0]; e.Kind != tt.kind || string(e.Info) != tt.info {
			t.Errorf("%s\n got %s %s\nwant %s %s", tt.xml, e.Kind, e.Info, tt.kind, tt.info)
		}
	}
}

// secret stands in the XML of the tests wherever one has to be hidden.
const secret = "SECRETSECRET"

func TestSecrets(t *testing.T) {
	for _, xml := range []string{
		`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%</auth>`,
		`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'><![CDATA[%]]></auth>`,
		`<s:auth xmlns:s='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='X-OAUTH2'>%</s:auth>`,
		`<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%</response>`,
		`<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%</challenge>`,
		`<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%</success>`,
		`<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>%</initial-response></authenticate>`,
		`<success xmlns='urn:xmpp:sasl:2'><additional-data>%</additional-data><token xmlns='urn:xmpp:fast:0' token='%' expiry='2020'/></success>`,
		`<task-data xmlns='urn:xmpp:sasl:2'><hash xmlns='urn:xmpp:scram-upgrade:0'>%</hash></task-data>`,
		`<iq type='set' id='1'><query xmlns='jabber:iq:auth'><username>a</username><password>%</password><digest>%</digest></query></iq>`,
		`<iq type='set' id='1'><query xmlns='jabber:iq:register'><username>a</username><password>%</password></query></iq>`,
		`<iq type='set' id='1'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data'><field var='password'><value>%</value></field><field type='text-private' var='z'><value>%</value></field></x></query></iq>`,
		`<iq type='error' id='1'><query xmlns='jabber:iq:auth'><password>%</password></query><error type='auth'/></iq>`,
		`<handshake xmlns='jabber:component:accept'>%</handshake>`,
		`<db:result xmlns:db='jabber:server:dialback' from='a' to='b'>%</db:result>`,
		`<enabled xmlns='urn:xmpp:sm:3' id='%' resume='true'/>`,
		`<resume xmlns='urn:xmpp:sm:3' previd='%' h='1'/>`,
		`<resumed xmlns='urn:xmpp:sm:3' previd='%' h='1'/>`,
		`<presence to='r@muc/n'><x xmlns='http://jabber.org/protocol/muc'><password>%</password></x></presence>`,
		`<iq type='result' id='1'><query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'><conference jid='r@muc'><password>%</password></conference></storage></query></iq>`,
		`<iq type='result' id='1'><query xmlns='google:jingleinfo'><relay><token>%</token></relay></query></iq>`,
		`<iq type='set' id='1'><jingle xmlns='urn:xmpp:jingle:1'><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' pwd='%' ufrag='8hhy'/></jingle></iq>`,
		`<iq type='set' id='1'><jingle xmlns='urn:xmpp:jingle:1'><dtmf xmlns='urn:xmpp:jingle:dtmf:0' code='%'/></jingle></iq>`,
		`<message><gcm xmlns='google:mobile:data'>{"to":"APA91bHa%0123456789012345678901234567890123456789","data":{}}</gcm></message>`,
		`<message><gcm xmlns='google:mobile:data'>{"registration_ids" : [ "APA91bHa%0123456789012345678901234567890123456789" ]</gcm></message>`,
		`<message><gcm xmlns='google:mobile:data'>{&quot;to&quot;:&quot;APA91bHa%0123456789012345678901234567890123456789&quot;}</gcm></message>`,
		`<message><gcm xmlns='google:mobile:data'><![CDATA[{"\u0074o":"APA91bHa%0123456789012345678901234567890123456789"}]]></gcm></message>`,
		`<message><gcm xmlns='google:mobile:data'>{"to":"APA91bHa%0123456789012345678901234567890123456789`,
		`<iq type='set' id='1'><session xmlns='http://www.google.com/session'><candidate username='%' password='%'/><crypto key-params='inline:%'/></session></iq>`,
		`<iq type='result' id='1'><services xmlns='urn:xmpp:extdisco:2'><service password='%' username='u'/></services></iq>`,
		`<iq type='result' id='1'><slot xmlns='urn:xmpp:http:upload:0'><put url='https://x/%'><header name='Authorization'>%</header></put></slot></iq>`,
		`<message to='a@b'><body>aesgcm://x.example/f.jpg#% and more</body></message>`,
		`<message to='a@b'><password>%`,
		`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%`,
		`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%</wrong>`,
		`<a><b><password><![CDATA[%]]></password></a>`,
		`<enabled xmlns='urn:xmpp:sm:3' id='%`,
		`% text between elements`,
		`<x token='%'></y>`,
	} {
		sent := strings.ReplaceAll(xml, "%", secret)
		for _, show := range []bool{false, true} {
			found := false
			for _, e := range trace(t, dissect.Options{ShowSecrets: show}, dissect.Client, sent) {
				for _, b := range [][]byte{e.XML, e.Info, e.ID, e.From, e.To} {
					found = found || strings.Contains(string(b), secret[:6])
				}
			}
			if found != show {
				t.Errorf("shown %v, asked for %v: %s", found, show, xml)
			}
		}
	}
}

// What stands behind a unit in the same segment is not part of it.
func TestSecretsBeforeMore(t *testing.T) {
	rows := trace(t, dissect.Options{}, dissect.Server, `<resumed xmlns='urn:xmpp:sm:3' previd='abc' h='1'/><presence/>`)
	if got := string(rows[0].XML); got != `<resumed xmlns='urn:xmpp:sm:3' previd='[redacted]' h='1'/>` {
		t.Error(got)
	}
}

// What is no secret is left as it is.
func TestNoSecrets(t *testing.T) {
	for _, xml := range []string{
		`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>`,
		`<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>`,
		`<message to='a@b' id='5'><body>the word password is no secret</body></message>`,
		`<iq type='get' id='1'><query xmlns='jabber:iq:auth'><username>a</username><password/></query></iq>`,
	} {
		rows := trace(t, dissect.Options{}, dissect.Client, xml)
		if len(rows) != 1 || string(rows[0].XML) != xml {
			t.Errorf("%s became %s", xml, rows[0].XML)
		}
	}
}
