package stanzalog

import (
	"strings"
	"testing"
	"time"

	"talktrace/capture"
)

// What a log does not have all of is followed by a hole, and not by what was said
// next.
func TestTorn(t *testing.T) {
	for _, c := range []struct{ name, log, want string }{
		{
			"prosody, cut off by syslog",
			"c2s5\tdebug\tRECV: <message><body>a very lo\nc2s5\tdebug\tRECV: <b/>\nc2s5\tdebug\tSEND: <c/>\n",
			"00:00:00 > <message><body>a very lo|a hole|00:00:00 > <b/>|00:00:00 < <c/>",
		},
		{
			"ejabberd, cut off by lager",
			"2016-06-24 18:11:16 [debug] <0.4.0>@a:b:2 Received XML on stream = <<\"<a>bc...\n2016-06-24 18:11:17 [debug] <0.4.0>@a:b:2 Received XML on stream = <<\"<b/>\">>\n",
			"18:11:16 > <a>bc...|a hole|18:11:17 > <b/>",
		},
		{
			"talktrace",
			"<t:log xmlns:t='urn:talktrace:log:1'>\n<t:unit stream='3' sender='client'><a/></t:unit>\n<t:lost stream='3' sender='client' bytes='1'/>\n" +
				"<t:unit stream='3' sender='client'><b/></t:unit>\n<t:lost stream='3' sender='client' bytes='-9'/>\n",
			"00:00:00 > <a/>|a hole|00:00:00 > <b/>",
		},
		{
			"a log that begins in the middle of a stanza",
			"and so on</body></message>\nc2s5\tdebug\tRECV: <b/>\n\x00\xff\xfe\x01",
			"00:00:00 > <b/>\n\x00\xff\xfe\x01",
		},
	} {
		said, _ := conversation(t, c.log, c.name)
		if got := shorten(said); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A client that begins a stream where none can begin has connected again.
func TestAnew(t *testing.T) {
	const header, line = "<stream:stream to='b'>", "2026-11-22 10:00:00 DEBUG slixmpp.x "
	log := ""
	for _, said := range []string{
		"SEND: " + header, "RECV: <stream:stream id='1'>", "RECV: <success/>", "SEND: " + header, "SEND: <a/>", // the same connection
		"SEND: " + header, "SEND: <b/>", // another one
		"Event triggered: connected", "SEND: " + header, "SEND: <c/>", // and another one, as is said
	} {
		log += line + said + "\n"
	}
	all, _ := conversation(t, log, "x")
	for want, from := range map[string]string{"<a/>": "192.0.2.1", "<b/>": "192.0.2.2", "<c/>": "192.0.2.3"} {
		found := false
		for _, said := range all {
			found = found || strings.HasSuffix(said, want) && strings.Contains(said, from+":")
		}
		if !found {
			t.Errorf("%s is not from %s in\n%s", want, from, strings.Join(all, "\n"))
		}
	}
}

// The header that says so is not lost, however little was said before it.
func TestAnewAtOnce(t *testing.T) {
	const header, line = "SEND: <stream:stream to='b'>", "2026-11-22 10:00:00 DEBUG slixmpp.x "
	all, _ := conversation(t, line+header+"\n"+line+header+"\n"+line+"SEND: <a/>\n", "x")
	if len(all) != 3 || !strings.Contains(all[1], "192.0.2.2:") || !strings.Contains(all[2], "192.0.2.2:") {
		t.Errorf("that is\n%s", strings.Join(all, "\n"))
	}
}

// Connections between the same ends are not one.
func TestAddressesAgain(t *testing.T) {
	log := ""
	for range 2 {
		log += "Nov 22 23:57:10 connR5\tdebug\tConnected (FD 14 (::1, 40000, ::1, 5222))\nNov 22 23:57:10 c2s5\tinfo\tClient connected\n" +
			"Nov 22 23:57:11 c2s5\tdebug\tRECV: <a/>\nNov 22 23:57:11 c2s5\tinfo\tClient disconnected: x\n"
	}
	l := New(strings.NewReader(log), Options{})
	begins := map[uint32]bool{}
	for f := (capture.Frame{}); l.Next(&f) == nil; {
		if tcp := f.Data[40:]; tcp[13] == flagSYN {
			begins[uint32(tcp[4])<<24|uint32(tcp[5])<<16|uint32(tcp[6])<<8|uint32(tcp[7])] = true
		}
	}
	if len(begins) != 2 {
		t.Errorf("the connections begin at %v", begins)
	}
}

// Times without a year, without a date, and with both in the order of some locale.
func TestTimes(t *testing.T) {
	zone := time.FixedZone("", 3600)
	o := Options{Written: time.Date(2024, 3, 1, 0, 30, 0, 0, time.UTC), Zone: zone}
	for _, c := range []struct{ text, want string }{
		{"2024-02-29 10:00:00.25", "2024-02-29T09:00:00.25Z"},
		{"2024-02-29T10:00:00-05:30", "2024-02-29T15:30:00Z"},
		{"2024-02-29T10:00:00.123456789+0530", "2024-02-29T04:30:00.123456789Z"},
		{"2024-02-29 10:00:00,5", "2024-02-29T09:00:00.5Z"},
		{"Feb 29 10:00:00", "2024-02-29T09:00:00Z"},
		{"Dec 31 10:00:00", "2023-12-31T09:00:00Z"},
		{"02-29 10:00:00.125", "2024-02-29T09:00:00.125Z"},
		{"02/29/24 10:00:00", "2024-02-29T09:00:00Z"},
		{"29/02/24 10:00:00", "2024-02-29T09:00:00Z"},
		{"02/03/24 10:00:00", "2024-02-03T09:00:00Z"}, // month first
		{"05/02/24 10:00:00", "2024-02-05T09:00:00Z"}, // since May is yet to come
		{"29.02.2024 10:00:00", "2024-02-29T09:00:00Z"},
		{"Thu Feb 29 10:00:00 2024", "2024-02-29T09:00:00Z"},
		{"10:00:00.5", "2024-02-29T09:00:00.5Z"}, // of the day before, since it is later than the log
		{"01:15:00", "2024-03-01T00:15:00Z"},
		{"5:12:13 PM", "2024-02-29T16:12:13Z"},
		{"2100-01-01 00:00:00Z", "2100-01-01T00:00:00Z"}, // as it is said
		{"2024-02-29 10:00:00.", "1970-01-01T00:00:00Z"},
		{"nonsense", "1970-01-01T00:00:00Z"},
	} {
		clock, e := newClock(o), entry{}
		clock.read(c.text, &e)
		if got := time.Unix(0, e.time).UTC().Format(time.RFC3339Nano); got != c.want {
			t.Errorf("%s is %s, want %s", c.text, got, c.want)
		}
	}
	clock, e := newClock(o), entry{}
	clock.outer = []byte("2024-02-29T10:00:00Z")
	if clock.read("", &e); time.Unix(0, e.time).UTC().Hour() != 10 {
		t.Errorf("the carrier's time is %v", time.Unix(0, e.time).UTC())
	}
	// Past midnight it is the next day; a little back is none.
	clock = newClock(Options{Written: time.Date(2024, 3, 2, 12, 0, 0, 0, time.UTC), Zone: time.UTC})
	days := ""
	for _, text := range []string{"23:00:00", "22:59:59", "00:01:00", "11:00:00"} {
		clock.read(text, &e)
		days += time.Unix(0, e.time).UTC().Format(" 2")
	}
	if days != " 1 1 2 2" {
		t.Errorf("days%s", days)
	}
}
