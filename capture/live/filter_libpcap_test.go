//go:build cgo

package live

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcap"
	netbpf "golang.org/x/net/bpf"

	"talktrace/capture"
	"talktrace/capture/bpf"
)

// filters are those that both compilers are given.
//
//nolint:dupword // "not not" and the like
var filters = strings.Split(strings.TrimSpace(`
ip
ip6
arp
rarp
tcp
udp
sctp
icmp
icmp6
igmp
pim
vrrp
carp
ah
esp
port 53
port 5222 or 5269
tcp port 5222
tcp src port 5222
tcp dst port 5222
tcp src or dst port 5222
tcp src and dst port 5222
udp port 53
sctp port 36412
port 5222 and not tcp port 5223
tcp port (5222 or 5269 or 443)
tcp port not 5222
portrange 5000-6000
tcp portrange 5222-5269
udp src portrange 1024-65535
portrange 6000-5000
portrange 5222
tcp port 0x1466
port http
port domain
tcp port xmpp-client
port xmpp-server
tcp dst port https or 80
host 127.0.0.1
host 10.0.0.1
host 192.0.2.1
host 192.0.2.1 or 192.0.2.2
host 192.0.2.1 or host 2001:db8::1
src host 127.0.0.1
dst host 192.0.2.2
src 192.0.2.1
dst 192.0.2.1
src and dst 127.0.0.1
src or dst host 192.0.2.1
src or dst 192.0.2.9
ip host 192.0.2.1
arp host 192.0.2.1
rarp host 192.0.2.1
arp src 192.0.2.1
arp dst host 192.0.2.2
ip src 192.0.2.1 and ip dst 192.0.2.2
ip src or dst 192.0.2.1
host ::1
ip6 host ::1
ip6 src 2001:db8::1
dst host fe80::1
host 2001:db8::1 and tcp
net 127
net 10
net 192.168
net 192.0.2
net 192.0.2.1
net 127.0.0.0/8
net 192.0.2.0/24
net 192.0.2.0/31
net 0.0.0.0/0
net 192.0.2.0 mask 255.255.255.0
net 10.0/16 or 172.16/16 or 192.168/24
src net 192.0.2.0/24
dst net 127.0.0.0/8
ip net 192.0.2.0/24
arp net 192.0.2.0/24
net 2001:db8::/32
net fe80::/10
src net 2001:db8::/127
ip6 net ::/0
ip6 dst net 2001:db8::/64
host 192.0
ip proto 6
ip proto \tcp
ip proto \udp or \icmp
ip6 proto 58
ip6 proto \tcp
proto 6
proto \sctp
proto \ipv6-icmp
proto 47
proto 41
ether proto 0x800
ether proto \ip
ether proto \ip6
ether proto \arp
ether proto 0x88cc
ether proto 0x8100
ether proto 66
ip broadcast or tcp
ip multicast
ip6 multicast
less 60
less 100
greater 100
greater 1500
len > 100
len <= 60
len = 54
len == 74
len != 54
len >= 54 and len < 80
len - 14 > 60
len & 1 = 1
len % 2 == 0
len * 2 > 200
len / 3 = 20
len << 1 > 128
len >> 2 < 20
len ^ 0x40 > 50
(len + 1) & 3 = 0
len | 7 = 63
100 < len
2 * 30 < len
60 = len
1 = 1
1 = 2
not len > 100
tcp[13] & 2 != 0
tcp[13] = 2
tcp[13] == 18
tcp[tcpflags] & tcp-syn != 0
tcp[tcpflags] & (tcp-syn|tcp-fin) != 0
tcp[tcpflags] & (tcp-syn | tcp-ack) == tcp-syn
tcp[tcpflags] == tcp-syn
tcp[tcpflags] & tcp-push != 0 and port 5222
tcp[0:2] = 5222
tcp[0:2] == 5222 or tcp[2:2] == 5222
tcp[4:4] > 0x7fffffff
tcp[12] & 0xf0 > 0x50
((tcp[12] & 0xf0) >> 2) = 32
tcp[((tcp[12] & 0xf0) >> 2):4] = 0x3c737472
tcp[((tcp[12:1] & 0xf0) >> 2):2] = 0x3c69
tcp port 5222 and (((ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2)) != 0)
ip[0] & 0xf != 5
ip[0] = 0x45
ip[8] < 64
ip[8] <= 64
ip[6:2] & 0x1fff != 0
ip[6:2] & 0x1fff = 0
ip[6] & 0x20 != 0
ip[12:4] = ip[16:4]
ip[16:4] > ip[12:4]
ip[9] = 6 and ip[8] > 1
ip[ip[0] & 0xf] > 3
udp[4:2] > 100
udp[0:2] = 53
udp[8] & 0x80 = 0
icmp[0] = 8
icmp[icmptype] = icmp-echo
icmp[icmptype] != icmp-echo and icmp[icmptype] != icmp-echoreply
icmp[icmpcode] = 0
icmp6[0] = 135
icmp6[icmp6type] = icmp6-neighborsolicit
icmp6[icmp6type] == icmp6-echo
ip6[6] = 6
ip6[40:2] = 5222
ip6[0] & 0xf0 = 0x60
arp[6:2] = 1
arp[7] = 2
igmp[0] = 0x16
sctp[12] = 1
tcp[1000] = 1
not tcp[1000] = 1
tcp[1000] = 1 or udp
udp or tcp[1000] = 1
- 1 > len
-len < 5
tcp and udp
tcp or udp
tcp or udp and port 53
tcp and port 5222 or udp and port 53
(tcp and port 5222) or (udp and port 53)
not tcp
! tcp
not not tcp
!(tcp or udp)
not (tcp port 5222 or arp)
not tcp and not udp
not port 5222 and not port 53
tcp && port 5222 || udp && ! port 53
tcp and (port 5222 or (port 5223 and (host 127.0.0.1 or net 10)))
((tcp))
((tcp) and ((port 5222)))
tcp port 5222 or 5269 or port 53 or udp port 5353
tcp port 5222 or 5223 or 5269 or 5270 or 5275 or 5280 or 5281 or 5347 or 7070 or 7443 or port 53 or udp port 5353
ip and not tcp and not udp and not icmp
host 127.0.0.1 and tcp port 5222 and greater 60
tcp src port 5222 and dst host 127.0.0.1
host 192.0.2.1 and (port 5222 or 5223)
host 192.0.2.1 and not (port 53 or icmp)
ip host 192.0.2.1 or 192.0.2.2 or 127.0.0.1
tcp and not host 127.0.0.1 and not host ::1
port 1 or 2 or 3 or 4 or 5 or 6 or 7 or 8 or 9 or 10 or 11 or 12 or 13 or 14 or 15 or 16 or 17 or 18 or 19 or 20 or 5222
not (host 192.0.2.1 or 192.0.2.2) and tcp
`), "\n")

