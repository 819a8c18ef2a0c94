package reassembly

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
	"github.com/google/gopacket/tcpassembly"

	"talktrace/capture"
)

// readCapture calls f with every frame of a capture file up to its end, or up
// to where it is damaged. Frames are read by gopacket, so that these tests
// need nothing of this project but what they test.
func readCapture(t testing.TB, name string, f func(*capture.Frame)) {
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := bufio.NewReader(file)
	if magic, _ := r.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = bufio.NewReader(unzipped)
	}
	var source gopacket.PacketDataSource
	var link layers.LinkType
	if magic, _ := r.Peek(4); bytes.Equal(magic, []byte{0x0a, 0x0d, 0x0d, 0x0a}) {
		ng, err := pcapgo.NewNgReader(r, pcapgo.DefaultNgReaderOptions)
		if err != nil {
			t.Fatal(err)
		}
		source, link = ng, ng.LinkType()
	} else {
		classic, err := pcapgo.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		source, link = classic, classic.LinkType()
	}
	for n := 1; ; n++ {
		data, info, err := source.ReadPacketData()
		if err != nil {
			if !errors.Is(err, io.EOF) && n == 1 {
				t.Fatalf("%s: %v", name, err)
			}
			return
		}
		f(&capture.Frame{Number: n, Time: info.Timestamp.UnixNano(), Data: data, Length: info.Length, Link: capture.LinkType(link)})
	}
}

// captures calls f for each of the project's captures of real programs.
func captures(t *testing.T, f func(t *testing.T, name string)) {
	count := 0
	for _, pattern := range []string{"*.pcap", "*.pcapng", "*.gz"} {
		names, err := filepath.Glob(filepath.Join("..", "testdata", "captures", pattern))
		if err != nil {
			t.Fatal(err)
		}
		count += len(names)
		for _, name := range names {
			t.Run(filepath.Base(name), func(t *testing.T) { f(t, name) })
		}
	}
	if count == 0 {
		t.Fatal("no captures")
	}
}

// decoder returns gopacket's decoder for a link type. Its own for raw IP goes
// by another number.
func decoder(f *capture.Frame) gopacket.Decoder {
	if f.Link != capture.LinkRaw {
		return layers.LinkType(f.Link)
	}
	if len(f.Data) > 0 && f.Data[0]>>4 == 6 {
		return layers.LayerTypeIPv6
	}
	return layers.LayerTypeIPv4
}

// TestDecodingAgainstGopacket holds every frame of the captures, alone, against
// gopacket's decoding.
func TestDecodingAgainstGopacket(t *testing.T) {
	total := 0
	captures(t, func(t *testing.T, name string) {
		readCapture(t, name, func(f *capture.Frame) {
			g := &gathered{}
			a := New(g, Limits{})
			a.history = smallHistory()
			a.Frame(f)
			p := gopacket.NewPacket(f.Data, decoder(f), gopacket.DecodeOptions{Lazy: true, NoCopy: true})
			var want string
			if tcp, ok := p.Layer(layers.LayerTypeTCP).(*layers.TCP); ok {
				total++
				want = fmt.Sprintf("%s:%d %s:%d %d %q", p.NetworkLayer().NetworkFlow().Src(), tcp.SrcPort,
					p.NetworkLayer().NetworkFlow().Dst(), tcp.DstPort, start(tcp), payloadOf(tcp))
			}
			var got string
			for _, c := range a.conns {
				h := &c.half[0]
				got = fmt.Sprintf("%s:%d %s:%d %d %q", c.Addr[0].Addr(), c.Addr[0].Port(), c.Addr[1].Addr(), c.Addr[1].Port(), h.base, g.data)
			}
			if got != want {
				t.Errorf("frame %d:\n got %s\nwant %s", f.Number, got, want)
			}
		})
	})
	if total < 1000 {
		t.Errorf("only %d segments compared", total)
	}
}

// start is the sequence number of the first byte.
func start(tcp *layers.TCP) uint32 {
	if tcp.SYN {
		return tcp.Seq + 1
	}
	return tcp.Seq
}

// payloadOf is what counts of a payload: that of a reset is of no stream.
func payloadOf(tcp *layers.TCP) []byte {
	if tcp.RST {
		return nil
	}
	return tcp.Payload
}

// streams gathers, for both assemblers, what each direction said.
type streams struct {
	data   map[string][]byte
	broken map[string]bool // something was missed
}

func (s *streams) Chunk(c *Conn, ch Chunk) {
	k := direction(c.Addr[ch.From], c.Addr[ch.From.Other()])
	s.data[k] = append(s.data[k], ch.Data...)
	if ch.Missed > 0 || ch.Conflict > 0 {
		s.broken[k] = true
	}
}
func (s *streams) End(*Conn, Side, EndReason, int, int64) {}
func (s *streams) Free(*Conn)                             {}

func direction(from, to netip.AddrPort) string { return from.String() + ">" + to.String() }

// factory makes streams of gopacket's assembler.
type factory struct{ streams }

func (f *factory) New(network, transport gopacket.Flow) tcpassembly.Stream {
	from, to := flowAddr(network.Src(), transport.Src()), flowAddr(network.Dst(), transport.Dst())
	return &stream{f, direction(from, to)}
}

func flowAddr(ip, port gopacket.Endpoint) netip.AddrPort {
	addr, _ := netip.AddrFromSlice(ip.Raw())
	return netip.AddrPortFrom(addr, uint16(port.Raw()[0])<<8|uint16(port.Raw()[1]))
}

type stream struct {
	*factory
	key string
}

func (s *stream) Reassembled(all []tcpassembly.Reassembly) {
	for _, r := range all {
		s.data[s.key] = append(s.data[s.key], r.Bytes...)
		if r.Skip > 0 {
			s.broken[s.key] = true
		}
	}
}

func (s *stream) ReassemblyComplete() {}

// TestStreamsAgainstGopacket holds the streams of the captures against those
// of gopacket's tcpassembly, where neither has found anything wanting.
func TestStreamsAgainstGopacket(t *testing.T) {
	compared := 0
	captures(t, func(t *testing.T, name string) {
		ours := &streams{map[string][]byte{}, map[string]bool{}}
		theirs := &factory{streams{map[string][]byte{}, map[string]bool{}}}
		a := New(ours, Limits{})
		b := tcpassembly.NewAssembler(tcpassembly.NewStreamPool(theirs))
		readCapture(t, name, func(f *capture.Frame) {
			a.Frame(f)
			p := gopacket.NewPacket(f.Data, decoder(f), gopacket.DecodeOptions{NoCopy: true})
			if tcp, ok := p.Layer(layers.LayerTypeTCP).(*layers.TCP); ok && !p.Metadata().Truncated {
				b.Assemble(p.NetworkLayer().NetworkFlow(), tcp)
			}
		})
		a.Close()
		b.FlushAll()
		for k, data := range ours.data {
			if ours.broken[k] || theirs.broken[k] {
				continue
			}
			compared++
			if !bytes.Equal(data, theirs.data[k]) {
				t.Errorf("%s: %d bytes, gopacket has %d", k, len(data), len(theirs.data[k]))
			}
		}
	})
	if compared < 50 {
		t.Errorf("only %d streams compared", compared)
	}
}
