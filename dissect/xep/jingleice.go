package xep

import (
	"talktrace/dissect"
)

func init() {
	const tr, c = contentField + ".transport", contentField + ".transport.candidate"
	candidate := []dissect.FieldDef{
		{Name: c + ".type", Type: dissect.Text, Path: "@type", Doc: "what kind of address it is: host, srflx, prflx or relay"},
		{Name: c + ".protocol", Type: dissect.Text, Path: "@protocol", Doc: "udp or tcp"},
		{Name: c + ".ip", Type: dissect.Address, Path: "@ip", Doc: "address at which packets are received; browsers hide it behind a name that ends in .local"},
		{Name: c + ".port", Type: dissect.Number, Path: "@port", Doc: "port at which packets are received"},
		{Name: c + ".component", Type: dissect.Number, Path: "@component", Doc: "1 for RTP, 2 for RTCP"},
		{Name: c + ".foundation", Type: dissect.Text, Path: "@foundation", Doc: "the same for candidates that were found in the same way"},
		{Name: c + ".generation", Type: dissect.Number, Path: "@generation", Doc: "how often the addresses have been gathered anew"},
		{Name: c + ".id", Type: dissect.Text, Path: "@id", Doc: "id of the candidate"},
		{Name: c + ".network", Type: dissect.Text, Path: "@network", Doc: "number of the interface"},
		{Name: c + ".priority", Type: dissect.Number, Path: "@priority", Doc: "the higher the earlier it is tried"},
		{Name: c + ".rel-addr", Type: dissect.Address, Path: "@rel-addr", Doc: "the local address behind it"},
		{Name: c + ".rel-port", Type: dissect.Number, Path: "@rel-port", Doc: "the local port behind it"},
		{Name: c + ".tcptype", Type: dissect.Text, Path: "@tcptype", Doc: "who connects: active, passive or so (RFC 6544)"},
	}
	elements := func() []dissect.Element {
		return []dissect.Element{
			{Name: "transport", Field: tr, Info: "[, all candidates told{?gathering-complete}][, uses {remote-candidate/@ip}]", Doc: "how packets are to find their way", Fields: []dissect.FieldDef{
				{Name: tr + ".ufrag", Type: dissect.Text, Path: "@ufrag", Doc: "user name in the checks of connectivity"},
				{Name: tr + ".pwd", Type: dissect.Text, Path: "@pwd", Doc: "password in the checks of connectivity"},
				{Name: tr + ".rtcp-mux", Type: dissect.Presence, Path: "rtcp-mux", Doc: "control packets (RTCP) go over the same port"},
				{Name: tr + ".gathering-complete", Type: dissect.Presence, Path: "gathering-complete", Doc: "no more candidates come"},
				{Name: tr + ".remote-candidate", Type: dissect.Presence, Path: "remote-candidate", Doc: "the pair that has been chosen", Fields: []dissect.FieldDef{
					{Name: tr + ".remote-candidate.ip", Type: dissect.Address, Path: "@ip", Doc: "the other side's address in it"},
					{Name: tr + ".remote-candidate.port", Type: dissect.Number, Path: "@port", Doc: "the other side's port in it"},
					{Name: tr + ".remote-candidate.component", Type: dissect.Number, Path: "@component", Doc: "1 for RTP, 2 for RTCP"},
				}},
			}},
			{Name: "candidate", Field: c, Info: "[{@type} ]{@ip}[:{@port}][ {@protocol}]", Doc: "an address at which packets could be received", Fields: fieldsOf(candidate)},
		}
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0176", Title: "Jingle ICE-UDP Transport Method", Label: "ice-udp",
		Doc: "Each side tells all addresses at which it might be reached; then both try the pairs until packets come through (RFC 8445).",
		Spaces: []string{
			"urn:xmpp:jingle:transports:ice-udp:1", "urn:xmpp:jingle:transports:ice-udp:0", "urn:xmpp:tmp:jingle:transports:ice-udp",
			"urn:xmpp:tmp:jingle:transports:ice-tcp", "http://www.xmpp.org/extensions/xep-0176.html#ns-udp",
		},
		Elements: elements(),
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0371", Title: "Jingle ICE Transport Method", Label: "ice",
		Doc:      "The same as ICE-UDP, over TCP too.",
		Spaces:   []string{"urn:xmpp:jingle:transports:ice:0"},
		Elements: elements(),
	})
	dissect.Register(dissect.Extension{
		Spec: "Conversations", Title: "Jingle ICE: Options", Label: "ice-option",
		Doc:    "Says what a client's ICE can do: send candidates as they are found, or choose anew.",
		Spaces: []string{"http://gultsch.de/xmpp/drafts/jingle/transports/ice-udp/option"},
		Elements: []dissect.Element{
			{Name: "*", Info: "{:}", Fields: []dissect.FieldDef{
				{Name: tr + ".option", Type: dissect.Text, Path: ":", Doc: "trickle or renomination"},
			}},
		},
	})
}
