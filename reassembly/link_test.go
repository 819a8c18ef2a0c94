package reassembly

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"talktrace/capture"
)

// unhex returns the bytes that are written in hexadecimal, spaced as one likes.
func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

const macs = "020000000001 020000000002 "

// hello4 and hello6 are a segment with the payload "hello", from port 1000 to
// port 2000, in IPv4 from 10.0.0.1 to 10.0.0.2 and in IPv6 from fd00::1 to
// fd00::2.
func hello4() []byte {
	return appendSegment(nil, 1, 2, 1000, 2000, flagACK, 77, 88, []byte("hello"), 0)
}

func hello6(next string, extensions string) []byte {
	extended := unhex(extensions)
	tcp := hello4()[20:]
	b := unhex("60000000")
	b = binary.BigEndian.AppendUint16(b, uint16(len(extended)+len(tcp)))
	b = append(b, unhex(next+"40 fd00000000000000 0000000000000001 fd00000000000000 0000000000000002")...)
	return slices.Concat(b, extended, tcp)
}

// inIPv4 puts a payload into an IPv4 packet between the tunnel's ends.
func inIPv4(protocol byte, payload []byte) []byte {
	b := unhex("4500")
	b = binary.BigEndian.AppendUint16(b, uint16(20+len(payload)))
	b = append(b, unhex("00000000 40")...)
	b = append(b, protocol)
	return slices.Concat(b, unhex("0000 c0000201 c0000202"), payload)
}

// inUDP puts a payload into a UDP datagram in IPv4.
func inUDP(port uint16, payload []byte) []byte {
	b := unhex("c001")
	b = binary.BigEndian.AppendUint16(b, port)
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(payload)))
	return inIPv4(17, slices.Concat(b, unhex("0000"), payload))
}

func join(head string, rest ...[]byte) []byte {
	return append(unhex(head), slices.Concat(rest...)...)
}

// gathered is a Handler that keeps what it is told.
type gathered struct {
	conn   *Conn
	data   []byte
	missed int64
}

func (g *gathered) Chunk(c *Conn, ch Chunk) {
	g.conn, g.data, g.missed = c, append(g.data, ch.Data...), g.missed+ch.Missed
}
func (g *gathered) End(c *Conn, _ Side, _ EndReason, _ int, _ int64) { g.conn = c }
func (g *gathered) Free(*Conn)                                       {}

