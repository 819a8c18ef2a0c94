package tls

import (
	"slices"
	"strings"
)

// The extensions of hellos that are read, by their numbers in IANA's registry.
const (
	extServerName          = 0
	extSupportedGroups     = 10
	extPointFormats        = 11
	extSignatureAlgorithms = 13
	extALPN                = 16
	extEncryptThenMAC      = 22
	extExtendedMaster      = 23
	extSessionTicket       = 35
	extPreSharedKey        = 41
	extEarlyData           = 42
	extSupportedVersions   = 43
	extKeyShare            = 51
)

// What is kept of the lists in a hello. No real one has as many; it bounds what
// a hostile one can make a connection cost.
const (
	maxSuites     = 256
	maxExtensions = 128
	maxProtocols  = 16
	maxVersions   = 16
	maxGroups     = 64
	maxName       = 255 // bytes of a server name or protocol name
)

// ClientHello is what a client offers (RFC 8446 section 4.1.2). GREASE values
// (RFC 8701) are left out of its lists. It owns all its memory.
type ClientHello struct {
	Version    uint16   // legacy_version; see MaxVersion
	Random     [32]byte // of the SSL 2.0 format the challenge, with zeros before it
	SessionID  []byte
	Suites     []uint16 // in the client's order
	Extensions []uint16 // their types, in the order in which they came
	ServerName string   // empty where none is sent
	ALPN       []string // in the client's order
	Versions   []uint16 // the supported_versions extension; empty where there is none
	SSLv2      bool     // it came in the format of SSL 2.0

	Groups              []uint16 // the supported_groups extension
	PointFormats        []byte   // of elliptic curves
	SignatureAlgorithms []uint16

	ticket string // the ticket it shows, as sessions name it; empty where there is none
}

// has reports whether the client sent an extension.
func (h *ClientHello) has(extension uint16) bool {
	return slices.Contains(h.Extensions, extension)
}

// MaxVersion returns the highest version of TLS that the client offers, as the
// number it has on the wire: 0x0304 for TLS 1.3. Drafts and experiments count
// only where nothing else is offered.
func (h *ClientHello) MaxVersion() uint16 {
	var best uint16
	for _, v := range h.Versions {
		if v <= versionTLS13 {
			best = max(best, v)
		}
	}
	if best == 0 {
		return h.Version
	}
	return best
}

// ServerHello is what a server chose (RFC 8446 section 4.1.3). It owns all its
// memory.
type ServerHello struct {
	Version    uint16 // the version negotiated
	Random     [32]byte
	SessionID  []byte
	Suite      uint16
	Extensions []uint16
	Group      uint16 // of the key share; 0 where there is none
	ALPN       string // empty where none was chosen in the clear
	Retry      bool   // it is a HelloRetryRequest
	Compressed bool   // the records are, before they are sealed

	legacyVersion uint16 // of the field that TLS 1.3 keeps for show
}

// has reports whether the server sent an extension.
func (h *ServerHello) has(extension uint16) bool {
	return slices.Contains(h.Extensions, extension)
}

// parseClientHello reads the body of a ClientHello. It fails where one of the
// fields before the extensions is cut short; bad extensions are passed over.
func parseClientHello(body []byte) (*ClientHello, bool) {
	r := reader{b: body}
	h := &ClientHello{Version: r.uint16()}
	copy(h.Random[:], r.bytes(len(h.Random)))
	session := r.vector(1)
	h.SessionID = slices.Clone(session.b[:min(len(session.b), 32)])
	suites := r.vector(2)
	r.vector(1) // compression methods
	if r.short {
		return nil, false
	}
	h.Suites = suites.numbers(maxSuites)
	eachExtension(r.vectorAsFar(2), func(kind uint16, content reader) {
		if isGREASE(kind) {
			return
		}
		if len(h.Extensions) < maxExtensions {
			h.Extensions = append(h.Extensions, kind)
		}
		h.extension(kind, content)
	})
	return h, true
}

