// Package capturetest builds captures for tests: TCP conversations, segment by
// segment, with whatever the network or the capture did to them. A test says
// it in Go, or in the text form that Parse reads.
//
//	c := capturetest.New()
//	conn := c.Connect("192.0.2.1:40000", "192.0.2.2:5222")
//	conn.Open()
//	conn.Send(capturetest.Client, "<stream:stream to='capulet.example' …>")
//	err := c.Write(w, pcapfile.Pcap)
//
// Frames are serialized by gopacket, not by code of ours, so that a mistake in
// our reading of a header cannot be made twice.
package capturetest

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
)

// Capture is a capture in the making. Its fields say how the frames made from
// then on look, but for Snaplen and Link, which hold for all of them.
type Capture struct {
	Link    capture.LinkType // ethernet, raw, null or Linux SLL; ethernet if not set
	VLAN    uint16           // 802.1Q tag of the frames, 0 for none
	Snaplen int              // bytes that are kept of a frame, 0 for all
	Now     time.Time        // when the next frame is captured
	Step    time.Duration    // time from one frame to the next

	frames []capture.Frame
	err    error
}

// New returns a capture without frames. It begins at a fixed time, with a
// millisecond between the frames.
func New() *Capture {
	return &Capture{
		Link: capture.LinkEthernet,
		Now:  time.Date(2026, time.November, 5, 12, 0, 0, 0, time.UTC),
		Step: time.Millisecond,
	}
}

// Write writes the capture and returns the first thing that went wrong in
// making or writing it.
func (c *Capture) Write(w io.Writer, format pcapfile.Format) error {
	out := pcapfile.NewWriter(w, format)
	for i := range c.frames {
		f := c.frames[i]
		if f.Link = c.Link; c.Snaplen > 0 {
			f.Data = f.Data[:min(len(f.Data), c.Snaplen)]
		}
		if err := out.WriteFrame(&f); err != nil {
			return err
		}
	}
	if c.err != nil {
		return c.err
	}
	return out.Close()
}

// Datagram appends a UDP datagram.
func (c *Capture) Datagram(src, dst netip.AddrPort, payload []byte) {
	udp := &layers.UDP{SrcPort: layers.UDPPort(src.Port()), DstPort: layers.UDPPort(dst.Port())}
	c.packet(src.Addr(), dst.Addr(), layers.IPProtocolUDP, udp, gopacket.Payload(payload))
}

// Answer appends the answer of a name server: the host has the address.
func (c *Capture) Answer(host string, addr netip.Addr) {
	kind, class := layers.DNSTypeA, layers.DNSClassIN
	if addr.Is6() {
		kind = layers.DNSTypeAAAA
	}
	dns := &layers.DNS{
		ID: 1, QR: true, RD: true, RA: true,
		Questions: []layers.DNSQuestion{{Name: []byte(host), Type: kind, Class: class}},
		Answers:   []layers.DNSResourceRecord{{Name: []byte(host), Type: kind, Class: class, TTL: 60, IP: addr.AsSlice()}},
	}
	server, client := netip.MustParseAddr("192.0.2.53"), netip.MustParseAddr("192.0.2.1")
	udp := &layers.UDP{SrcPort: 53, DstPort: 33333}
	c.packet(server, client, layers.IPProtocolUDP, udp, dns)
}

// transport is a layer whose checksum needs the addresses.
type transport interface {
	gopacket.SerializableLayer
	SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
}

// packet appends a frame.
func (c *Capture) packet(src, dst netip.Addr, proto layers.IPProtocol, t transport, payload gopacket.SerializableLayer) {
	var ip interface {
		gopacket.NetworkLayer
		gopacket.SerializableLayer
	}
	kind := layers.EthernetTypeIPv4
	if src.Is4() {
		ip = &layers.IPv4{Version: 4, TTL: 64, Protocol: proto, SrcIP: src.AsSlice(), DstIP: dst.AsSlice()}
	} else {
		kind = layers.EthernetTypeIPv6
		ip = &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: proto, SrcIP: src.AsSlice(), DstIP: dst.AsSlice()}
	}
	all := append(c.link(kind), ip, t, payload)
	buf := gopacket.NewSerializeBuffer()
	err := t.SetNetworkLayerForChecksum(ip)
	if err == nil {
		err = gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, all...)
	}
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("frame %d: %w", len(c.frames)+1, err)
	}
	c.frames = append(c.frames, capture.Frame{
		Time: c.Now.UnixNano(), Precision: 9, Data: buf.Bytes(), Length: len(buf.Bytes()),
	})
	c.Now = c.Now.Add(c.Step)
}

// link returns what a frame begins with.
func (c *Capture) link(kind layers.EthernetType) []gopacket.SerializableLayer {
	switch c.Link {
	case capture.LinkRaw:
		return nil
	case capture.LinkNull:
		family := layers.ProtocolFamilyIPv4
		if kind == layers.EthernetTypeIPv6 {
			family = layers.ProtocolFamilyIPv6Linux
		}
		return []gopacket.SerializableLayer{&layers.Loopback{Family: family}}
	case capture.LinkLinuxSLL:
		// gopacket reads this header and does not write it: packet type,
		// ARPHRD_ETHER, an address of six bytes, padding, protocol.
		head := []byte{0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0}
		return []gopacket.SerializableLayer{gopacket.Payload(binary.BigEndian.AppendUint16(head, uint16(kind)))}
	}
	ethernet := &layers.Ethernet{
		SrcMAC: net.HardwareAddr{2, 0, 0, 0, 0, 1}, DstMAC: net.HardwareAddr{2, 0, 0, 0, 0, 2}, EthernetType: kind,
	}
	if c.VLAN == 0 {
		return []gopacket.SerializableLayer{ethernet}
	}
	ethernet.EthernetType = layers.EthernetTypeDot1Q
	return []gopacket.SerializableLayer{ethernet, &layers.Dot1Q{VLANIdentifier: c.VLAN, Type: kind}}
}
