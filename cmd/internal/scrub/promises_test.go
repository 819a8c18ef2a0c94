package scrub

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"talktrace/capture/capturetest"
)

// promise is what a client and maybe a server say, and which pieces of that are gone
// from the output and which stay.
type promise struct {
	name  string
	o     Options
	xml   string // of the client
	xml2  string // of the server
	gone  []string
	stays []string
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// TestPromises holds the output against what the help says is replaced, extension by
// extension.
func TestPromises(t *testing.T) {
	cred := Options{}
	al := all()
	jids := Options{JIDs: true}
	names := Options{Names: true}
	bodies := Options{Bodies: true}
	iq := func(s string) string { return "<iq type='set' id='a1' to='capulet.example'>" + s + "</iq>" }
	res := func(s string) string { return "<iq type='result' id='a1' from='capulet.example'>" + s + "</iq>" }
	auth := func(mech, s string) string {
		return "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='" + mech + "'>" + s + "</auth>"
	}
	for _, c := range []promise{
		{name: "places in lists", o: jids, xml: iq("<query xmlns='http://jabber.org/protocol/disco#items'><set xmlns='http://jabber.org/protocol/rsm'><after>stpeter@jabber.example</after></set></query>"), gone: []string{"stpeter", "jabber.example"}},
		{name: "short local", o: jids, xml: iq("<query xmlns='jabber:iq:auth'><username>bob</username><password>s3cr3tpw</password><resource>pc1</resource></query>") + "<presence to='bob@capulet.example'/>", gone: []string{">bob<", ">pc1<", "bob@"}},
		{name: "short domain", o: jids, xml: "<presence to='bob@lan'/><presence to='lan'/>", gone: []string{"'lan'"}},
		{name: "domain localhost as text", o: jids, xml: "<presence to='bob@localhost'/><presence to='localhost'/>", gone: []string{"localhost"}},
		{name: "ibb", o: al, xml: iq("<data xmlns='http://jabber.org/protocol/ibb' seq='0' sid='x'>" + b64("Dear Romeo, the plan is to drink poison") + "</data>"), gone: []string{b64("Dear Romeo, the plan is to drink poison")}},
		{name: "bob", o: al, xml: iq("<data xmlns='urn:xmpp:bob' cid='sha1+x@bob.xmpp.org' type='text/plain'>" + b64("Dear Romeo, the plan is to drink poison") + "</data>"), gone: []string{b64("Dear Romeo, the plan is to drink poison")}},
		{name: "disco identity name", o: al, xml: res("<query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text' name='Project Manhattan'/></query>"), gone: []string{"Manhattan"}},
		{name: "roominfo subject", o: al, xml: res("<query xmlns='http://jabber.org/protocol/disco#info'><x xmlns='jabber:x:data' type='result'><field var='muc#roominfo_subject'><value>Project Manhattan</value></field><field var='muc#roominfo_description' label='Trinity test'><value>uranium enrichment</value></field></x></query>"), gone: []string{"Manhattan", "uranium"}},
		{name: "roomconfig name", o: al, xml: iq("<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_roomname'><value>Project Manhattan</value></field></x></query>"), gone: []string{"Manhattan"}},
		{name: "iq last text", o: al, xml: res("<query xmlns='jabber:iq:last' seconds='9'>Heading Home to Verona</query>"), gone: []string{"Heading Home"}},
		{name: "register form name email", o: al, xml: iq("<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'><field var='email'><value>juliet.secret</value></field><field var='name'><value>Juliet Capulet</value></field><field var='phone'><value>+15551234</value></field></x></query>"), gone: []string{"juliet.secret", "Juliet Capulet", "+15551234"}},
		{name: "legacy register", o: al, xml: iq("<query xmlns='jabber:iq:register'><username>juliet</username><password>s3cr3tpw</password><name>Juliet Capulet</name><email>juliet@capulet.example</email><phone>5551234567</phone><address>12 Via Roma</address><city>Verona</city><misc>motto of mine</misc></query>"), gone: []string{"5551234567", "Via Roma", "Verona", "motto", "s3cr3tpw"}},
		{name: "search result", o: al, xml: res("<query xmlns='jabber:iq:search'><item jid='tybalt@shakespeare.example'><first>Tybalt</first><last>Capulet</last><nick>ty</nick><email>tybalt@shakespeare.example</email></item></query>"), gone: []string{">Tybalt<", ">ty<"}},
		{name: "upload filename", o: al, xml: iq("<request xmlns='urn:xmpp:http:upload:0' filename='divorce papers.pdf' size='23' content-type='x/y'/>") + res("<slot xmlns='urn:xmpp:http:upload:0'><put url='https://up.montague.example/tok3nabcdef/divorce.pdf'/><get url='https://down.montague.example/tok3nabcdef/divorce.pdf'/></slot>"), gone: []string{"divorce", "tok3nabcdef", "montague"}},
		{name: "upload get by default", o: cred, xml: res("<slot xmlns='urn:xmpp:http:upload:0'><put url='https://up.montague.example/tok3nabcdef/divorce.pdf'><header name='Authorization'>Basic Zm9vOmJhcg==</header></put><get url='https://down.montague.example/tok3nabcdef/divorce.pdf?sig=abcdefgh'/></slot>"), gone: []string{"Zm9vOmJhcg", "up.montague"}},
		{name: "si file", o: al, xml: iq("<si xmlns='http://jabber.org/protocol/si' id='a0' mime-type='text/plain'><file xmlns='http://jabber.org/protocol/si/profile/file-transfer' name='divorce.txt' size='1022'><desc>Divorce papers</desc></file></si>"), gone: []string{"divorce", "Divorce"}},
		{name: "jingle ft", o: al, xml: iq("<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='x'><content creator='initiator' name='a'><description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>divorce.txt</name><desc>Divorce papers</desc><hash xmlns='urn:xmpp:hashes:2' algo='sha-1'>w0mcJylzCn+AfvuGdqkty2+KP48=</hash></file></description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='8hhy' pwd='asd88fgpdd777uzjYhagZg'><candidate ip='10.0.1.77' port='8998' rel-addr='172.16.99.5'/></transport></content></jingle>"), gone: []string{"divorce", "Divorce", "10.0.1.77", "172.16.99.5", "asd88fgpdd777uzjYhagZg"}},
		{name: "plain unpadded", o: cred, xml: auth("PLAIN", strings.TrimRight(b64("\x00juliet\x00r0m30mont4gue"), "=")) + iq("<query xmlns='jabber:iq:last'>r0m30mont4gue</query>"), gone: []string{"r0m30mont4gue"}},
		{name: "plain wrapped", o: cred, xml: auth("PLAIN", b64("\x00juliet\x00r0m30mont4gue")[:8]+"\n"+b64("\x00juliet\x00r0m30mont4gue")[8:]) + iq("<query xmlns='jabber:iq:last'>r0m30mont4gue</query>"), gone: []string{"r0m30mont4gue"}},
		{name: "oauthbearer elsewhere", o: cred, xml: auth("OAUTHBEARER", b64("n,a=u@x.example,\x01host=x\x01auth=Bearer vF9dft4qmTc2Nvb3\x01\x01")) + iq("<query xmlns='jabber:iq:last'>vF9dft4qmTc2Nvb3</query>"), gone: []string{"vF9dft4qmTc2Nvb3"}},
		{name: "password punctuation only", o: cred, xml: iq("<query xmlns='jabber:iq:auth'><username>juliet</username><password>-=-]-=</password></query>"), gone: []string{"-=-]-="}},
		{name: "plain punctuation only", o: cred, xml: auth("PLAIN", b64("\x00juliet\x00-=-]-=")), gone: []string{b64("\x00juliet\x00-=-]-=")}},
		{name: "password like i=", o: cred, xml: iq("<query xmlns='jabber:iq:auth'><username>juliet</username><password>aT00MDk2</password></query>"), gone: []string{"aT00MDk2"}},
		{name: "password is base64 of n=..", o: cred, xml: iq("<query xmlns='jabber:iq:auth'><username>juliet</username><password>bj1qdWxp</password></query>"), gone: []string{"bj1qdWxp"}},
		{name: "comment in element", o: al, xml: "<message to='a@capulet.example'><!-- the secret comment --><body>hi</body></message>" + iq("<!-- the s3cret comment --><query xmlns='jabber:iq:last'/>"), gone: []string{"comment"}},
		{name: "password test, elements", o: cred, xml: iq("<query xmlns='jabber:iq:auth'><username>juliet</username><password>auth</password></query>")},
		{name: "body equals a namespace", o: bodies, xml: "<message to='a@capulet.example'><body>jabber:client</body></message>"},
		{name: "show stays", o: bodies, xml: "<presence><show>away</show><status>gone fishing</status><priority>5</priority></presence>", stays: []string{"<show>away</show>", "<priority>5</priority>"}, gone: []string{"fishing"}},
		{name: "form type stays", o: bodies, xml: "<message to='a@capulet.example'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:xmpp:captcha</value></field></x></message>", stays: []string{">urn:xmpp:captcha<"}},
		{name: "local is zlib", o: jids, xml: "<presence to='zlib@capulet.example'/><compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>", stays: []string{"<method>zlib"}},
		{name: "local is PLAIN", o: jids, xml: "<presence to='PLAIN@capulet.example'/>", xml2: "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>", stays: []string{"<mechanism>PLAIN"}},
		{name: "resource year", o: jids, xml: "<presence to='anna@capulet.example/2026'/><message to='anna@capulet.example'><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/></message>", stays: []string{"stamp='2026-01"}},
		{name: "escaped jid consistent", o: jids, xml: "<presence to=\"d'artagnan@capulet.example\"/><presence to='d&apos;artagnan@capulet.example'/>", gone: []string{"artagnan"}},
		{name: "xmlns of company", o: jids, xml: iq("<query xmlns='http://capulet.example/protocol/x'/>")},
		{name: "get url domain", o: jids, xml: res("<services xmlns='urn:xmpp:extdisco:2'><service type='turn' host='turn.montague.example' port='3478' username='u1:juliet' password='s3cr3tpw'/></services>"), gone: []string{"montague", "s3cr3tpw"}},
		{name: "upper-case domain in text", o: jids, xml: "<presence to='anna@capulet.example'/><message to='anna@capulet.example'><body>at CAPULET.EXAMPLE or Anna</body></message>", gone: []string{"CAPULET"}},
		{name: "password with space ends", o: cred, xml: iq("<query xmlns='jabber:iq:auth'><username>juliet</username><password> abc </password></query>") + iq("<query xmlns='jabber:iq:last'>abc</query>")},
		{name: "scram reuse", o: cred, xml: auth("SCRAM-SHA-1", b64("n,,n=juliet,r=abcdefghijkl")) + "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" + b64("c=biws,r=abcdefghijklXYZ,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=") + "</response>", xml2: "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" + b64("r=abcdefghijklXYZ,s=QSXCR+Q6sek8bf92,i=4096") + "</challenge>", gone: []string{b64("n,,n=juliet,r=abcdefghijkl")}},
		{name: "digest challenge stale", o: cred, xml: iq("<query xmlns='x:y'><a b='true'/>true</query>") + "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" + b64(`username="juliet",realm="capulet.example",nonce="OA6MG9tEQGm2hh",cnonce="OA6MHXh6VqTrRk",nc=00000001,qop=auth,digest-uri="xmpp/capulet.example",response=d388dad90d4bbd760a152321f2143af7,charset=utf-8`) + "</response>", xml2: "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" + b64(`realm="capulet.example",nonce="OA6MG9tEQGm2hh",qop="auth,auth-int,auth-conf",charset=utf-8,algorithm=md5-sess,stale=true,cipher="rc4-40,rc4-56,rc4,des,3des"`) + "</challenge>"},
		{name: "digest realm jids", o: jids, xml: "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" + b64(`username="juliet",realm="capulet.example",nonce="OA6MG9tEQGm2hh",cnonce="OA6MHXh6VqTrRk",nc=00000001,qop=auth,digest-uri="xmpp/capulet.example",response=d388dad90d4bbd760a152321f2143af7,charset=utf-8`) + "</response>", gone: []string{b64(`username="juliet"`)[:20]}},
		{name: "fast", o: cred, xml: "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='HT-SHA-256-NONE'><initial-response>" + b64("juliet\x00\x01\xff\xfe12345678901234567890") + "</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>AwesomeXMPP</software><device>Juliets iPhone</device></user-agent></authenticate>", xml2: "<success xmlns='urn:xmpp:sasl:2'><additional-data>" + b64("v=msVHs/BzIOHDqXeVH7EmmDu9id8=") + "</additional-data><authorization-identifier>juliet@capulet.example</authorization-identifier><token xmlns='urn:xmpp:fast:0' expiry='2020-03-12T14:36:15Z' token='WXZzciBwYmFmdmZnZiBndmdrdg'/></success>", gone: []string{"WXZzciBwYmFm", "msVHs"}},
		{name: "device name all", o: al, xml: "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>" + b64("\x00juliet\x00r0m30mont4gue") + "</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>AwesomeXMPP</software><device>Juliets iPhone</device></user-agent></authenticate>", gone: []string{"Juliets iPhone"}},
		{name: "bodies in raw iq private", o: al, xml: iq("<query xmlns='jabber:iq:private'><scratchpad xmlns='scratchpad:tasks' owner='Mercutio Valentine'><tasks>buy poison</tasks></scratchpad></query>"), gone: []string{"poison", "Mercutio"}},
		{name: "names pubsub nick", o: names, xml: iq("<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='http://jabber.org/protocol/nick'><item><nick xmlns='http://jabber.org/protocol/nick'>Ishmael</nick></item></publish></pubsub>"), gone: []string{"Ishmael"}},
		{name: "short nick elsewhere", o: al, xml: "<presence to='room@muc.capulet.example/Ishmael The Great'/><iq id='r' type='set' to='room@muc.capulet.example'><query xmlns='http://jabber.org/protocol/muc#admin'><item nick='Ishmael The Great' role='none'><reason>get out of here</reason></item></query></iq>", gone: []string{"Ishmael", "get out"}},
		{name: "atom published", o: al, xml: iq("<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='blog of mine'><item id='soliloquy'><entry xmlns='http://www.w3.org/2005/Atom'><title>Soliloquy</title><link href='http://denmark.lit/soliloquy' rel='alternate'/><author name='Hamlet P'/></entry></item></publish></pubsub>"), gone: []string{"Soliloquy", "denmark.lit", "Hamlet"}},
		{name: "body in other attrs", o: al, xml: "<message to='a@capulet.example'><body>ok</body><reference xmlns='urn:xmpp:reference:0' uri='xmpp:mercutio@verona.example' type='mention'/><location xmlns='x' lat='45.4383' lon='10.9916'/><geo xmlns='g' value='Verona Italy'/></message>", gone: []string{"45.4383", "Verona Italy", "mercutio"}},
		{name: "component", o: cred, xml: "<handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e</handshake>", gone: []string{"aaee83c26"}},
		{name: "http auth iq", o: cred, xml: iq("<confirm xmlns='http://jabber.org/protocol/http-auth' id='a7374jnjlalasdf82' method='GET' url='https://files.shakespeare.example:9345/missive.html'/>"), gone: []string{"a7374jnjlalasdf82"}},
		{name: "invite", o: cred, xml: res("<command xmlns='http://jabber.org/protocol/commands' node='urn:xmpp:invite#invite' status='completed'><x xmlns='jabber:x:data' type='result'><field var='uri'><value>xmpp:capulet.example?register;preauth=TOKEN1234567</value></field><field var='landing-url'><value>https://capulet.example/invite/?TOKEN1234567</value></field></x></command>") + iq("<preauth xmlns='urn:xmpp:pars:0' token='TOKEN1234567'/>"), gone: []string{"TOKEN1234567"}},
		{name: "push", o: cred, xml: iq("<enable xmlns='urn:xmpp:push:0' jid='push.capulet.example' node='yxs32uqsflafdk3iuqo'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var='secret'><value>eruio234vzxc2kla-91</value></field></x></enable>"), gone: []string{"eruio234vzxc2kla-91"}},
		{name: "nested forwarded in cdata", o: al, xml: "<message to='a@capulet.example'><body><![CDATA[<password>zzz</password> hello nurse]]></body></message>", gone: []string{"hello nurse", "zzz"}},
		{name: "body split by entities", o: al, xml: "<message to='a@capulet.example'><body>h&#101;llo nurs&#x65;</body><body xml:lang='de'>hello nurse</body></message>", gone: []string{"llo nurs"}},
		{name: "error text", o: al, xml: "<message type='error' to='a@capulet.example'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Account Mercutio is blocked</text></error></message><iq type='error' id='q'><error type='auth'><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Mercutio may not, from 10.20.30.40</text></error></iq>", gone: []string{"Mercutio", "10.20.30.40"}},
		{name: "stream error see-other-host", o: al, xml: "<presence/>", xml2: "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>node7.internal.verona.net:5222</see-other-host><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Mercutio logged in elsewhere</text></stream:error>", gone: []string{"node7.internal", "Mercutio"}},
		{name: "sm resume location", o: al, xml: "<presence/>", xml2: "<enabled xmlns='urn:xmpp:sm:3' id='abcdefgh1234' resume='true' location='node7.internal.verona.net:5222'/>", gone: []string{"node7.internal", "abcdefgh1234"}},
		{name: "command form", o: al, xml: iq("<command xmlns='http://jabber.org/protocol/commands' node='motd' status='x'><x xmlns='jabber:x:data' type='submit'><title>Mercutio title</title><field var='announcement' type='text-multi' label='Announce'><value>Meeting at noon</value></field></x></command>"), gone: []string{"Meeting at noon", "Mercutio"}},
		{name: "rpc", o: al, xml: iq("<query xmlns='jabber:iq:rpc'><methodCall><methodName>x</methodName><params><param><value><string>private words</string></value></param></params></methodCall></query>"), gone: []string{"private words"}},
		{name: "oob iq", o: al, xml: iq("<query xmlns='jabber:iq:oob'><url>https://verona.net/private.jpg</url><desc>A private time</desc></query>"), gone: []string{"verona.net", "private time"}},
		{name: "version", o: al, xml: res("<query xmlns='jabber:iq:version'><name>Gajim</name><version>1.8</version><os>Juliets-Laptop Linux</os></query>"), gone: []string{"Juliets-Laptop"}},
		{name: "block list reason", o: al, xml: iq("<report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'><text>Never saw this jerk</text></report>"), gone: []string{"Never saw"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := captured(t, func(f *capturetest.Capture) {
				conn := f.Connect("192.0.2.77:40001", "198.51.100.9:5222")
				conn.Open()
				conn.Send(capturetest.Client, header)
				conn.Send(capturetest.Server, answer)
				if c.xml2 != "" {
					conn.Send(capturetest.Server, c.xml2)
				}
				conn.Send(capturetest.Client, c.xml)
			})
			name := filepath.Join(t.TempDir(), "out")
			if err := File(t.Context(), open(in), name, c.o); err != nil {
				t.Fatal(err)
			}
			out, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range c.gone {
				if strings.Contains(string(out), text) {
					t.Errorf("%q is still there", text)
				}
			}
			for _, text := range c.stays {
				if !strings.Contains(string(out), text) {
					t.Errorf("%q is no longer there", text)
				}
			}
		})
	}
}
