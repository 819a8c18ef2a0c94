package xep

import (
	"talktrace/dissect"
)

func init() {
	const c = "xmpp.channel"
	service := func(name, doc string) dissect.FieldDef {
		return dissect.FieldDef{Name: "xmpp.services." + name, Type: dissect.Presence, Path: name, Doc: doc, Fields: []dissect.FieldDef{
			{Name: "xmpp.services.address", Type: dissect.Text, Path: "@address", Doc: "where it is"},
			{Name: "xmpp.services.policy", Type: dissect.Text, Path: "@policy", Doc: "who may use it: public or roster"},
			{Name: "xmpp.services.protocol", Type: dissect.Text, Path: "@protocol", Doc: "udp or tcp"},
		}}
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0278", Title: "Jingle Relay Nodes", Label: "relay",
		Doc:    "Finds somebody who passes packets on between two that cannot reach each other, and opens a channel there.",
		Spaces: []string{"http://jabber.org/protocol/jinglenodes", "http://jabber.org/protocol/jinglenodes#channel"},
		Elements: []dissect.Element{
			{Name: "services", Field: "xmpp.services", Info: "services[, {#relay relay relays}][, {#tracker tracker trackers}][, {#stun STUN-server STUN-servers}]", Doc: "who passes packets on", Fields: []dissect.FieldDef{
				service("relay", "passes packets on"), service("tracker", "knows who does"), service("stun", "tells one's public address (RFC 8489)"),
			}},
			{Name: "channel", Field: c, Info: "channel[ {~@id}][ at {@host}][, ports {@localport} and {@remoteport}]", Doc: "a place where packets are passed on", Fields: []dissect.FieldDef{
				{Name: c + ".id", Type: dissect.Text, Path: "@id", Doc: "id of the channel"},
				{Name: c + ".host", Type: dissect.Text, Path: "@host", Doc: "where it is"},
				{Name: c + ".localport", Type: dissect.Number, Path: "@localport", Doc: "port for the one that asked"},
				{Name: c + ".remoteport", Type: dissect.Number, Path: "@remoteport", Doc: "port for the other one"},
				{Name: c + ".protocol", Type: dissect.Text, Path: "@protocol", Doc: "udp or tcp"},
				{Name: c + ".maxkbps", Type: dissect.Number, Path: "@maxkbps", Doc: "at most so many kilobits each second"},
				{Name: c + ".expire", Type: dissect.Number, Path: "@expire", Doc: "seconds of silence after which it is closed"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0278", Title: "Jingle Relay Nodes: TURN Credentials", Label: "relay-login",
		Doc:    "A user name and password for a relay that speaks TURN (RFC 8656).",
		Spaces: []string{"http://jabber.org/protocol/jinglenodes#turncredentials"},
		Elements: []dissect.Element{
			{Name: "turn", Field: "xmpp.turn", Info: "[for {@uri}][, {@ttl} seconds]", Doc: "a login for a TURN server", Fields: []dissect.FieldDef{
				{Name: "xmpp.turn.username", Type: dissect.Text, Path: "@username", Doc: "user name"},
				{Name: "xmpp.turn.password", Type: dissect.Text, Path: "@password", Doc: "password"},
				{Name: "xmpp.turn.ttl", Type: dissect.Number, Path: "@ttl", Doc: "seconds for which they are good"},
				{Name: "xmpp.turn.uri", Type: dissect.Text, Path: "@uri", Doc: "where the server is"},
			}},
		},
	})
}