func TestLayers(t *testing.T) {
	padded := append(hello4(), 0, 0, 0, 0, 0xee)
	offloaded := hello4()
	offloaded[2], offloaded[3] = 0, 0
	offloaded6 := hello6("06", "")
	offloaded6[4], offloaded6[5] = 0, 0
	options := slices.Concat(hello4()[:20], unhex("01010100"), hello4()[20:])
	options[0], options[3] = 0x46, options[3]+4
	ethernet := join(macs+"0800", hello4())
	ppp := uint16(len(hello4()) + 2)
	pppoe := binary.BigEndian.AppendUint16(unhex("11000001"), ppp)

	for _, c := range []struct {
		name string
		link capture.LinkType
		data []byte
	}{
		{"Ethernet", capture.LinkEthernet, ethernet},
		{"Ethernet, IPv6", capture.LinkEthernet, join(macs+"86dd", hello6("06", ""))},
		{"Ethernet, padded", capture.LinkEthernet, join(macs+"0800", padded)},
		{"802.1Q", capture.LinkEthernet, join(macs+"8100 0064 0800", hello4())},
		{"802.1ad", capture.LinkEthernet, join(macs+"88a8 0064 8100 0065 0800", hello4())},
		{"eight tags", capture.LinkEthernet, join(macs+strings.Repeat("8100 0064", 8)+"0800", hello4())},
		{"LLC/SNAP", capture.LinkEthernet, join(macs+"0035 aaaa03 000000 0800", hello4())},
		{"LLC/SNAP, bridge tunnel", capture.LinkEthernet, join(macs+"0035 aaaa03 0000f8 86dd", hello6("06", ""))},
		{"Linux cooked", capture.LinkLinuxSLL, join("0000 0001 0006 020000000001 0000 0800", hello4())},
		{"Linux cooked, tagged", capture.LinkLinuxSLL, join("0000 0001 0006 020000000001 0000 8100 0064 0800", hello4())},
		{"Linux cooked 2", capture.LinkLinuxSLL2, join("86dd 0000 00000001 0001 00 06 020000000001 0000", hello6("06", ""))},
		{"null, little endian", capture.LinkNull, join("02000000", hello4())},
		{"null, big endian", capture.LinkNull, join("00000002", hello4())},
		{"null, IPv6 of macOS", capture.LinkNull, join("1e000000", hello6("06", ""))},
		{"null, IPv6 of FreeBSD", capture.LinkNull, join("1c000000", hello6("06", ""))},
		{"loop", capture.LinkLoop, join("00000018", hello6("06", ""))},
		{"raw", capture.LinkRaw, hello4()},
		{"raw, BSD", capture.LinkRawBSD, hello6("06", "")},
		{"raw, OpenBSD", capture.LinkRawOpenBSD, hello4()},
		{"IPv4", capture.LinkIPv4, hello4()},
		{"IPv6", capture.LinkIPv6, hello6("06", "")},
		{"PPP", capture.LinkPPP, join("ff03 0021", hello4())},
		{"PPP, no address", capture.LinkPPP, join("0057", hello6("06", ""))},
		{"PPP, short protocol", capture.LinkPPP, join("21", hello4())},
		{"PPP in HDLC, short protocol", capture.LinkPPPHDLC, join("ff03 57", hello6("06", ""))},
		{"PPP, MPLS", capture.LinkPPP, join("ff03 0281 00010140", hello4())},
		{"PPP, but Cisco", capture.LinkPPPHDLC, join("0f00 0800", hello4())},
		{"Cisco HDLC", capture.LinkCHDLC, join("8f00 86dd", hello6("06", ""))},
		{"PPPoE", capture.LinkPPPoE, slices.Concat(pppoe, unhex("0021"), padded)},
		{"PPPoE in Ethernet", capture.LinkEthernet, join(macs+"8864", pppoe, unhex("0021"), hello4())},
		{"MPLS", capture.LinkEthernet, join(macs+"8847 00010140", hello4())},
		{"MPLS, three labels", capture.LinkEthernet, join(macs+"8847 00010040 00011040 00012140", hello6("06", ""))},
		{"MPLS, pseudowire", capture.LinkEthernet, join(macs+"8847 00010140", ethernet)},
		{"MPLS, control word", capture.LinkEthernet, join(macs+"8848 00010140 00000007", ethernet)},
		{"GRE", capture.LinkRaw, inIPv4(47, join("0000 0800", hello4()))},
		{"GRE, all options", capture.LinkRaw, inIPv4(47, join("b000 86dd 00000000 00000001 00000002", hello6("06", "")))},
		{"GRE, bridged", capture.LinkRaw, inIPv4(47, join("2000 6558 00000001", ethernet))},
		{"PPTP", capture.LinkRaw, inIPv4(47, join("3081 880b 00320001 00000001 00000000 ff03 0021", hello4()))},
		{"PPTP, not acknowledging", capture.LinkRaw, inIPv4(47, join("3001 880b 00320001 00000001 0021", hello4()))},
		{"ERSPAN I", capture.LinkRaw, inIPv4(47, join("0000 88be", ethernet))},
		{"ERSPAN II", capture.LinkRaw, inIPv4(47, join("1000 88be 00000001 1001 0001 00000000", ethernet))},
		{"ERSPAN III", capture.LinkRaw, inIPv4(47, join("1000 22eb 00000001 2001 0001 00000000 0000 0000", ethernet))},
		{"ERSPAN III, platform", capture.LinkRaw, inIPv4(47, join("1000 22eb 00000001 2001 0001 00000000 0000 0001 0000000000000000", ethernet))},
		{"VXLAN", capture.LinkRaw, inUDP(4789, join("08000000 00000100", ethernet))},
		{"GTP-U", capture.LinkRaw, inUDP(2152, join("30ff 002d 00000001", hello4()))},
		{"GTP-U, sequence", capture.LinkRaw, inUDP(2152, join("32ff 0031 00000001 0001 00 00", hello4()))},
		{"GTP-U, extensions", capture.LinkRaw, inUDP(2152, join("34ff 003d 00000001 0000 00 85 010000c0 0200000000000000", hello4()))},
		{"IP in IP", capture.LinkRaw, inIPv4(4, hello4())},
		{"6in4", capture.LinkRaw, inIPv4(41, hello6("06", ""))},
		{"4in6", capture.LinkRaw, slices.Concat(hello6("04", strings.Repeat("00", 20))[:40], hello4())},
		{"MPLS in IP", capture.LinkRaw, inIPv4(137, join("00010140", hello4()))},
		{"IPv4 options", capture.LinkRaw, options},
		{"IPv4, total length 0", capture.LinkRaw, offloaded},
		{"IPv6, payload length 0", capture.LinkRaw, offloaded6},
		{"IPv6, hop by hop, routing, destination", capture.LinkRaw, hello6("00", "2b00 000000000000 3c00 000000000000 0601 000000000000 0000000000000000")},
		{"IPv6, AH", capture.LinkRaw, hello6("33", "0604 0000 00000001 00000001 000000000000000000000000")},
		{"IPv6, only fragment", capture.LinkRaw, hello6("2c", "0600 0000 00000001")},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := &gathered{}
			a := New(g, Limits{})
			a.Frame(&capture.Frame{Number: 1, Data: c.data, Length: len(c.data), Link: c.link})
			a.Close()
			if string(g.data) != "hello" || g.missed != 0 {
				t.Fatalf("got %q, %d missed; %+v", g.data, g.missed, a.Stats())
			}
			from := g.conn.Addr[0].String()
			if to := g.conn.Addr[1].String(); (from != "10.0.0.1:1000" || to != "10.0.0.2:2000") && (from != "[fd00::1]:1000" || to != "[fd00::2]:2000") {
				t.Errorf("from %s to %s", from, to)
			}
			// Cut anywhere, there is never a panic, nor a byte too much.
			for n := range len(c.data) {
				g := &gathered{}
				a := New(g, Limits{})
				a.Frame(&capture.Frame{Number: 1, Data: c.data[:n:n], Length: len(c.data), Link: c.link})
				s := a.Stats()
				if !strings.HasPrefix("hello", string(g.data)) || s.Segments == 0 && s.Undecodable == [reasons]int{} && s.Other == 0 && s.Datagrams == 0 {
					t.Errorf("cut at %d: %q, %+v", n, g.data, s)
				}
				if len(g.data) > 0 && g.missed+int64(len(g.data)) != 5 && c.name != "IPv4, total length 0" {
					t.Errorf("cut at %d: %d captured, %d missed", n, len(g.data), g.missed)
				}
			}
		})
	}
}