// extension reads an extension.
func (h *ClientHello) extension(kind uint16, content reader) {
	switch kind {
	case extServerName:
		h.ServerName = serverName(content)
	case extALPN:
		h.ALPN = protocols(content)
	case extSupportedVersions:
		versions := content.vector(1)
		h.Versions = versions.numbers(maxVersions)
	case extSupportedGroups:
		groups := content.vector(2)
		h.Groups = groups.numbers(maxGroups)
	case extPointFormats:
		formats := content.vector(1)
		h.PointFormats = slices.Clone(formats.b[:min(len(formats.b), maxVersions)])
	case extSignatureAlgorithms:
		algorithms := content.vector(2)
		h.SignatureAlgorithms = algorithms.numbers(maxGroups)
	case extSessionTicket:
		if len(content.b) > 0 {
			h.ticket = ticketName(content.b)
		}
	}
}

// retryRandom marks a ServerHello as a HelloRetryRequest.
const retryRandom = "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91" +
	"\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c"

// parseServerHello reads the body of a ServerHello or HelloRetryRequest.
func parseServerHello(body []byte) (*ServerHello, bool) {
	r := reader{b: body}
	h := &ServerHello{Version: r.uint16()}
	h.legacyVersion = h.Version
	copy(h.Random[:], r.bytes(len(h.Random)))
	session := r.vector(1)
	h.SessionID = slices.Clone(session.b[:min(len(session.b), 32)])
	h.Suite = r.uint16()
	h.Compressed = r.uint(1) != 0
	if r.short {
		return nil, false
	}
	h.Retry = string(h.Random[:]) == retryRandom
	eachExtension(r.vectorAsFar(2), func(kind uint16, content reader) {
		if len(h.Extensions) < maxExtensions {
			h.Extensions = append(h.Extensions, kind)
		}
		switch kind {
		case extSupportedVersions:
			if v := content.uint16(); v != 0 {
				h.Version = v
			}
		case extKeyShare:
			h.Group = content.uint16()
		case extALPN:
			if names := protocols(content); len(names) > 0 {
				h.ALPN = names[0]
			}
		}
	})
	return h, true
}

// eachExtension calls found for each extension that is whole.
func eachExtension(r reader, found func(kind uint16, content reader)) {
	for len(r.b) > 0 {
		kind := r.uint16()
		content := r.vector(2)
		if r.short {
			return
		}
		found(kind, content)
	}
}

// serverName returns the host name of a server_name extension, RFC 6066
// section 3.
func serverName(r reader) string {
	names := r.vector(2)
	for len(names.b) > 0 {
		kind := names.uint(1)
		name := names.vector(2)
		if kind == 0 && !names.short && len(name.b) <= maxName {
			return text(name.b)
		}
	}
	return ""
}

// protocols returns the names in an ALPN extension, RFC 7301 section 3.1.
func protocols(r reader) []string {
	var names []string
	list := r.vector(2)
	for len(list.b) > 0 && len(names) < maxProtocols {
		name := list.vector(1).b
		if len(name) == 2 && isGREASE(uint16(name[0])<<8|uint16(name[1])) {
			continue
		}
		if len(name) > 0 {
			names = append(names, text(name))
		}
	}
	return names
}

// text returns a copy of a name, with U+FFFD for what is not UTF-8.
func text(name []byte) string { return strings.ToValidUTF8(string(name), "\uFFFD") }

// numbers returns the two-byte numbers that r consists of, at most limit of
// them, without GREASE values.
func (r *reader) numbers(limit int) []uint16 {
	if len(r.b) < 2 {
		return nil
	}
	list := make([]uint16, 0, min(len(r.b)/2, limit))
	for len(r.b) >= 2 && len(list) < limit {
		if n := r.uint16(); !isGREASE(n) {
			list = append(list, n)
		}
	}
	return list
}

// isGREASE reports whether n is one of the values that clients send to keep
// servers tolerant, RFC 8701.
func isGREASE(n uint16) bool { return n&0x0f0f == 0x0a0a && n>>8 == n&0xff }
