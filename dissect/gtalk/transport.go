package gtalk

import (
	"talktrace/dissect"
)

func init() {
	const tr = "xmpp.gtalk.transport-p2p"
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: P2P Transport", Label: "p2p",
		Doc:    "The addresses at which packets of a session might be received; both sides try them. ICE was made from it.",
		Spaces: []string{"http://www.google.com/transport/p2p"},
		Elements: []dissect.Element{
			{Name: "transport", Field: tr, Doc: "how packets are to find their way"},
			candidate(),
			{Name: "unknown-channel-name", Field: tr + ".unknown-channel-name", Info: "unknown channel[ {@name}]", Doc: "a candidate was for a channel that is not there"},
		},
	})
	const raw = "xmpp.gtalk.transport-raw"
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Raw UDP Transport", Label: "raw-udp",
		Doc:    "One address to send packets to, without any checks.",
		Spaces: []string{"http://www.google.com/transport/raw-udp"},
		Elements: []dissect.Element{
			{Name: "transport", Field: raw, Doc: "how packets are to find their way"},
			{Name: "channel", Field: raw + ".channel", Info: "{@address}[:{@port}][ for {@name}]", Doc: "where packets are received", Fields: []dissect.FieldDef{
				{Name: raw + ".channel.name", Type: dissect.Text, Path: "@name", Doc: "what they are: rtp, rtcp"},
				{Name: raw + ".channel.address", Type: dissect.Address, Path: "@address", Doc: "the address"},
				{Name: raw + ".channel.port", Type: dissect.Number, Path: "@port", Doc: "the port"},
			}},
		},
	})
}

// candidate declares a candidate. It stands in a transport, or in the dialect
// of the first clients in the session itself.
func candidate() dissect.Element {
	const c = "xmpp.gtalk.session.candidate"
	return dissect.Element{
		Name: "candidate", Field: c, Info: "[{@type} ]{@address}[:{@port}][ {@protocol}][ for {@name}]", Doc: "an address at which packets could be received",
		Fields: []dissect.FieldDef{
			{Name: c + ".name", Type: dissect.Text, Path: "@name", Doc: "what the packets are: rtp, rtcp, video_rtp, video_rtcp, or the name of a channel"},
			{Name: c + ".type", Type: dissect.Text, Path: "@type", Doc: "what kind of address it is: local, stun or relay"},
			{Name: c + ".protocol", Type: dissect.Text, Path: "@protocol", Doc: "udp, tcp, or ssltcp: TCP that looks like TLS"},
			{Name: c + ".address", Type: dissect.Address, Path: "@address", Doc: "the address"},
			{Name: c + ".port", Type: dissect.Number, Path: "@port", Doc: "the port"},
			{Name: c + ".username", Type: dissect.Text, Path: "@username", Doc: "user name in the checks of connectivity"},
			{Name: c + ".password", Type: dissect.Text, Path: "@password", Doc: "password in the checks of connectivity"},
			{Name: c + ".preference", Type: dissect.Text, Path: "@preference", Doc: "0 to 1; the higher the earlier it is tried"},
			{Name: c + ".network", Type: dissect.Text, Path: "@network", Doc: "number of the interface"},
			{Name: c + ".generation", Type: dissect.Number, Path: "@generation", Doc: "how often the addresses have been gathered anew"},
			{Name: c + ".component", Type: dissect.Number, Path: "@component", Doc: "1 for RTP, 2 for RTCP"},
		},
	}
}
