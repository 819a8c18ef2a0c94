package talktracetest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"talktrace/capture/capturetest"
	"talktrace/capture/pcapfile"
	"talktrace/report/talktracetest"
)

// story is a session as text: each line begins with who says it.
const story = `C <stream:stream to='capulet.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>
S <stream:stream from='capulet.example' id='d41d8cd98f00' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>
S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>
C <iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>
S <iq type='result' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@capulet.example/9f2e77aa01</jid></bind></iq>
C <enable xmlns='urn:xmpp:sm:3' resume='true'/>
S <enabled xmlns='urn:xmpp:sm:3' id='k0192837465' resume='true'/>
C <message to='juliet@capulet.example' type='chat' id='5b00c0ffee'><body>hello</body><request xmlns='urn:xmpp:receipts'/></message>
S <r xmlns='urn:xmpp:sm:3'/>
C <a xmlns='urn:xmpp:sm:3' h='0'/>
S <message from='juliet@capulet.example/balcony' id='77aa88bb99'><received xmlns='urn:xmpp:receipts' id='5b00c0ffee'/></message>
C <iq type='get' id='q1' to='capulet.example'><query xmlns='jabber:iq:last'/></iq>
S <iq type='result' id='q1' from='capulet.example' to='romeo@capulet.example/9f2e77aa01'><query xmlns='jabber:iq:last' seconds='4711'/></iq>
C <iq type='set' id='q2'><query xmlns='urn:xmpp:mam:2' queryid='e5a58c'><x xmlns='jabber:x:data' type='submit'><field var='start'><value>2026-11-05T11:00:00Z</value></field></x></query></iq>
S <iq type='error' id='q2'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
S <message from='room@chat.capulet.example'><x xmlns='jabber:x:data' type='form'><field var='who' type='list-multi'><value>visitor</value><value>moderator</value></field></x></message>
C <iq type='set' id='q3' to='juliet@capulet.example/balcony'><jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='c4ll1'><content creator='initiator' name='voice'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio' ssrc='567790957'/><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='a9f0' pwd='x0192837465'><candidate component='1' foundation='1' id='el0' ip='192.0.2.1' port='31465' priority='1' protocol='udp' type='host'/></transport></content></jingle></iq>
S <iq type='result' id='q3' from='juliet@capulet.example/balcony'/>
C <message to='juliet@capulet.example' type='chat' id='m3'><x xmlns='urn:example:game' move='e4' key='9a8b7c6d5e4f'>check</x></message>
C </stream:stream>
S </stream:stream>`

// record writes a story as a capture.
func record(t *testing.T, name, story string) {
	t.Helper()
	c := capturetest.New()
	conn := c.Connect("192.0.2.1:40000", "192.0.2.2:5222")
	conn.Open()
	for line := range strings.Lines(story) {
		side := capturetest.Client
		if line[0] == 'S' {
			side = capturetest.Server
		}
		conn.Send(side, strings.TrimSpace(line[2:]))
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := c.Write(f, pcapfile.Pcap); err != nil {
		t.Fatal(err)
	}
}

// TestRuns holds a story against others: those that another run of it could be,
// and those that only look like it.
func TestRuns(t *testing.T) {
	name := filepath.Join(t.TempDir(), "story.pcap")
	record(t, name, story)
	t.Setenv("TALKTRACE_UPDATE", "1")
	talktracetest.Golden(t, name)
	t.Setenv("TALKTRACE_UPDATE", "")
	for _, c := range []struct {
		what, old, new string
		same           bool
	}{
		{"the id of a stream", "d41d8cd98f00", "00f89cd8d14d", true},
		{"a resource", "9f2e77aa01", "10bb77e2f9", true},
		{"an id and what names it", "5b00c0ffee", "eeff0c00b5", true},
		{"when acks are asked for", "S <r xmlns='urn:xmpp:sm:3'/>\nC <a xmlns='urn:xmpp:sm:3' h='0'/>\n", "S <r xmlns='urn:xmpp:sm:3'/>\nC <a xmlns='urn:xmpp:sm:3' h='0'/>\nS <r xmlns='urn:xmpp:sm:3'/>\nC <a xmlns='urn:xmpp:sm:3' h='0'/>\n", true},
		{"for how long nothing happened", "'4711'", "'12'", true},
		{"a short id of a query", "e5a58c", "2086f0", true},
		{"since when", "2026-11-05T11:00:00Z", "2025-01-05T11:20:00Z", true},
		{"what is chosen in a list", "<value>visitor</value><value>moderator</value>", "<value>moderator</value><value>visitor</value>", true},
		{"mechanisms in another order", "<mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism>", "<mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism>", true},
		{"the number of an RTP stream", "567790957", "1789", true},
		{"the port of a candidate", "31465", "40001", true},
		{"what a machine has made up in an element that nobody knows", "9a8b7c6d5e4f", "00aa11bb22cc", true},

		{"a type", "type='chat' id='m3'", "id='m3'", false},
		{"a type of error", "type='cancel'", "type='modify'", false},
		{"a condition", "item-not-found", "service-unavailable", false},
		{"a namespace", "urn:xmpp:receipts", "urn:xmpp:receipts:1", false},
		{"a receipt for another message", "<received xmlns='urn:xmpp:receipts' id='5b00c0ffee'/>", "<received xmlns='urn:xmpp:receipts' id='0000c0ffee'/>", false},
		{"an answer to another request", "S <iq type='result' id='q3'", "S <iq type='result' id='q9'", false},
		{"who answers", "id='q3' from='juliet@capulet.example/balcony'", "id='q3' from='juliet@capulet.example/garden'", false},
		{"a row that is gone", "S <iq type='result' id='q3' from='juliet@capulet.example/balcony'/>\n", "", false},
		{"a mechanism that is gone", "<mechanism>SCRAM-SHA-1</mechanism>", "", false},
		{"nobody acknowledges", "C <a xmlns='urn:xmpp:sm:3' h='0'/>\n", "", false},
		{"an ack with something wrong with it", "h='0'", "h='9'", false},
		{"another choice", "<value>visitor</value>", "<value>participant</value>", false},
		{"an attribute of an element that nobody knows", "move='e4'", "move='d4'", false},
		{"the text of such an element", "check<", "mate<", false},
		{"its namespace", "urn:example:game", "urn:example:game:2", false},
		{"white space in a text", "hello", "hello ", false},
		{"a type of candidate", "type='host'", "type='relay'", false},
	} {
		if !strings.Contains(story, c.old) {
			t.Fatalf("%s: %q is not in the story", c.what, c.old)
		}
		record(t, name, strings.ReplaceAll(story, c.old, c.new))
		said := watch(t, func(t testing.TB) { talktracetest.Golden(t, name) })
		if (said == "") != c.same {
			t.Errorf("%s: same is %v, want %v\n%s", c.what, said == "", c.same, said)
		}
	}
}
