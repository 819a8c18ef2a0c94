package filter

import "strings"

// counterparts are names that Wireshark's users write, and what is asked instead
// where rows are stanzas.
var counterparts = [...]struct{ begins, instead string }{
	{"_ws.col.info", `write info contains "…"`},
	{"_ws.col.protocol", `write protocol == "XMPP"`},
	{"_ws.expert", `write finding`},
	{"body", `write xmpp.message.body contains "…"`},
	{"dns", framesOwn},
	{"eth", framesOwn},
	{"frame.len", ownLength},
	{"http", `write layers contains "http" for what travelled in HTTP`},
	{"jabber", `write xmpp`},
	{"ssl", `write tls`},
	{"stanza", `write kind == "message"`},
	{"tcp.analysis", framesOwn},
	{"tcp.flags", framesOwn},
	{"tcp.len", ownLength},
	{"tcp.payload", `write xmpp contains "…"`},
	{"tls.handshake.type", `write info contains "ClientHello"`},
	{"udp", framesOwn},
	{"xmpp.response_in", `write request == 9 for the answer to row 9`},
	{"xmpp.response_to", `write request == 9 for the answer to row 9`},
	{"xmpp.xmlns", `write xmlns == "…"`},
}

// ownLength is what there is instead of the lengths of frames.
const ownLength = "write length > 300 for the bytes of the stanza"

// framesOwn is what there is instead of the fields of frames.
const framesOwn = `rows are stanzas and have no such fields; write their frames with -w, and ask tshark`

// counterpart returns what there is instead of a field of Wireshark's, and "" if
// the name is none that is known.
func counterpart(name string) string {
	name = strings.ToLower(name)
	for i := range counterparts {
		c := &counterparts[i]
		if rest, ok := strings.CutPrefix(name, c.begins); ok && (rest == "" || rest[0] == '.') {
			return c.instead
		}
	}
	return ""
}

// insides are what Wireshark looks into for bytes, and rows do not have.
func insides(name string) bool {
	switch name {
	case "frame", "ip", "ipv6", "tcp", "tls":
		return true
	}
	return false
}

// lookInside is what there is instead.
const lookInside = `xmpp contains "…" looks into all of a stanza`