// etherFilters are about what only Ethernet has.
//
//nolint:dupword // "vlan and vlan"
var etherFilters = strings.Split(strings.TrimSpace(`
ether host 2:2:2:2:2:2
ether host 02:02:02:02:02:02
ether src 00:00:00:00:00:00
ether dst ff:ff:ff:ff:ff:ff
ether src or dst 2:2:2:2:2:2
ether dst host 33:33:00:00:00:01
ether host 02-02-02-02-02-02 or 0:0:0:0:0:0
ether broadcast
ether multicast
broadcast
multicast
broadcast or multicast
not broadcast and not multicast
ether[0] & 1 = 0
ether[12:2] = 0x0800
ether[12:2] > 1500
ether[6:4] = 0x02020202
link[12:2] = 0x86dd
ip[-2:2] = 0x0800
vlan
vlan 7
vlan 8
vlan 0
not vlan
vlan and tcp
vlan 7 and tcp
vlan and tcp port 5222
vlan and ip6
vlan and vlan
vlan 7 and vlan 8
vlan and vlan and tcp port 5222
vlan 8 and vlan 7 and host 192.0.2.1
tcp or vlan and tcp
(tcp port 5222) or (vlan and (tcp port 5222))
(tcp port 5222 or 5269 or port 53 or udp port 5353) or (vlan and (tcp port 5222 or 5269 or port 53 or udp port 5353))
vlan and host 192.0.2.1
vlan and tcp[13] & 2 != 0
vlan and ip[9] = 6
vlan and arp
vlan and ether[12:2] = 0x8100
vlan or tcp
not vlan and tcp
`), "\n")

// headers are how the frames of a link type begin, by the EtherType that they
// carry, and what the two libraries call that.
var headers = []struct {
	name   string
	link   capture.LinkType
	theirs layers.LinkType
	header func(kind uint16, n int) []byte
}{
	{"Ethernet", capture.LinkEthernet, layers.LinkTypeEthernet, nil},
	{"SLL", capture.LinkLinuxSLL, layers.LinkTypeLinuxSLL, func(kind uint16, n int) []byte {
		return binary.BigEndian.AppendUint16([]byte{0, byte(n % 5), 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0}, kind)
	}},
	// Which gopacket cannot ask libpcap for.
	{"SLL2", capture.LinkLinuxSLL2, layers.LinkTypeLinuxSLL, func(kind uint16, n int) []byte {
		return append(binary.BigEndian.AppendUint16(nil, kind), 0, 0, 0, 0, 0, 1, 0, 1, byte(n%5), 6, 2, 2, 2, 2, 2, 2, 0, 0)
	}},
	{"raw", capture.LinkRaw, 12, func(uint16, int) []byte { return nil }},
}

