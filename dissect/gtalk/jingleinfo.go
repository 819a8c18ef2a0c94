package gtalk

import (
	"talktrace/dissect"
)

func init() {
	const j = "xmpp.gtalk.jingleinfo"
	server := func(name, path, doc string) dissect.FieldDef {
		return dissect.FieldDef{Name: name, Type: dissect.Presence, Path: path, Doc: doc, Fields: []dissect.FieldDef{
			{Name: j + ".host", Type: dissect.Text, Path: "@host", Doc: "name of the server"},
			{Name: j + ".udp", Type: dissect.Number, Path: "@udp", Doc: "its port for UDP"},
			{Name: j + ".tcp", Type: dissect.Number, Path: "@tcp", Doc: "its port for TCP"},
			{Name: j + ".tcpssl", Type: dissect.Number, Path: "@tcpssl", Doc: "its port for TCP that looks like TLS"},
		}}
	}
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Jingle Discovery of STUN and Relays", Label: "jingleinfo",
		Doc:    "Tells a client, before it calls anybody, who can tell it its public address (STUN) and who will pass packets on; the token buys the latter and is good for some hours.",
		Spaces: []string{"google:jingleinfo"},
		Elements: []dissect.Element{
			{
				Name: "query", Field: j, Doc: "asks for the servers, or lists them",
				Info: "[, {#stun/server STUN-server STUN-servers}][, {#relay/server relay relays}][, with a token{?relay/token}]",
				Fields: []dissect.FieldDef{
					server(j+".stun", "stun/server", "a server that tells one's public address"),
					server(j+".relay", "relay/server", "a server that passes packets on"),
					{Name: j + ".relay.token", Type: dissect.Text, Path: "relay/token", Doc: "what the relay asks for"},
				},
			},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Relay Token", Label: "relay-token",
		Doc:    "Asks for what a relay of packets wants to be shown (2005 to 2006; jingleinfo came after it).",
		Spaces: []string{"google:relay"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.gtalk.relay", Info: "[, with a token{?token}]", Doc: "asks for a token, or gives it", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.relay.token", Type: dissect.Text, Path: "token", Doc: "the token"},
			}},
		},
	})
}
