package proxy

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"

	"talktrace/dissect"
)

// v2 is a header of version 2 whose length is that of its body.
func v2(command, family byte, body string) string {
	h := binary.BigEndian.AppendUint16([]byte(signature2+string([]byte{command, family})), uint16(len(body)))
	return string(h) + body
}

// vectorOf is a vector whose length is that of its value.
func vectorOf(kind byte, value string) string {
	return string(binary.BigEndian.AppendUint16([]byte{kind}, uint16(len(value)))) + value
}

const (
	ends4 = "\xcb\x00\x71\x07\xc6\x33\x64\x01\xc8\x22\x14\x66"
	told4 = "PROXY v2, TCP4: 203.0.113.7:51234 to 198.51.100.1:5222"
	by    = ", by way of 192.0.2.1:40000"
)

func TestHeader(t *testing.T) {
	tests := []struct{ name, header, want, findings string }{
		{"1", "PROXY TCP4 203.0.113.7 198.51.100.1 51234 5222\r\n", "PROXY v1, TCP4: 203.0.113.7:51234 to 198.51.100.1:5222" + by, ""},
		{"1, the longest", "PROXY UNKNOWN " + strings.Repeat("f", maxV1-16) + "\r\n", "PROXY v1, client unknown", ""},
		{"1, an address of the other family", "PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n", "PROXY v1, TCP4, addresses that are none", "proxy-address"},
		{"1, a zone", "PROXY TCP6 fe80::1%eth0 2001:db8::1 1 2\r\n", "PROXY v1, TCP6, addresses that are none", "proxy-address"},
		{"1, a port that is none", "PROXY TCP4 203.0.113.7 198.51.100.1 65536 2\r\n", "PROXY v1, TCP4, addresses that are none", "proxy-address"},
		{"1, too few", "PROXY TCP4 203.0.113.7\r\n", "PROXY v1, TCP4, addresses that are none", "proxy-address"},
		{"2", v2(0x21, 0x11, ends4), told4 + by, ""},
		{"2, datagrams", v2(0x21, 0x12, ends4), "PROXY v2, UDP4: 203.0.113.7:51234 to 198.51.100.1:5222" + by, ""},
		{"2, of itself", v2(0x20, 0x00, ""), "PROXY v2, LOCAL: the proxy speaks for itself", ""},
		{"2, no family", v2(0x21, 0x00, "anything"), "PROXY v2, unspecified", "proxy-vector"},
		{"2, a family that is not known", v2(0x21, 0x47, "anything"), "PROXY v2, unknown family", ""},
		{"2, too short", v2(0x21, 0x21, ends4), "PROXY v2, TCP6, addresses that are none", "proxy-address"},
		{"2, sockets", v2(0x21, 0x31, "/a"+strings.Repeat("\x00", 214)), "PROXY v2, UNIX stream: /a to unnamed", ""},
		{
			"2, vectors", v2(0x21, 0x11, ends4+vectorOf(3, "1234")+vectorOf(4, "")+vectorOf(2, "h")+vectorOf(0xff, "?")+vectorOf(1, "xmpp-client")),
			told4 + ", authority h, ALPN xmpp-client" + by, "",
		},
		{"2, a vector that lies", v2(0x21, 0x11, ends4+vectorOf(2, "h")+"\x02\xff\xffh"), told4 + ", authority h" + by, "proxy-vector"},
		{"2, half a vector", v2(0x21, 0x11, ends4+"\x02\x00"), told4 + by, "proxy-vector"},
		{"2, TLS", v2(0x21, 0x11, ends4+vectorOf(0x20, "\x01\x00\x00\x00\x00"+vectorOf(0x21, "TLSv1.3")+vectorOf(0x24, "RSA"))), told4 + ", the client by TLSv1.3" + by, ""},
		{"2, no TLS", v2(0x21, 0x11, ends4+vectorOf(0x20, "\x00\x00\x00\x00\x00"+vectorOf(0x21, "TLSv1.3"))), told4 + by, ""},
		{"2, TLS that lies", v2(0x21, 0x11, ends4+vectorOf(0x20, "\x01\x00\x00\x00\x00\x21\x10\x00x")), told4 + ", the client by TLS" + by, "proxy-vector"},
		{"2, TLS cut off", v2(0x21, 0x11, ends4+vectorOf(0x20, "\x01")), told4 + by, "proxy-vector"},
		{"2, the longest", v2(0x21, 0x11, ends4+vectorOf(0xee, strings.Repeat("x", 65535-12-3))), told4 + by, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if len(test.header) < 1000 {
				check(t, header, []string{"client proxy " + test.want, "client inside", "client: x(end)", "server: y(end)"}, client(test.header+"x"), server("y"))
			}
			p := play(header, client(test.header), client("x"))
			e := p.c.Events[0]
			var findings []string
			for _, n := range e.Notes {
				findings = append(findings, n.ID)
			}
			if string(e.Info) != test.want || strings.Join(findings, " ") != test.findings || e.Length != len(test.header) {
				t.Errorf("%s, %v, %d bytes", e.Info, findings, e.Length)
			}
			address := "203.0.113.7:51234"
			if !strings.HasSuffix(test.want, by) {
				address = "192.0.2.1:40000"
			}
			if e.Source() != address || p.c.Conn.Text[dissect.Client] != address || e.Destination() != "192.0.2.2:5222" {
				t.Errorf("from %s to %s", e.Source(), e.Destination())
			}
		})
	}
}

