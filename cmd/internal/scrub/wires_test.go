package scrub

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"talktrace/capture"
	"talktrace/capture/capturetest"
	"talktrace/capture/pcapfile"
)

const stationFrom, stationTo = "0242ac110002", "0242ac110003"

// outer returns an IPv4 header for a tunnel.
func outer(protocol byte, payload []byte) []byte {
	h := unhex("45000000000000004000000001020304" + "c0000263c0000264")[:0]
	h = append(h, 0x45, 0)
	h = binary.BigEndian.AppendUint16(h, uint16(20+len(payload)))
	h = append(h, 0, 0, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 99, 192, 0, 2, 100)
	binary.BigEndian.PutUint16(h[10:], ^fold(add(0, h)))
	return append(h, payload...)
}

func unhex(s string) []byte {
	b, _ := hex.DecodeString(s)
	return b
}

func join(all ...any) (out []byte) {
	for _, x := range all {
		switch x := x.(type) {
		case string:
			out = append(out, unhex(x)...)
		case []byte:
			out = append(out, x...)
		}
	}
	return out
}

// wires are ways in which an IP packet may be captured.
var wires = map[string]struct {
	link capture.LinkType
	wrap func(ip []byte) [][]byte
}{
	"Ethernet with a trailer": {capture.LinkEthernet, func(ip []byte) [][]byte {
		return [][]byte{join(stationTo, stationFrom, "0800", ip, "0242ac11000212345678")}
	}},
	"two tags": {capture.LinkEthernet, func(ip []byte) [][]byte {
		return [][]byte{join(stationTo, stationFrom, "88a80001"+"81000002"+"0800", ip)}
	}},
	"LLC":    {capture.LinkEthernet, func(ip []byte) [][]byte { return [][]byte{join(stationTo, stationFrom, "0100"+"aaaa030000000800", ip)} }},
	"MPLS":   {capture.LinkEthernet, func(ip []byte) [][]byte { return [][]byte{join(stationTo, stationFrom, "8847"+"00001140", ip)} }},
	"PPP":    {capture.LinkPPP, func(ip []byte) [][]byte { return [][]byte{join("ff030021", ip)} }},
	"HDLC":   {capture.LinkCHDLC, func(ip []byte) [][]byte { return [][]byte{join("0f000800", ip)} }},
	"raw":    {capture.LinkRaw, func(ip []byte) [][]byte { return [][]byte{ip} }},
	"cooked": {capture.LinkLinuxSLL, func(ip []byte) [][]byte { return [][]byte{join("000000010006"+stationFrom+"0000"+"0800", ip)} }},
	"cooked2": {capture.LinkLinuxSLL2, func(ip []byte) [][]byte {
		return [][]byte{join("0800"+"0000"+"00000002"+"000100"+"06"+stationFrom+"0000", ip)}
	}},
	"loopback": {capture.LinkNull, func(ip []byte) [][]byte { return [][]byte{join("02000000", ip)} }},
	"PPPoE": {capture.LinkEthernet, func(ip []byte) [][]byte {
		return [][]byte{join(stationTo, stationFrom, "8864"+"11000001", binary.BigEndian.AppendUint16(nil, uint16(len(ip)+2)), "0021", ip)}
	}},
	"GRE":      {capture.LinkRaw, func(ip []byte) [][]byte { return [][]byte{outer(47, join("00000800", ip))} }},
	"IP in IP": {capture.LinkRaw, func(ip []byte) [][]byte { return [][]byte{outer(4, ip)} }},
	"VXLAN": {capture.LinkEthernet, func(ip []byte) [][]byte {
		inner := join("0800000000000100", stationTo, stationFrom, "0800", ip)
		udp := binary.BigEndian.AppendUint16(unhex("c00012b5"), uint16(8+len(inner)))
		udp = join(udp, "0000", inner)
		pseudo := unhex("c0000263c0000264")
		binary.BigEndian.PutUint16(udp[6:], ^fold(add(add(uint64(17+len(udp)), pseudo), udp)))
		return [][]byte{join(stationTo, stationFrom, "0800", outer(17, udp))}
	}},
	"fragments": {capture.LinkRaw, fragments},
	"fragments the other way round": {capture.LinkRaw, func(ip []byte) [][]byte {
		all := fragments(ip)
		slices.Reverse(all)
		return all
	}},
}

