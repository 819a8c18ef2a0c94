// Package packet says in one line what any frame is, as a packet analyzer's
// main window does: Source, Destination, Protocol and Info. It serves the view
// of frames; rows of XMPP do not depend on it. The decoding is gopacket's.
package packet

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"talktrace/capture"
)

// KindFrame is the kind of a frame's row.
const KindFrame = "frame"

// Summary is what a frame is, in one line.
type Summary struct {
	Source, Destination string         // the innermost addresses, as text; with ports where there are any
	From, To            netip.AddrPort // the same, where they are IP addresses
	Protocol            string
	Info                string
	Length              int // on the wire
}

// maxInfo bounds the Info of a frame in bytes.
const maxInfo = 1 << 10

// Decoder summarizes frames, one after the other. It remembers where each TCP
// connection's sequence numbers began, so as to show them from 0.
type Decoder struct {
	first map[flow]uint32
}

// flow is a direction of a TCP connection.
type flow struct{ from, to netip.AddrPort }

// maxFlows bounds the directions remembered.
const maxFlows = 1 << 16

// NewDecoder returns a Decoder that has seen nothing.
func NewDecoder() *Decoder { return &Decoder{first: make(map[flow]uint32)} }

// Summarize says what a frame is. It never fails: what cannot be decoded is
// called by the name of the layer around it.
func (d *Decoder) Summarize(f *capture.Frame) (s Summary) {
	s.Length, s.Protocol = f.Length, "unknown"
	defer func() {
		if recover() != nil { // gopacket's decoders are not all safe from hostile bytes
			s.Info = "malformed"
		}
	}()
	p := gopacket.NewPacket(f.Data, linkDecoder(f.Link), gopacket.DecodeOptions{Lazy: true, NoCopy: true})
	for _, l := range p.Layers() {
		d.layer(&s, l)
	}
	if len(s.Info) > maxInfo {
		s.Info = strings.ToValidUTF8(s.Info[:maxInfo], "") + "…"
	}
	if s.Info == "" {
		s.Info = fmt.Sprintf("%d bytes", f.Length)
	}
	return s
}

// linkDecoder returns the decoder for a link type.
func linkDecoder(t capture.LinkType) gopacket.Decoder {
	switch t {
	case capture.LinkRaw, capture.LinkRawBSD, capture.LinkRawOpenBSD:
		return layers.LinkTypeRaw
	case capture.LinkIPv4:
		return layers.LayerTypeIPv4
	case capture.LinkIPv6:
		return layers.LayerTypeIPv6
	case capture.LinkPPPoE:
		return layers.LayerTypePPPoE
	case capture.LinkPPPHDLC:
		return layers.LayerTypePPP
	case capture.LinkLinuxSLL2:
		return gopacket.DecodeFunc(decodeSLL2)
	}
	if t > 255 {
		return gopacket.LayerTypePayload
	}
	return layers.LinkType(t)
}

// decodeSLL2 reads the header of Linux cooked capture version 2, which gopacket
// does not know, as one of version 1.
func decodeSLL2(data []byte, p gopacket.PacketBuilder) error {
	const size, addressAt, longest = 20, 12, 8
	if len(data) < size {
		return fmt.Errorf("cooked header cut short")
	}
	header := &layers.LinuxSLL{
		BaseLayer:    layers.BaseLayer{Contents: data[:size], Payload: data[size:]},
		Addr:         data[addressAt:][:min(data[11], longest)],
		EthernetType: layers.EthernetType(uint16(data[0])<<8 | uint16(data[1])),
	}
	p.AddLayer(header)
	return p.NextDecoder(header.EthernetType)
}