// Rows from before the header keep the address that they have.
func TestHeaderChangesNoRow(t *testing.T) {
	p := play(header, server("y"), client(v2(0x21, 0x11, ends4)), client("x"))
	first, last := &p.c.Events[0], &p.c.Events[len(p.c.Events)-1]
	if first.Kind != "inside" || first.Destination() != "192.0.2.1:40000" || last.Source() != "203.0.113.7:51234" ||
		last.Conn.Addr[dissect.Client] != netip.MustParseAddrPort("203.0.113.7:51234") {
		t.Errorf("%+v, %+v", first.Conn, last.Conn)
	}
}

func TestHeaderDamaged(t *testing.T) {
	line := "PROXY TCP4 " + strings.Repeat("1", maxV1)
	check(t, header, []string{"client inside", "client: " + line + "(end)", "server: (end)"}, client(line))
	check(t, shown(header), []string{"client unfinished beginning of a message, 15 bytes"}, client("PROXY TCP4 203."))
	whole := v2(0x21, 0x11, ends4)
	for at := 16; at < len(whole); at++ {
		p := play(shown(header), client(whole[:at]), part{From: dissect.Client, Lost: int64(len(whole) - at)}, client("x"))
		all := strings.Join(p.end(), "\n")
		if !strings.HasSuffix(all, "of the client lost\nclient inside\nclient: x(end)\nserver: (end)") {
			t.Errorf("lost from %d on: %s", at, all)
		}
	}
}

func TestLooksLikeHeader(t *testing.T) {
	for _, test := range []struct{ first, want string }{
		{"", "more"},
		{"P", "more"},
		{"PROXY TCP4", "more"},
		{"PROXY TCP4 ", "yes"},
		{"PROXY UNKNOWN\r\n", "yes"},
		{"PROXY TCP5 ", "no"},
		{"POST", "no"},
		{"\r\n\r\n", "more"},
		{"\r\n<", "no"},
		{signature2 + "\x21", "more"},
		{signature2 + "\x21\x11", "yes"},
		{signature2 + "\x31\x11", "no"}, // version 3
		{signature2 + "\x22\x11", "no"}, // no such command
	} {
		match, enough := LooksLikeHeader([]byte(test.first))
		if got := verdict(match, enough); got != test.want {
			t.Errorf("%q: %s, want %s", test.first, got, test.want)
		}
	}
}
