package analysis

import "talktrace/dissect"

// The kinds of findings that the layers make themselves, where they read what is
// wrong. They are declared here for those who ask why it matters.
func init() {
	for _, k := range [...]Kind{
		{
			ID: "xml-comment", Severity: dissect.Warning, Title: "a comment in the XML",
			Why:    "XMPP forbids it; parsers that see it differently can be made to see different stanzas.",
			Source: "RFC 6120 section 11.1",
		}, {
			ID: "xml-instruction", Severity: dissect.Warning, Title: "a processing instruction in the XML",
			Why:    "XMPP forbids it; parsers that see it differently can be made to see different stanzas.",
			Source: "RFC 6120 section 11.1",
		}, {
			ID: "xml-unbound-prefix", Severity: dissect.Warning, Title: "a namespace prefix that nothing declares",
			Why:    "Nobody can say what the element is; strict parsers end the stream.",
			Source: "RFC 6120 section 4.8.5",
		}, {
			ID: "field-value", Severity: dissect.Warning, Title: "a value that is not of its type",
			Why:    "Whoever has to read it may take it for something else, or give up.",
			Source: "the specification of the field: talktrace fields",
		}, {
			ID: "field-missing", Severity: dissect.Warning, Title: "a value that should be there and is not",
			Why:    "What it belongs to cannot be used without it.",
			Source: "the specification of the field: talktrace fields",
		}, {
			ID: "fields-left-out", Severity: dissect.Remark, Title: "more fields than are shown of a row",
			Why:    "A row with thousands of fields is a large list, or an attempt to exhaust whoever reads it.",
			Source: "RFC 6120 section 13.12",
		}, {
			ID: "caps-hash-wrong", Severity: dissect.Warning, Title: "a capabilities hash that is not that of the capabilities",
			Why:    "Others who trust the hash think that the client can do what it cannot, or the other way round.",
			Source: "XEP-0115 section 5.4",
		}, {
			ID: "tcp-overlap-conflict", Severity: dissect.Warning, Title: "bytes that were sent twice with another content",
			Why:    "The two ends may have taken different copies: a fault on the way, or an attempt to get past whoever looks on.",
			Source: "RFC 9293 section 3.10.7.4",
		}, {
			ID: "proxy-vector", Severity: dissect.Warning, Title: "a vector of the PROXY header is longer than the header",
			Why:    "The proxy is broken, or somebody who is no proxy tries what he gets away with.",
			Source: "The PROXY protocol, section 2.2",
		}, {
			ID: "proxy-address", Severity: dissect.Warning, Title: "a PROXY header without the addresses that it announces",
			Why:    "The server cannot tell its clients apart by their addresses.",
			Source: "The PROXY protocol, section 2",
		}, {
			ID: "bosh-rid-gap", Severity: dissect.Remark, Title: "bodies of a BOSH session that did not come",
			Why:    "Their requests were not captured, or never sent; what was in them is not in the trace.",
			Source: "XEP-0124 section 14",
		}, {
			ID: "ws-binary", Severity: dissect.Warning, Title: "XMPP in a binary message of WebSocket",
			Why:    "Strict implementations close the connection.",
			Source: "RFC 7395 section 3.2",
		}, {
			ID: "ws-mask", Severity: dissect.Warning, Title: "WebSocket frames masked by the wrong side, or not by the right one",
			Why:    "The mask keeps proxies on the way from being fooled; without it the connection has to be closed.",
			Source: "RFC 6455 section 5.1",
		},
	} {
		k.Layer = true
		kind(k)
	}
	tlsKinds()
}

// tlsKinds declares what TLS finds by itself.
func tlsKinds() {
	for _, k := range [...]Kind{
		{
			ID: "tls-certificate-expired", Severity: dissect.Warning, Title: "a certificate that has expired",
			Why:    "Clients that check it refuse the connection; those that do not have nothing to trust in.",
			Source: "RFC 5280 section 4.1.2.5",
		}, {
			ID: "tls-certificate-not-yet-valid", Severity: dissect.Warning, Title: "a certificate that is not valid yet",
			Why:    "A clock is wrong, or somebody was in a hurry; clients that check it refuse the connection.",
			Source: "RFC 5280 section 4.1.2.5",
		}, {
			ID: "tls-truncated", Severity: dissect.Warning, Title: "TLS ended without close_notify",
			Why:    "Something may have been cut off on the way, and nobody would know.",
			Source: "RFC 8446 section 6.1",
		}, {
			ID: "tls-data-after-close", Severity: dissect.Warning, Title: "data behind close_notify",
			Why:    "Nobody is to take it in; who does can be fed what does not belong there.",
			Source: "RFC 8446 section 6.1",
		}, {
			ID: "tls-bad-mac", Severity: dissect.Error, Title: "a record that does not pass its integrity check",
			Why:    "It was changed on the way, by a fault or on purpose; the connection is over.",
			Source: "RFC 8446 section 5.2",
		}, {
			ID: "tls-wrong-key", Severity: dissect.Warning, Title: "the key does not open the connection",
			Why:    "What is in it is not in the trace; the key log is of another session.",
			Source: "RFC 9850",
		}, {
			ID: "tls-out-of-step", Severity: dissect.Warning, Title: "records that cannot be opened any more",
			Why:    "What is in them is not in the trace.",
			Source: "RFC 8446 section 5.3",
		}, {
			ID: "tls-state-lost", Severity: dissect.Warning, Title: "a loss behind which nothing can be opened",
			Why:    "What is in the rest of the connection is not in the trace.",
			Source: "RFC 5246 section 6.2.3.1",
		}, {
			ID: "tls-unsupported-cipher", Severity: dissect.Remark, Title: "a cipher that cannot be opened",
			Why:    "What is in the connection is not in the trace, although the key is known.",
			Source: "RFC 5246 appendix C",
		},
	} {
		k.Layer = true
		kind(k)
	}
}