// cookedFilters are about what only cooked frames tell.
var cookedFilters = []string{"inbound", "outbound", "not outbound and tcp", "inbound or udp"}

// TestFilters has both compilers' programs judge the same frames: all those of
// the captures, and others that these have not.
func TestFilters(t *testing.T) {
	frames := append(captured(t), madeUp()...)
	for _, h := range headers {
		t.Run(h.name, func(t *testing.T) {
			as := reframed(frames, h.header)
			theirs := as
			all := filters
			switch {
			case h.header == nil:
				all = slices.Concat(all, etherFilters)
			case h.name != "raw":
				all = slices.Concat(all, cookedFilters)
			}
			if h.name == "SLL2" {
				theirs = reframed(frames, headers[1].header)
				all = slices.DeleteFunc(slices.Clone(all), func(filter string) bool {
					return strings.Contains(filter, "len") || strings.Contains(filter, "less") || strings.Contains(filter, "greater")
				})
			}
			for _, filter := range append(all, joined(all)...) {
				agree(t, filter, bpf.Frames{Link: h.link}, as, h.theirs, theirs)
			}
		})
	}
}

// agree judges frames by a filter in both ways.
func agree(t *testing.T, filter string, of bpf.Frames, frames [][]byte, theirs layers.LinkType, theirFrames [][]byte) {
	t.Helper()
	ours, err := bpf.Compile(filter, of)
	reference, theirErr := pcap.NewBPF(theirs, WholeFrames, filter)
	if (err == nil) != (theirErr == nil) && !impossible(err) && !impossible(theirErr) {
		t.Errorf("%s: %v, by libpcap %v", filter, err, theirErr)
	}
	switch { // what one finds out that the other does not
	case err == nil && impossible(theirErr):
		reference, theirErr = pcap.NewBPF(theirs, WholeFrames, "less 0")
	case theirErr == nil && impossible(err):
		ours, err = bpf.Compile("less 0", of)
	}
	if err != nil || theirErr != nil {
		return
	}
	vm := machine(t, ours)
	judge := func(ours, theirs []byte) (kept, want bool) {
		n, err := vm.Run(ours)
		if err != nil {
			t.Fatal(err)
		}
		return n > 0, reference.Matches(gopacket.CaptureInfo{CaptureLength: len(theirs), Length: len(theirs)}, theirs)
	}
	accepted, cut := 0, 0
	for n, f := range frames {
		kept, want := judge(f, theirFrames[n])
		if kept != want {
			// What is asked for behind the end of a frame ends a program, and libpcap's
			// optimizer changes what is asked first.
			rest := make([]byte, 100)
			if kept, want = judge(slices.Concat(f, rest), slices.Concat(theirFrames[n], rest)); kept == want && len(f) < 100 {
				cut++
				continue
			}
			t.Errorf("%s: frame %d %x: %t, by libpcap %t", filter, n, f[:min(len(f), 80)], kept, want)
			return
		}
		if want {
			accepted++
		}
	}
	if cut > 500 { // some 700 are cut
		t.Errorf("%s: %d frames that are cut", filter, cut)
	}
	t.Logf("%s: %d instructions, %d frames, %d cut ones", filter, len(ours), accepted, cut)
}

// impossible reports whether an error says that no frame can fulfil a filter.
func impossible(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "rejects all packets") || strings.Contains(err.Error(), "no frame can fulfil it"))
}

// machine is one that runs a program.
func machine(t *testing.T, program []bpf.Instruction) *netbpf.VM {
	t.Helper()
	var raw []netbpf.RawInstruction
	for _, i := range program {
		raw = append(raw, netbpf.RawInstruction{Op: i.Code, Jt: i.Jt, Jf: i.Jf, K: i.K})
	}
	instructions, ok := netbpf.Disassemble(raw)
	if !ok {
		t.Fatalf("%v", instructions)
	}
	vm, err := netbpf.NewVM(instructions)
	if err != nil {
		t.Fatal(err)
	}
	return vm
}

// joined are filters made of others, but for those that ask far behind the ends
// of frames.
func joined(filters []string) (all []string) {
	filters = slices.DeleteFunc(slices.Clone(filters), func(filter string) bool {
		return strings.Contains(filter, "[1000]") || strings.Contains(filter, "[((")
	})
	random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // the same each time
	pick := func() string {
		f := filters[random.IntN(len(filters))]
		if random.IntN(4) == 0 {
			return "not (" + f + ")"
		}
		return "(" + f + ")"
	}
	for range 120 {
		f := pick()
		for range 1 + random.IntN(4) {
			switch random.IntN(5) {
			case 0, 1:
				f += " or " + pick()
			case 2, 3:
				f += " and " + pick()
			default:
				f = "not (" + f + ") and " + pick()
			}
		}
		all = append(all, f)
	}
	return all
}
