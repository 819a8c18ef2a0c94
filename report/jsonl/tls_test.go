package jsonl

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"talktrace/dissect"
	"talktrace/report/internal/reporttest"
)

// What is known of a handshake is one object, in which what is not known is
// absent, and in which names from the wire do no harm.
func TestTLS(t *testing.T) {
	day := func(n int) time.Time { return time.Unix(0, reporttest.Start).AddDate(0, 0, n) }
	held := dissect.Certificate{
		Subject: "capulet.example", Issuer: "A\"B\n", Names: []string{"capulet.example", "192.0.2.1"},
		XMPPAddrs: []string{"capulet.example"}, SRVNames: []string{"_xmpp-client.capulet.example"},
		NotBefore: day(-1), NotAfter: day(1), KeyType: "RSA", KeyBits: 2048,
	}
	past := dissect.Certificate{NotBefore: day(-2), NotAfter: day(-1)}
	for want, facts := range map[string]*dissect.TLSFacts{
		``:   nil,
		`{}`: {},
		`{"version":"TLS 1.3","sni":"capulet.example","alpn":["xmpp-client","\u0007"],"early_data":"offered","ja3":"a","ja4":"b"}`: {
			Version: dissect.Registered{Number: 0x0304, Name: "TLS 1.3"}, ServerName: "capulet.example",
			ALPN: []string{"xmpp-client", "\a"}, EarlyData: dissect.EarlyDataOffered, JA3: "a", JA4: "b",
		},
		`{"suite":"S","group":"X25519","resumed":true,"hello_retry":true,"ja3s":"c"}`: {
			Suite: dissect.Registered{Name: "S"}, Group: dissect.Registered{Name: "X25519"},
			Resumed: true, HelloRetry: true, JA3S: "c",
		},
		`{"certificates":[{"subject":"capulet.example","issuer":"A\"B\n","names":["capulet.example","192.0.2.1"],` +
			`"xmppAddr":["capulet.example"],"srv":["_xmpp-client.capulet.example"],` +
			`"not_before":"2026-11-21T08:14:54Z","not_after":"2026-11-23T08:14:54Z","valid_at_capture":true,` +
			`"key":"RSA","bits":2048,"sha256":"` + strings.Repeat("0", 64) + `"},` +
			`{"not_before":"2026-11-20T08:14:54Z","not_after":"2026-11-21T08:14:54Z","valid_at_capture":false,` +
			`"sha256":"` + strings.Repeat("0", 64) + `"},{"sha256":"` + strings.Repeat("0", 64) + `"}]}`: {
			Certificates: []dissect.Certificate{held, past, {}},
		},
	} {
		e := reporttest.Events()[6]
		e.TLS = facts
		var out bytes.Buffer
		w := New(&out, options())
		if err := w.Write(e); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		checkKeys(t, out.Bytes())
		var row struct{ TLS json.RawMessage }
		if err := json.Unmarshal(out.Bytes(), &row); err != nil || string(row.TLS) != want {
			t.Errorf("%v\n got %s\nwant %s", err, row.TLS, want)
		}
	}
}
