package xep

import (
	"talktrace/dissect"
)

func init() {
	const tr, c = contentField + ".transport", contentField + ".transport.candidate"
	dissect.Register(dissect.Extension{
		Spec: "XEP-0177", Title: "Jingle Raw UDP Transport Method", Label: "raw-udp",
		Doc:    "One address to send packets to, without any checks: for gateways that stand where everybody can reach them.",
		Spaces: []string{"urn:xmpp:jingle:transports:raw-udp:1", "urn:xmpp:jingle:transports:raw-udp:0", "http://www.xmpp.org/extensions/xep-0177.html#ns"},
		Elements: []dissect.Element{
			{Name: "transport", Field: tr, Doc: "how packets are to find their way"},
			{Name: "candidate", Field: c, Info: "[{@type} ]{@ip}[:{@port}]", Doc: "the address at which packets are received", Fields: []dissect.FieldDef{
				{Name: c + ".type", Type: dissect.Text, Path: "@type", Doc: "what kind of address it is: host, srflx, prflx or relay"},
				{Name: c + ".ip", Type: dissect.Address, Path: "@ip", Doc: "address at which packets are received"},
				{Name: c + ".port", Type: dissect.Number, Path: "@port", Doc: "port at which packets are received"},
				{Name: c + ".component", Type: dissect.Number, Path: "@component", Doc: "1 for RTP, 2 for RTCP"},
				{Name: c + ".generation", Type: dissect.Number, Path: "@generation", Doc: "how often the addresses have been gathered anew"},
				{Name: c + ".id", Type: dissect.Text, Path: "@id", Doc: "id of the candidate"},
			}},
		},
	})
}
