package xep

import (
	"talktrace/dissect"
)

func init() {
	const tr, c = contentField + ".transport", contentField + ".transport.candidate"
	chosen := dissect.FieldDef{Name: c + ".cid", Type: dissect.Text, Path: "@cid", Doc: "id of the candidate"}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0260", Title: "Jingle SOCKS5 Bytestreams Transport Method", Label: "SOCKS5",
		Doc:    "A TCP connection from one client to the other, or of both to a proxy. Both sides tell where they can be reached, try the other one's addresses, and say which worked.",
		Spaces: []string{"urn:xmpp:jingle:transports:s5b:1", "urn:xmpp:jingle:transports:s5b:0"},
		Elements: []dissect.Element{
			{Name: "transport", Field: tr, Doc: "how bytes are to find their way", Fields: []dissect.FieldDef{
				{Name: tr + ".sid", Type: dissect.Text, Path: "@sid", Doc: "id of the bytestream"},
				{Name: tr + ".mode", Type: dissect.Text, Path: "@mode", Doc: "tcp or udp"},
				{Name: tr + ".dstaddr", Type: dissect.Text, Path: "@dstaddr", Doc: "what the proxy knows the bytestream by: a SHA-1"},
				{Name: tr + ".candidate-used", Type: dissect.Presence, Path: "candidate-used", Doc: "one of the other side's candidates could be connected to", Fields: []dissect.FieldDef{chosen}},
				{Name: tr + ".candidate-error", Type: dissect.Presence, Path: "candidate-error", Doc: "none of the other side's candidates could be connected to"},
				{Name: tr + ".activated", Type: dissect.Presence, Path: "activated", Doc: "the proxy passes bytes on", Fields: []dissect.FieldDef{chosen}},
				{Name: tr + ".proxy-error", Type: dissect.Presence, Path: "proxy-error", Doc: "the proxy could not be used"},
			}, Info: "[, candidate {~candidate-used/@cid} works][, no candidate works{?candidate-error}][, proxy {~activated/@cid} is active][, the proxy fails{?proxy-error}]"},
			{Name: "candidate", Field: c, Info: "[{@type} ]{@host}[:{@port}]", Doc: "where the sender can be connected to", Fields: []dissect.FieldDef{
				chosen,
				{Name: c + ".type", Type: dissect.Text, Path: "@type", Doc: "direct, assisted, tunnel or proxy"},
				{Name: c + ".host", Type: dissect.Text, Path: "@host", Doc: "name or address to connect to"},
				{Name: c + ".port", Type: dissect.Number, Path: "@port", Doc: "port to connect to"},
				{Name: c + ".jid", Type: dissect.JID, Path: "@jid", Doc: "whose it is: the client's or a proxy's"},
				{Name: c + ".priority", Type: dissect.Number, Path: "@priority", Doc: "the higher the earlier it is tried"},
			}},
			{Name: "streamhost", Field: c, Info: "{@host}[:{@port}]", Doc: "where the sender can be connected to, as version 0 says it", Fields: []dissect.FieldDef{
				{Name: c + ".host", Type: dissect.Text, Path: "@host", Doc: "name or address to connect to"},
				{Name: c + ".port", Type: dissect.Number, Path: "@port", Doc: "port to connect to"},
				{Name: c + ".jid", Type: dissect.JID, Path: "@jid", Doc: "whose it is: the client's or a proxy's"},
			}},
		},
	})
}
