package tls

import (
	"bytes"
	gotls "crypto/tls"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
)

// verdict is what a recogniser says of a prefix: yes, no, or more.
func verdict(yes, enough bool) string {
	switch {
	case !enough:
		return "more"
	case yes:
		return "yes"
	}
	return "no"
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLooksLike(t *testing.T) {
	for _, test := range []struct{ first, want string }{
		{"", "more"},
		{"16", "more"},
		{"16 03 01 00 50", "more"},
		{"16 03 01 00 50 01 00", "yes"},
		{"16 03 01 00 50 63 00", "no"},    // no such message
		{"16 03 01 00 50 01 04", "no"},    // a message past any bound
		{"16 03 01 00 03", "no"},          // less than a message's header
		{"16 03 05", "no"},                // no such version
		{"16 02", "no"},                   //
		{"16 03 03 48 00 01 00", "yes"},   // 2^14 + 2048
		{"16 03 03 48 01", "no"},          //
		{"15 03 03 00 02 02 32", "yes"},   //
		{"15 03 03 00 02 03 32", "no"},    // no such level
		{"15 03 03 00 1a 00 00", "yes"},   // encrypted
		{"15 03 03 00 03", "no"},          //
		{"14 03 03 00 01 01", "yes"},      //
		{"14 03 03 00 01 02", "no"},       //
		{"14 03 03 00 02", "no"},          //
		{"17 03 03 01 00 aa bb", "yes"},   //
		{"17 03 03 00 08", "no"},          // not even a tag and a byte
		{"18 03 03 00 13 01 00", "yes"},   //
		{"13 03", "no"},                   //
		{"19", "no"},                      //
		{"3c 73 74 72 65 61 6d 3a", "no"}, // <stream:
		{"20", "no"},                      // a keepalive
		{"80", "more"},
		{"80 2e 01 03 01 00 15 00 00 00 10", "yes"},
		{"80 2f 01 03 01 00 15 00 00 00 10", "no"}, // its lists do not fill it
		{"80 2e 01 03 01 00 16 00 00 00 0f", "no"}, // suites have three bytes
		{"80 2e 02", "no"},
		{"80 2e 01 03 09", "no"},
		{"80 2e 01 00 02 00 15 00 00 00 10", "yes"}, // SSL 2.0 itself
	} {
		b := unhex(t, test.first)
		if got := verdict(LooksLike(b)); got != test.want {
			t.Errorf("LooksLike(%s) says %s, want %s", test.first, got, test.want)
		}
		// More bytes never take a verdict back.
		last := "more"
		for n := range len(b) + 1 {
			now := verdict(LooksLike(b[:n]))
			if last != "more" && now != last {
				t.Errorf("LooksLike(%s) turns from %s to %s at byte %d", test.first, last, now, n)
			}
			last = now
		}
	}
}

const sslv2Hello = "80 2e 01 03 01 00 15 00 00 00 10" +
	"00 00 04 00 00 05 00 00 0a 01 00 80 07 00 c0 00 00 09 00 00 ff" +
	"00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f"

func TestSSLv2Hello(t *testing.T) {
	hello := unhex(t, sslv2Hello)
	answer := rec(handshake, msg(serverHello, serverHelloBody(strings.Repeat("r", 32), 0x0004)...)...)
	want := []string{
		"client TLSv1 tls 48 ClientHello (SSLv2 format), TLS 1.0",
		"server TLSv1.2 tls 49 ServerHello TLS_RSA_WITH_RC4_128_MD5, TLS 1.2",
		"client TLSv1.2 tls 6 ChangeCipherSpec",
	}
	for n := 1; n <= len(hello); n++ {
		parts := cutInto(n, []part{client(hello...), server(answer...), client(rec(changeCipherSpec, 1)...)})
		wantRows(t, trace(parts...), want...)
		if h, enough := ParseClientHello(hello[:n]); enough != (n == len(hello)) || (h != nil) != enough {
			t.Errorf("ParseClientHello of %d bytes says %v %v", n, h, enough)
		}
	}
	h, _ := ParseClientHello(hello)
	if !slices.Equal(h.Suites, []uint16{4, 5, 10, 9, 255}) || !h.SSLv2 || h.Random[15] != 0 || h.Random[31] != 15 {
		t.Errorf("got %+v", h)
	}
	// Only at the beginning.
	wantRows(t, trace(client(rec(changeCipherSpec, 1)...), client(hello...)),
		"client TLS tls 6 ChangeCipherSpec", "client TLS malformed 48 not TLS: 48 bytes")
}

func TestParseClientHello(t *testing.T) {
	c, s := configs(t, gotls.VersionTLS12)
	b := converse(t, c, s)[0].data
	for n := range len(b) {
		if h, enough := ParseClientHello(b[:n]); h != nil || enough {
			t.Fatalf("after %d of %d bytes: %v %v", n, len(b), h, enough)
		}
	}
	whole, _ := ParseClientHello(append(slices.Clone(b), "more"...))
	split := slices.Concat(rec(handshake, b[5:7]...), rec(handshake, b[7:100]...), rec(handshake, b[100:]...))
	// Two bytes are too few to be the beginning of a hello that is recognised.
	if h, enough := ParseClientHello(split); h != nil || !enough {
		t.Errorf("a first record of two bytes: %v %v", h, enough)
	}
	split = slices.Concat(rec(handshake, b[5:10]...), rec(handshake, b[10:100]...), rec(handshake, b[100:]...))
	for _, h := range []*ClientHello{whole, first(ParseClientHello(split))} {
		if h == nil {
			t.Fatal("not read")
		}
		if h.ServerName != "capulet.example" || !slices.Equal(h.ALPN, []string{"xmpp-client", "http/1.1"}) ||
			h.Version != versionTLS12 || h.MaxVersion() != versionTLS13 ||
			!slices.Equal(h.Versions, []uint16{versionTLS13, versionTLS12}) ||
			!slices.Contains(h.Suites, 0xc02b) || !slices.Contains(h.Extensions, 10) ||
			!bytes.Equal(h.Random[:], b[11:43]) || !bytes.Equal(h.SessionID, b[44:76]) {
			t.Errorf("got %+v", h)
		}
	}
	for _, other := range [][]byte{
		rec(handshake, msg(serverHello, make([]byte, 50)...)...),
		rec(alert, 2, 40), []byte("<stream:stream>"), rec(handshake, msg(clientHello)...),
		slices.Concat(rec(handshake, clientHello, 0, 0, 9), rec(alert, 2, 40)),
		rec(handshake, clientHello, 3, 0xff, 0xff, 3, 3), // longer than is read
	} {
		if h, enough := ParseClientHello(other); h != nil || !enough {
			t.Errorf("ParseClientHello(% x) says %v %v", other, h, enough)
		}
	}
}

func first[A, B any](a A, _ B) A { return a }

// Every hello that is cut or changed somewhere is read without harm, and within
// bounds.
func TestHostileClientHello(t *testing.T) {
	c, s := configs(t, gotls.VersionTLS13)
	b := converse(t, c, s)[0].data[headerSize+messageHeader:]
	const session = 2 + 32
	suites := session + 1 + int(b[session])
	fixed := suites + 2 + int(b[suites+1]) + 2 // and one compression method
	for i := range b {
		for _, v := range []byte{0, 1, 0x7f, 0xff} {
			bad := slices.Clone(b)
			bad[i] = v
			if h, ok := parseClientHello(bad); ok && (len(h.ALPN) > maxProtocols || len(h.ServerName) > maxName) {
				t.Errorf("byte %d as %d: %+v", i, v, h)
			}
		}
		if _, ok := parseClientHello(b[:i]); ok != (i >= fixed) {
			t.Errorf("a hello of %d bytes: %v", i, ok)
		}
	}
	// GREASE is left out, floods of entries are cut.
	hello := append([]byte{3, 3}, make([]byte, 33)...)
	hello = append(hello, 0xff, 0xfe, 0x0a, 0x0a, 0x1a, 0x2a)
	for range (0xfffe - 4) / 2 {
		hello = append(hello, 0x13, 0x01)
	}
	hello = append(hello, 1, 0, 0xff, 0xff)
	for range 10000 {
		hello = append(hello, 0, 99, 0, 0)
	}
	h, ok := parseClientHello(hello)
	if !ok || len(h.Suites) != maxSuites || h.Suites[0] != 0x1a2a || len(h.Extensions) != maxExtensions {
		t.Errorf("got %v with %d suites and %d extensions", ok, len(h.Suites), len(h.Extensions))
	}
}

func TestSSLTCP(t *testing.T) {
	hello := unhex(t, "80 46 01 03 01 00 2d 00 00 00 10"+strings.Repeat("01 00 80", 15)+
		"1f170ca62f0078fc46552eb18339f1ea")
	reply := unhex(t, "16 03 01 00 4a 02 00 00 46 03 01 428545a727a95da0"+strings.Repeat("ab", 24)+
		"20"+strings.Repeat("cd", 32)+"00 04 00")
	for _, test := range []struct {
		b     []byte
		size  int
		match func([]byte) (bool, bool)
		loose []int // bytes that may differ
	}{
		{hello, SSLTCPHelloSize, SSLTCPHello, []int{11, 55}},
		{reply, SSLTCPReplySize, SSLTCPReply, []int{19, 75}},
	} {
		if len(test.b) != test.size {
			t.Fatalf("%d bytes, want %d", len(test.b), test.size)
		}
		for n := range test.size {
			if got := verdict(test.match(test.b[:n])); got != "more" {
				t.Errorf("%d of %d bytes: %s", n, test.size, got)
			}
			bad := slices.Clone(test.b)
			bad[n] ^= 1
			want := "no"
			if n >= test.loose[0] && n <= test.loose[1] {
				want = "yes"
			}
			if got := verdict(test.match(bad)); got != want {
				t.Errorf("byte %d changed: %s, want %s", n, got, want)
			}
		}
		if got := verdict(test.match(append(test.b, "<stream"...))); got != "yes" {
			t.Errorf("whole: %s", got)
		}
	}
	if got := verdict(LooksLike(hello)); got != "yes" {
		t.Errorf("LooksLike says %s of the hello of SSLTCP", got)
	}
}

func TestSuites(t *testing.T) {
	if got, want := len(suites()), strings.Count(suiteLines, "\n")-1; got != want || got < 100 {
		t.Errorf("%d suites of %d lines", got, want)
	}
	got, _ := SuiteByID(0xc02f)
	want := Suite{
		ID: 0xc02f, Name: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", KeyExchange: "ECDHE",
		Cipher: "AES", Mode: "gcm", Key: 16, FixedIV: 4, ExplicitIV: 8, Tag: 16, Hash: "SHA256",
	}
	if got != want {
		t.Errorf("got %+v", got)
	}
	for _, s := range slices.Concat(gotls.CipherSuites(), gotls.InsecureCipherSuites()) {
		if known, ok := SuiteByID(s.ID); ok && known.Name != s.Name {
			t.Errorf("%#04x is %s, crypto/tls says %s", s.ID, known.Name, s.Name)
		}
	}
	if s, ok := SuiteByID(0x1301); !ok || !s.TLS13 {
		t.Errorf("got %+v", s)
	}
}

// No two numbers have the same name.
func TestNames(t *testing.T) {
	for what, name := range map[string]func(uint16) string{
		"alert":   func(n uint16) string { return alertName(byte(n)) },
		"message": func(n uint16) string { return messageName(byte(n)) },
		"group":   groupName,
	} {
		seen := map[string]uint16{}
		for n := range uint16(0xffff) {
			if what != "group" && n > 0xff {
				break
			}
			s := name(n)
			if other, twice := seen[s]; twice && s != "" {
				t.Errorf("%s %d and %d are both %s", what, other, n, s)
			}
			seen[s] = n
		}
		if len(seen) < 20 {
			t.Errorf("%d names of %ss", len(seen), what)
		}
	}
	for version, want := range map[uint16]string{
		0x0002: "SSLv2 SSL 2.0", 0x0300: "SSLv3 SSL 3.0", 0x0301: "TLSv1 TLS 1.0", 0x0302: "TLSv1.1 TLS 1.1",
		0x0303: "TLSv1.2 TLS 1.2", 0x0304: "TLSv1.3 TLS 1.3", 0x7f1c: "TLS version 0x7f1c",
	} {
		if got := protocolName(version) + " " + string(appendVersion(nil, version)); got != want {
			t.Errorf("version %#04x is %s, want %s", version, got, want)
		}
	}
	for group, want := range map[uint16]string{29: "X25519", 0x11ec: "X25519MLKEM768", 0x1234: "group 0x1234"} {
		if got := string(appendGroup(nil, group)); got != want {
			t.Errorf("group %#04x is %s, want %s", group, got, want)
		}
	}
}
