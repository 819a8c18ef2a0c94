package tls

import (
	gotls "crypto/tls"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"talktrace/dissect"
)

// factsOf are the facts of rows, without hashes.
func factsOf(p *player) []string {
	var all []string
	for _, e := range p.c.Events {
		f := e.TLS
		if f == nil {
			continue
		}
		said := []string{e.Sender.String()}
		for _, r := range []dissect.Registered{f.Version, f.Suite, f.Group} {
			if r.Name != "" {
				said = append(said, fmt.Sprintf("%s=%#04x", r.Name, r.Number))
			}
		}
		said = append(said, f.ServerName, strings.Join(f.ALPN, "+"), f.EarlyData.String())
		for i, yes := range []bool{f.Resumed, f.HelloRetry, f.JA3 != "" && f.JA4 != "", f.JA3S != ""} {
			if yes {
				said = append(said, []string{"resumed", "retry", "JA3+JA4", "JA3S"}[i])
			}
		}
		for _, c := range f.Certificates {
			said = append(said, fmt.Sprintf("[%s by %s %v %v %v %s %d]", c.Subject, c.Issuer, c.Names, c.XMPPAddrs, c.SRVNames, c.KeyType, c.KeyBits))
		}
		all = append(all, strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), " "))
	}
	return all
}

// Rows carry what their messages say, whole or in pieces, and nothing where
// nobody asks.
func TestFacts(t *testing.T) {
	const (
		hello = "client TLS 1.3=0x0304 capulet.example "
		cert  = "[capulet.example by capulet.example [capulet.example] [capulet.example] [_xmpp-client.capulet.example] RSA 2048]"
	)
	for name, want := range map[string][]string{
		"tls12-aes128-gcm": {
			"client TLS 1.2=0x0303 capulet.example JA3+JA4",
			"server TLS 1.2=0x0303 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256=0xc02f JA3S",
			"server " + cert, "server X25519=0x001d",
		},
		"tls13-retry": {
			hello + "JA3+JA4", "server TLS 1.3=0x0304 TLS_AES_256_GCM_SHA384=0x1302 secp384r1=0x0018 retry JA3S", hello + "JA3+JA4",
			"server TLS 1.3=0x0304 TLS_AES_256_GCM_SHA384=0x1302 secp384r1=0x0018 JA3S", "server " + cert,
		},
	} {
		conns, at := readCapture(t, recorded+"/"+name+".pcap")
		for _, n := range []int{1, 1 << 20} {
			p, _ := opened(keysFor(t, recorded+"/"+name+".pcap"))
			p.c.Time = at
			p.play(cutInto(n, conns[0])...)
			wantRows(t, factsOf(p), want...)
		}
		p, _ := opened(keysFor(t, recorded+"/"+name+".pcap"))
		p.c.Options.TLS = false
		p.play(conns[0]...)
		if got := factsOf(p); got != nil {
			t.Errorf("unasked: %s", got)
		}
	}
	for name, want := range map[string][]string{"tls13-early-data": {"offered", "resumed", "accepted"}, "tls13-early-data-refused": {"offered", "refused"}} {
		conns, _ := readCapture(t, recorded+"/"+name+".pcap")
		p, _ := opened(keysFor(t, recorded+"/"+name+".pcap"))
		p.play(conns[1]...)
		got := strings.Join(factsOf(p), "\n")
		for _, word := range want {
			if !strings.Contains(got, word) {
				t.Errorf("%s: no %s in\n%s", name, word, got)
			}
		}
	}
}

// A session of TLS 1.2 that is resumed by its id is told from one that is not.
func TestResumedFacts(t *testing.T) {
	c, s := configs(t, gotls.VersionTLS12)
	c.ClientSessionCache = gotls.NewLRUClientSessionCache(1)
	for i, want := range []bool{false, true} {
		p := newPlayer()
		p.play(converse(t, c, s)...)
		if f := p.c.Events[1].TLS; f == nil || f.Resumed != want {
			t.Errorf("session %d: %+v", i, f)
		}
	}
}

// The Info of a certificate has the names that matter, and how far it is from
// being valid.
func TestAppendCertificate(t *testing.T) {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	until := from.AddDate(1, 0, 0)
	certificateOf := func(subject string, names, addrs, services []string) dissect.Certificate {
		return dissect.Certificate{Subject: subject, Names: names, XMPPAddrs: addrs, SRVNames: services, NotBefore: from, NotAfter: until}
	}
	long := strings.Repeat("é", 60)
	for _, test := range []struct {
		cert dissect.Certificate
		seen time.Time
		want string
	}{
		{certificateOf("a.example", []string{"a.example"}, []string{"a.example"}, []string{"_xmpp-client.a.example"}), from, ", for a.example, until 2027-01-01"},
		{
			certificateOf("host.example", []string{"host.example", "b.example"}, []string{"a.example"}, []string{"_xmpp-client.a.example"}), from,
			", for host.example, xmppAddr a.example, SRVName _xmpp-client.a.example and 1 name, until 2027-01-01",
		},
		{certificateOf("", []string{"a.example", "b.example"}, nil, nil), from, ", for a.example, also b.example, until 2027-01-01"},
		{certificateOf(long, nil, nil, nil), from, ", for " + long[:44] + "…, until 2027-01-01"},
		{certificateOf("", nil, nil, nil), until.Add(3 * 24 * time.Hour), ", expired 3 days before the capture"},
		{certificateOf("", nil, nil, nil), until.Add(47 * time.Hour), ", expired 47 hours before the capture"},
		{certificateOf("", nil, nil, nil), from.Add(-time.Minute), ", valid from 1 minute after the capture"},
		{dissect.Certificate{}, until, ""},
	} {
		if got := string(appendCertificate(nil, &test.cert, test.seen)); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

// A chain is read up to a bound, and counted beyond it.
func TestLongChain(t *testing.T) {
	one := []byte{0, 0, 2, 0x30, 0}
	list := slices.Repeat(one, 1000)
	n := len(list)
	body := append([]byte{byte(n >> 16), byte(n >> 8), byte(n)}, list...)
	p := newPlayer()
	p.play(server(rec(handshake, msg(certificate, body...)...)...))
	e := p.c.Events[0]
	if !strings.Contains(string(e.Info), "1000 certificates") || e.TLS == nil || len(e.TLS.Certificates) != maxChain {
		t.Errorf("%s: %+v", e.Info, e.TLS)
	}
}