func TestUndecodable(t *testing.T) {
	change := func(b []byte, at int, to byte) []byte {
		b = slices.Clone(b)
		b[at] = to
		return b
	}
	nested := hello4()
	for range maxDepth {
		nested = inIPv4(4, nested)
	}
	reason := func(r Reason) (s Stats) { s.Undecodable[r] = 1; return s }
	for _, c := range []struct {
		name string
		link capture.LinkType
		data []byte
		want Stats
	}{
		{"unknown link", 147, hello4(), reason(UnknownLink)},
		{"nested", capture.LinkRaw, nested, reason(TooDeep)},
		{"nested labels", capture.LinkEthernet, unhex(macs + "8847" + strings.Repeat("00000000", 20)), reason(TooDeep)},
		{"version", capture.LinkRaw, change(hello4(), 0, 0x55), reason(Malformed)},
		{"version against link", capture.LinkEthernet, join(macs+"0800", hello6("06", "")), reason(Malformed)},
		{"header length", capture.LinkRaw, change(hello4(), 0, 0x44), reason(Malformed)},
		{"total length", capture.LinkRaw, change(hello4(), 3, 19), reason(Malformed)},
		{"TCP header length", capture.LinkRaw, change(hello4(), 32, 0x40), reason(Malformed)},
		{"TCP header beyond", capture.LinkRaw, change(hello4(), 32, 0xf0), reason(Malformed)},
		{"TCP header just beyond", capture.LinkRaw, change(change(hello4(), 32, 0x60), 3, 43), reason(Malformed)},
		{"TCP header outside of IP", capture.LinkRaw, change(hello4(), 3, 39), reason(Malformed)},
		{"extension header", capture.LinkRaw, hello6("00", "06ff 000000000000"), reason(Malformed)},
		{"GTP-U extension of no length", capture.LinkRaw, inUDP(2152, unhex("34ff 0008 00000001 0000 00 85 00 000000")), reason(Malformed)},
		{"UDP length", capture.LinkRaw, inIPv4(17, unhex("00010002 0007 0000")), reason(Malformed)},
		{"empty", capture.LinkEthernet, nil, reason(Malformed)},
		{"ARP", capture.LinkEthernet, unhex(macs + "0806 0001"), Stats{Other: 1}},
		{"spanning tree", capture.LinkEthernet, unhex(macs + "0026 424203 0000000000"), Stats{Other: 1}},
		{"ICMP", capture.LinkRaw, inIPv4(1, unhex("08000000")), Stats{Other: 1}},
		{"GRE with routing", capture.LinkRaw, inIPv4(47, unhex("4000 0800 00000000")), Stats{Other: 1}},
		{"AppleTalk on null", capture.LinkNull, unhex("10000000"), Stats{Other: 1}},
		{"IPCP", capture.LinkPPP, unhex("ff03 8021 0101"), Stats{Other: 1}},
		{"not quite VXLAN", capture.LinkRaw, inUDP(4789, unhex("00000000 00000000")), Stats{Datagrams: 1}},
		{"GTP-U echo", capture.LinkRaw, inUDP(2152, unhex("3201 0004 00000000 00000000")), Stats{Datagrams: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := New(&gathered{}, Limits{})
			a.Frame(&capture.Frame{Number: 1, Data: c.data, Length: len(c.data), Link: c.link})
			c.want.Frames = 1
			if got := a.Stats(); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// TestOverlong takes a segment whose IP length is larger than the frame: the
// frame's length says what there was.
func TestOverlong(t *testing.T) {
	data := hello4()
	data[3] += 100
	g := &gathered{}
	a := New(g, Limits{})
	a.Frame(&capture.Frame{Number: 1, Data: data, Length: len(data) + 7, Link: capture.LinkRaw})
	if string(g.data) != "hello" || g.missed != 7 {
		t.Errorf("got %q, %d missed", g.data, g.missed)
	}
}

func TestUDP(t *testing.T) {
	var got []string
	a := New(&gathered{}, Limits{})
	a.OnUDP(func(f *capture.Frame, src, dst netip.AddrPort, payload []byte) {
		got = append(got, src.String()+" "+dst.String()+" "+string(payload))
	})
	whole := inUDP(53, []byte("answer"))
	endless := bytes.Clone(whole)
	endless[24], endless[25] = 0, 0
	for _, data := range [][]byte{whole, whole[:len(whole)-1], append(bytes.Clone(whole), 0xee), endless} {
		a.Frame(&capture.Frame{Number: 1, Data: data, Length: max(len(data), len(whole)), Link: capture.LinkRaw})
	}
	want := slices.Repeat([]string{"192.0.2.1:49153 192.0.2.2:53 answer"}, 3)
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if n := a.Stats().Datagrams; n != 4 {
		t.Errorf("%d datagrams", n)
	}
}
