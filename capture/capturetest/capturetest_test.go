package capturetest_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"

	"talktrace/capture/capturetest"
	"talktrace/capture/pcapfile"
)

// frames returns what gopacket makes of a capture, one line a frame.
func frames(t *testing.T, script string) string {
	t.Helper()
	c, err := capturetest.Parse(script)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := c.Write(&file, pcapfile.Pcap); err != nil {
		t.Fatal(err)
	}
	r, err := pcapgo.NewReader(&file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for {
		data, ci, err := r.ReadPacketData()
		if err != nil {
			return out.String()
		}
		p := gopacket.NewPacket(data, r.LinkType(), gopacket.Default)
		fmt.Fprintf(&out, "%s ", ci.Timestamp.UTC().Format(".000"))
		if tag, ok := p.Layer(layers.LayerTypeDot1Q).(*layers.Dot1Q); ok {
			fmt.Fprintf(&out, "vlan %d ", tag.VLANIdentifier)
		}
		switch l := p.TransportLayer().(type) {
		case *layers.TCP:
			fmt.Fprintf(&out, "%d>%d %s seq %d ack %d %q", l.SrcPort, l.DstPort, flagsOf(l), l.Seq, l.Ack, l.Payload)
		case *layers.UDP:
			fmt.Fprintf(&out, "%d>%d udp", l.SrcPort, l.DstPort)
			if dns, ok := p.Layer(layers.LayerTypeDNS).(*layers.DNS); ok {
				fmt.Fprintf(&out, " %s is %s", dns.Answers[0].Name, dns.Answers[0].IP)
			}
		}
		if err := p.ErrorLayer(); err != nil {
			fmt.Fprintf(&out, " %v", err.Error())
		}
		if cut := ci.Length - ci.CaptureLength; cut > 0 {
			fmt.Fprintf(&out, " -%d", cut)
		}
		out.WriteByte('\n')
	}
}

func flagsOf(l *layers.TCP) string {
	var s string
	for _, f := range []struct {
		set  bool
		name string
	}{{l.SYN, "S"}, {l.FIN, "F"}, {l.RST, "R"}, {l.PSH, "P"}, {l.ACK, "A"}} {
		if f.set {
			s += f.name
		}
	}
	return s
}

func TestParse(t *testing.T) {
	for _, tt := range []struct{ name, script, want string }{
		{"conversation", `
			open
			C "ab" "c" | "d"
			S "\n"*2 hex:ff00
			C fin
			S rst`, `
			.000 40000>5222 S seq 1000 ack 0 ""
			.001 5222>40000 SA seq 5000 ack 1001 ""
			.002 40000>5222 A seq 1001 ack 5001 ""
			.003 40000>5222 PA seq 1001 ack 5001 "abc"
			.004 40000>5222 PA seq 1004 ack 5001 "d"
			.005 5222>40000 PA seq 5001 ack 1005 "\n\n\xff\x00"
			.006 40000>5222 FA seq 1005 ack 5005 ""
			.007 5222>40000 RA seq 5005 ack 1006 ""`},
		{"damage", `
			seq C 4294967295
			step 10ms
			C held "ab"
			C "cd"
			S ack
			release
			C lost "ef"
			S ack
			C again
			C back 3 "dEFg"
			C ack
			wait 5ms
			C "xyz"`, `
			.000 40000>5222 PA seq 1 ack 5000 "cd"
			.010 5222>40000 A seq 5000 ack 4294967295 ""
			.020 40000>5222 PA seq 4294967295 ack 5000 "ab"
			.030 5222>40000 A seq 5000 ack 5 ""
			.040 40000>5222 PA seq 3 ack 5000 "ef"
			.050 40000>5222 PA seq 2 ack 5000 "dEFg"
			.060 40000>5222 A seq 6 ack 5000 ""
			.075 40000>5222 PA seq 6 ack 5000 "xyz"`},
		{"cut", `
			snaplen 60
			C "abcdefgh"`, `
			.000 40000>5222 PA seq 1000 ack 5000 "abcdef" -2`},
		{"places", `
			vlan 7
			port 5269
			mss 2
			S "abc"
			client [2001:db8::1]:9
			server [2001:db8::2]:10
			udp "x"
			dns im.example 192.0.2.2`, `
			.000 vlan 7 5269>40000 PA seq 5000 ack 1000 "ab"
			.001 vlan 7 5269>40000 PA seq 5002 ack 1000 "c"
			.002 vlan 7 9>10 udp
			.003 vlan 7 53>33333 udp im.example is 192.0.2.2`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := strings.TrimPrefix(strings.ReplaceAll(tt.want, "\t", ""), "\n") + "\n"
			if got := frames(t, tt.script); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestParseLinks(t *testing.T) {
	for _, link := range []string{"ethernet", "raw", "null", "sll"} {
		for _, ends := range []string{"", "client [2001:db8::1]:40000\nserver [2001:db8::2]:5222\n"} {
			want := ".000 40000>5222 PA seq 1000 ack 5000 \"x\"\n"
			if got := frames(t, "link "+link+"\n"+ends+`C "x"`); got != want {
				t.Errorf("link %s: got %s, want %s", link, got, want)
			}
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, script := range []string{
		"jump", "jump high", "C 'x'", `C "x`, `C "x"*y`, "C hex:0", "C back x", "wait long", "seq X 1",
		"link token-ring", "mss many", "client nowhere", "dns im.example", "dns im.example x", "udp x",
	} {
		if _, err := capturetest.Parse(script); err == nil {
			t.Errorf("%q: no error", script)
		}
	}
}
