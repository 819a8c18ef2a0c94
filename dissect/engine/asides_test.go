package engine_test

import (
	"strings"
	"testing"

	"talktrace/dissect"
)

// A stranger decides how many children a message has; each may cost a look at
// all of them, so only so many are asked.
func TestManyAsides(t *testing.T) {
	const most = 32
	for _, child := range []string{
		`<reply xmlns='urn:xmpp:reply:0' id='a'/>`,
		`<x xmlns='http://jabber.org/protocol/muc#user'><status code='100'/></x>`,
	} {
		rows := trace(t, dissect.Options{}, dissect.Server, `<message from='a@b'><body>hi</body>`+strings.Repeat(child, 10*most)+`</message>`)
		if len(rows) != 1 {
			t.Fatalf("%s: %d rows", child, len(rows))
		}
		info := string(rows[0].Info)
		if !strings.HasPrefix(info, `message from a@b: "hi", `) {
			t.Errorf("%s: %s", child, info)
		}
		if n := strings.Count(info, ", "); n != most {
			t.Errorf("%s: %d asides, not %d", child, n, most)
		}
	}
}
