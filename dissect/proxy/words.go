package proxy

import "strconv"

// The authentication methods of SOCKS 5 that are looked at (RFC 1928 section 3).
const (
	methodNone     = 0
	methodGSSAPI   = 1
	methodPassword = 2
	methodRefused  = 0xff
)

// methods are those registered with IANA.
var methods = map[byte]string{
	methodNone: "no authentication", methodGSSAPI: "GSSAPI", methodPassword: "username/password",
	3: "CHAP", 5: "CRAM", 6: "TLS", 7: "NDS", 8: "multiple methods", 9: "JSON parameters",
}

// methodName names a method.
func methodName(m byte) string {
	if name := methods[m]; name != "" {
		return name
	}
	if m >= 0x80 {
		return "private method " + strconv.Itoa(int(m))
	}
	return "method " + strconv.Itoa(int(m))
}

// The commands of SOCKS.
const (
	commandConnect   = 1
	commandBind      = 2
	commandAssociate = 3
)

var commands = map[byte]string{commandConnect: "CONNECT", commandBind: "BIND", commandAssociate: "UDP ASSOCIATE"}

// replies are what a SOCKS 5 server answers (RFC 1928 section 6).
var replies = [...]string{
	"succeeded", "general SOCKS server failure", "connection not allowed by ruleset", "network unreachable",
	"host unreachable", "connection refused", "TTL expired", "command not supported", "address type not supported",
}

func replyName(code byte) string {
	if int(code) < len(replies) {
		return replies[code]
	}
	return "unassigned reply"
}

// What a SOCKS 4 server answers.
const (
	granted4     = 90
	lastRefusal4 = 93
)

var replies4 = map[byte]string{
	granted4:     "request granted",
	91:           "request rejected or failed",
	92:           "rejected, for the server cannot connect to identd on the client",
	lastRefusal4: "rejected, for the client and identd report different user ids",
}
