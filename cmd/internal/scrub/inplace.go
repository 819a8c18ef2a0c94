package scrub

import (
	"bytes"
	"net/netip"
)

// What follows replaces text that is no XML: of proxies, of HTTP, of WebSocket.

// login replaces, in place, what somebody logs in with.
func (r *redactor) login(b []byte) {
	if len(b) > 0 {
		if out := r.words(b, true, "a credential"); r.second {
			copy(b, out)
		}
	}
}

// target replaces, in place, the name of a host or of somebody.
func (r *redactor) target(b []byte) {
	if len(b) == 0 {
		return
	}
	if _, err := netip.ParseAddr(string(b)); err == nil {
		if r.Addresses {
			r.ip(b)
		}
		return
	}
	if r.JIDs {
		r.address(bytes.Clone(b))
		if r.second {
			copy(b, r.disguise.text(b, false))
		}
	}
}

// familiar replaces, in place, the known values in text that is no XML.
func (r *redactor) familiar(b []byte) {
	if r.second {
		copy(b, r.known.replace(b))
	}
}

// opaque replaces, in place, a value of whatever form.
func (r *redactor) opaque(b []byte) {
	if r.second {
		copy(b, r.disguise.text(b, false))
	}
}

// dotted writes dots over what is readable.
func dotted(b []byte) {
	for i, c := range b {
		if c > ' ' {
			b[i] = '.'
		}
	}
}