// layer takes up what a layer says. Inner layers come later and win.
func (d *Decoder) layer(s *Summary, l gopacket.Layer) {
	switch l := l.(type) {
	case *layers.Ethernet:
		s.Source, s.Destination, s.Protocol = l.SrcMAC.String(), l.DstMAC.String(), "Ethernet"
		s.Info = fmt.Sprintf("EtherType %s", l.EthernetType)
	case *layers.LinuxSLL:
		s.Source, s.Protocol = l.Addr.String(), "SLL"
	case *layers.ARP:
		arp(s, l)
	case *layers.IPv4:
		s.ip(l.SrcIP, l.DstIP)
		s.Protocol, s.Info = "IPv4", fmt.Sprintf("%s, %d bytes", l.Protocol, l.Length)
		if l.FragOffset > 0 || l.Flags&layers.IPv4MoreFragments != 0 {
			s.Info = fmt.Sprintf("fragment of %s, offset %d, ID %#04x", l.Protocol, int(l.FragOffset)*8, l.Id)
		}
	case *layers.IPv6:
		s.ip(l.SrcIP, l.DstIP)
		s.Protocol, s.Info = "IPv6", l.NextHeader.String()
	case *layers.UDP:
		s.ports(uint16(l.SrcPort), uint16(l.DstPort))
		s.Protocol = "UDP"
		s.Info = fmt.Sprintf("%d → %d, %d bytes", l.SrcPort, l.DstPort, len(l.Payload))
	case *layers.TCP:
		s.ports(uint16(l.SrcPort), uint16(l.DstPort))
		d.tcp(s, l)
	case *layers.DNS:
		s.dns(l)
	case *layers.ICMPv4:
		s.Protocol, s.Info = "ICMP", l.TypeCode.String()
	case *layers.ICMPv6:
		s.Protocol, s.Info = "ICMPv6", l.TypeCode.String()
	case *layers.TLS:
		s.Protocol = "TLS"
	case *layers.DHCPv4:
		s.Protocol, s.Info = "DHCP", l.Operation.String()
	case *layers.NTP:
		s.Protocol, s.Info = "NTP", fmt.Sprintf("version %d, mode %d", l.Version, l.Mode)
	case *gopacket.DecodeFailure, *gopacket.Payload, *gopacket.Fragment:
	default:
		s.Protocol = l.LayerType().String()
	}
}

// ip sets the addresses.
func (s *Summary) ip(src, dst []byte) {
	a, _ := netip.AddrFromSlice(src)
	b, _ := netip.AddrFromSlice(dst)
	s.From, s.To = netip.AddrPortFrom(a, 0), netip.AddrPortFrom(b, 0)
	s.Source, s.Destination = a.String(), b.String()
}

// ports adds the ports.
func (s *Summary) ports(src, dst uint16) {
	s.From, s.To = netip.AddrPortFrom(s.From.Addr(), src), netip.AddrPortFrom(s.To.Addr(), dst)
	s.Source, s.Destination = s.From.String(), s.To.String()
}

func arp(s *Summary, l *layers.ARP) {
	s.Protocol = "ARP"
	src, _ := netip.AddrFromSlice(l.SourceProtAddress)
	dst, _ := netip.AddrFromSlice(l.DstProtAddress)
	if l.Operation == layers.ARPRequest {
		s.Info = fmt.Sprintf("who has %s? tell %s", dst, src)
	} else {
		s.Info = fmt.Sprintf("%s is at %s", src, macText(l.SourceHwAddress))
	}
}

func macText(b []byte) string {
	parts := make([]string, len(b))
	for i, c := range b {
		parts[i] = fmt.Sprintf("%02x", c)
	}
	return strings.Join(parts, ":")
}

// tcp describes a segment, with its sequence numbers counted from the start of
// the connection.
func (d *Decoder) tcp(s *Summary, l *layers.TCP) {
	there, back := flow{s.From, s.To}, flow{s.To, s.From}
	if _, ok := d.first[there]; !ok || l.SYN {
		d.remember(there, l.Seq)
	}
	if _, ok := d.first[back]; !ok && l.ACK {
		d.remember(back, l.Ack-1)
	}
	s.Protocol = "TCP"
	s.Info = fmt.Sprintf("%d → %d [%s] Seq=%d", l.SrcPort, l.DstPort, flags(l), l.Seq-d.first[there])
	if l.ACK {
		s.Info += fmt.Sprintf(" Ack=%d", l.Ack-d.first[back])
	}
	s.Info += fmt.Sprintf(" Win=%d Len=%d", l.Window, len(l.Payload))
}

func (d *Decoder) remember(f flow, seq uint32) {
	if len(d.first) >= maxFlows {
		clear(d.first)
	}
	d.first[f] = seq
}

func flags(l *layers.TCP) string {
	var on []string
	for _, f := range [...]struct {
		set  bool
		name string
	}{{l.SYN, "SYN"}, {l.FIN, "FIN"}, {l.RST, "RST"}, {l.PSH, "PSH"}, {l.ACK, "ACK"}, {l.URG, "URG"}, {l.ECE, "ECE"}, {l.CWR, "CWR"}} {
		if f.set {
			on = append(on, f.name)
		}
	}
	return strings.Join(on, ", ")
}
