package dissect

import "slices"

// kinds are the kinds of rows that can be expected: what stands on the first level
// of a stream by one of the specifications, what layers tell, and damage. Streams
// may hold others.
var kinds = [...]string{
	"message", "presence", "iq",
	KindStream, KindStreamClose, "features", "error", "starttls", "proceed", // RFC 6120
	"auth", "challenge", "response", "success", "failure", "abort",
	"authenticate", "continue", "next", // XEP-0388
	"compress", "compressed", // XEP-0138
	"enable", "enabled", "r", "a", "resume", "resumed", "failed", // XEP-0198
	"active", "inactive", // XEP-0352
	"handshake",                // XEP-0114
	"result", "verify", "bidi", // XEP-0220, XEP-0288
	"body", "open", "close", // XEP-0124, RFC 7395
	KindKeepalive, KindTLS, KindProxy,
	KindGap, KindMalformed, KindUnfinished, KindEnd,
	"frame", // with --packets
}

// Kinds returns the kinds of rows that can be expected, those first that most
// rows are of.
func Kinds() []string { return slices.Clone(kinds[:]) }
