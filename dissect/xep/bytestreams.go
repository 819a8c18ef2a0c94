package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0065", Title: "SOCKS5 Bytestreams", Label: "bytestream",
		Doc:    "A TCP connection for bytes between two clients, direct or through a proxy. One side lists addresses, the other tells which of them it has connected to.",
		Spaces: []string{"http://jabber.org/protocol/bytestreams"},
		Elements: []dissect.Element{
			{
				Name: "query", Field: "xmpp.query", Doc: "addresses, or the one that was chosen",
				Info: "[{~@sid}][, at {streamhost/@host}:{streamhost/@port}][, {#streamhost streamhost streamhosts}][, connected to {streamhost-used/@jid}][, activate it for {activate}]",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.query.sid", Type: dissect.Text, Path: "@sid", Doc: "id of the bytestream"},
					{Name: "xmpp.query.mode", Type: dissect.Text, Path: "@mode", Doc: "tcp or udp"},
					{Name: "xmpp.query.dstaddr", Type: dissect.Text, Path: "@dstaddr", Doc: "what the proxy knows the bytestream by: a SHA-1"},
					{Name: "xmpp.query.streamhost", Type: dissect.Presence, Path: "streamhost", Doc: "a place to connect to", Fields: []dissect.FieldDef{
						{Name: "xmpp.query.streamhost.jid", Type: dissect.JID, Path: "@jid", Doc: "whose it is: a client's or a proxy's"},
						{Name: "xmpp.query.streamhost.host", Type: dissect.Text, Path: "@host", Doc: "name or address to connect to"},
						{Name: "xmpp.query.streamhost.port", Type: dissect.Number, Path: "@port", Doc: "port to connect to"},
						{Name: "xmpp.query.streamhost.zeroconf", Type: dissect.Text, Path: "@zeroconf", Doc: "name of the service on the local network"},
					}},
					{Name: "xmpp.query.streamhost-used", Type: dissect.Presence, Path: "streamhost-used", Doc: "which place has been connected to", Fields: []dissect.FieldDef{
						{Name: "xmpp.query.streamhost-used.jid", Type: dissect.JID, Path: "@jid", Doc: "whose it is"},
					}},
					{Name: "xmpp.query.activate", Type: dissect.JID, Path: "activate", Doc: "the proxy is to begin to pass bytes on to this client"},
				},
			},
			{Name: "udpsuccess", Field: "xmpp.query.udpsuccess", Info: "UDP works", Doc: "packets have come through", Fields: []dissect.FieldDef{
				{Name: "xmpp.query.dstaddr", Type: dissect.Text, Path: "@dstaddr", Doc: "what the proxy knows the bytestream by: a SHA-1"},
			}},
		},
	})
}
