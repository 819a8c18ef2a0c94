package packet

import (
	"fmt"
	"net/netip"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// Names calls found for every address that a DNS message gives a name to. A
// name that is reached over aliases is the one that was asked for.
func Names(payload []byte, found func(netip.Addr, string)) {
	defer func() { _ = recover() }() // gopacket's decoder is not safe from hostile bytes
	var m layers.DNS
	if !modest(payload) {
		return
	}
	if m.DecodeFromBytes(payload, gopacket.NilDecodeFeedback) != nil || !m.QR {
		return
	}
	for i := range m.Answers {
		a := &m.Answers[i]
		if a.Type != layers.DNSTypeA && a.Type != layers.DNSTypeAAAA {
			continue
		}
		addr, ok := netip.AddrFromSlice(a.IP)
		if !ok {
			continue
		}
		name := string(a.Name)
		if len(m.Questions) == 1 && (m.Questions[0].Type == layers.DNSTypeA || m.Questions[0].Type == layers.DNSTypeAAAA) {
			name = string(m.Questions[0].Name)
		}
		found(addr.Unmap(), name)
	}
}

// modest reports whether a DNS message has few enough records to be decoded. Its
// names are compressed, so a small one with many can take very long.
func modest(b []byte) bool {
	const header, most = 12, 128
	if len(b) < header {
		return false
	}
	records := 0
	for i := 4; i < header; i += 2 {
		records += int(b[i])<<8 | int(b[i+1])
	}
	return records <= most
}

// dns describes a DNS message by its question and its first answers.
func (s *Summary) dns(m *layers.DNS) {
	s.Protocol = "DNS"
	s.Info = "query"
	if m.QR {
		s.Info = "response"
	}
	for i, q := range m.Questions {
		if i == 3 {
			s.Info += " …"
			break
		}
		s.Info += fmt.Sprintf(" %s %s", q.Type, q.Name)
	}
	if m.QR && m.ResponseCode != layers.DNSResponseCodeNoErr {
		s.Info += " " + m.ResponseCode.String()
	}
	for i, a := range m.Answers {
		if i == 3 {
			s.Info += " …"
			break
		}
		switch {
		case len(a.IP) > 0:
			s.Info += " " + a.IP.String()
		case len(a.CNAME) > 0:
			s.Info += " " + string(a.CNAME)
		case a.Type == layers.DNSTypeSRV:
			s.Info += fmt.Sprintf(" %s:%d", a.SRV.Name, a.SRV.Port)
		}
	}
}