// fragments cuts an IP packet into fragments of 24 bytes.
func fragments(ip []byte) (out [][]byte) {
	const each = 24
	for off := 20; off < len(ip); off += each {
		part := ip[off:min(off+each, len(ip))]
		f := slices.Concat(ip[:20], part)
		binary.BigEndian.PutUint16(f[2:], uint16(len(f)))
		binary.BigEndian.PutUint16(f[4:], uint16(crc32.ChecksumIEEE(ip))) // an identification of its own
		where := uint16(off-20) / 8
		if off+each < len(ip) {
			where |= 0x2000
		}
		binary.BigEndian.PutUint16(f[6:], where)
		f[10], f[11] = 0, 0
		binary.BigEndian.PutUint16(f[10:], ^fold(add(0, f[:20])))
		out = append(out, f)
	}
	return out
}

// TestWires scrubs the same conversation on all kinds of links, in tunnels and in
// fragments.
func TestWires(t *testing.T) {
	plain := captured(t, func(c *capturetest.Capture) {
		c.Link = capture.LinkRaw
		conn := c.Connect("192.0.2.77:40001", "198.51.100.9:5222")
		conn.Open()
		conn.Send(capturetest.Client, header)
		conn.Send(capturetest.Server, answer)
		conn.Send(capturetest.Client, opening+secret+closing)
		conn.Send(capturetest.Server, said)
		other := c.Connect("192.0.2.77:40002", "198.51.100.9:25")
		other.Open()
		other.Send(capturetest.Client, "AUTH PLAIN "+secret)
	})
	secrets := []string{
		secret, "capulet.example", "orchard wall", "\xc0\x00\x02\x4d", "\xc6\x33\x64\x09", "\xc0\x00\x02\x63", string(unhex(stationFrom)),
	}
	for name, w := range wires {
		t.Run(name, func(t *testing.T) {
			in := rewrapped(t, plain, w.link, w.wrap)
			sameRows(t, in, scrubbed(t, in, Options{}))
			out := scrubbed(t, in, all())
			for _, s := range secrets[:3] {
				absent(t, out, []string{s})
			}
			held, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range secrets {
				if bytes.Contains(held, []byte(s)) {
					t.Errorf("%q is still there", s)
				}
			}
			segments(t, out, strings.HasPrefix(name, "fragments"))
		})
	}
}

// rewrapped writes the packets of a capture of raw IP in another form.
func rewrapped(t *testing.T, name string, link capture.LinkType, wrap func(ip []byte) [][]byte) string {
	t.Helper()
	src, err := open(name)()
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	out := filepath.Join(t.TempDir(), "wrapped.pcapng")
	file, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := pcapfile.NewWriter(file, pcapfile.PcapNG)
	var f capture.Frame
	for src.Next(&f) == nil {
		for _, b := range wrap(f.Data) {
			one := f
			one.Link, one.Data, one.Length = link, b, len(b)
			if err := w.WriteFrame(&one); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}

// segments expects the checksums of all headers of IP, TCP and UDP to be right,
// and, of those in fragments, when these are put together.
func segments(t *testing.T, name string, fragmented bool) {
	t.Helper()
	src, err := open(name)()
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	var f capture.Frame
	packets := make(map[string][]byte)
	for {
		if err := src.Next(&f); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		at := bytes.LastIndex(f.Data[:len(f.Data)-20], []byte{0x45, 0x00})
		for k := at; k >= 0; k = bytes.LastIndex(f.Data[:k], []byte{0x45, 0x00}) {
			if k+20 <= len(f.Data) && fold(add(0, f.Data[k:k+20])) == 0xffff {
				at = k
				break
			}
		}
		ip := f.Data[at:]
		if fold(add(0, ip[:20])) != 0xffff {
			t.Fatalf("frame %d has a wrong checksum of IP", f.Number)
		}
		ip = ip[:binary.BigEndian.Uint16(ip[2:])]
		id := string(ip[4:6])
		if !fragmented {
			id = string(binary.BigEndian.AppendUint32(nil, uint32(f.Number)))
		}
		whole := packets[id]
		if whole == nil {
			whole = slices.Clone(ip[:20])
		}
		if off := int(binary.BigEndian.Uint16(ip[6:])&0x1fff) * 8; len(whole) < 20+off+len(ip)-20 {
			whole = append(whole, make([]byte, 20+off+len(ip)-20-len(whole))...)
			copy(whole[20+off:], ip[20:])
		} else {
			copy(whole[20+off:], ip[20:])
		}
		packets[id] = whole
	}
	for id, ip := range packets {
		if len(bytes.Trim(ip[20:], "\x00")) == 0 { // what is no conversation is nothing any more
			continue
		}
		if sum := fold(add(add(uint64(6+len(ip)-20), ip[12:20]), ip[20:])); sum != 0xffff {
			t.Errorf("packet %x has a wrong checksum of TCP", id)
		}
	}
}
