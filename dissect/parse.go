package dissect

import (
	"bytes"
	"net/netip"
	"time"
	"unsafe"
)

// parse fills in the number that the text stands for.
func (f *Field) parse() {
	ok := true
	switch f.Def.Type {
	case Presence:
		f.Number = 1
		return
	case Number:
		f.Number, ok = ParseNumber(f.Text)
	case Boolean:
		f.Number, ok = parseBoolean(f.Text)
	case Time:
		f.Number, ok = ParseTime(f.Text)
	case Address:
		_, ok = ParseAddress(f.Text)
		ok = ok || len(f.Text) == 0 || isLocalName(f.Text)
	}
	f.Odd = !ok
}

// ParseNumber reads a decimal number.
func ParseNumber(b []byte) (int64, bool) {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || len(b) > 20 {
		return 0, false
	}
	negative := b[0] == '-'
	if negative || b[0] == '+' {
		b = b[1:]
	}
	var n int64
	for _, c := range b {
		d := int64(c - '0')
		if c < '0' || c > '9' || n > (1<<63-1-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	if negative {
		n = -n
	}
	return n, len(b) > 0
}

// parseBoolean reads a boolean as XML Schema writes it.
func parseBoolean(b []byte) (int64, bool) {
	switch string(bytes.TrimSpace(b)) {
	case "true", "1":
		return 1, true
	case "false", "0":
		return 0, true
	}
	return 0, false
}

// ParseTime reads a time as XEP-0082 writes it, or as XEP-0091 did. It returns
// nanoseconds since 1970.
func ParseTime(b []byte) (int64, bool) {
	s := string(bytes.TrimSpace(b))
	for _, layout := range [...]string{time.RFC3339Nano, "20060102T15:04:05", "2006-01-02T15:04:05Z0700", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UnixNano(), true
		}
	}
	return 0, false
}

// ParseAddress reads an IP address.
func ParseAddress(b []byte) (netip.Addr, bool) {
	const longest = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%zone0123456789")
	if len(b) > longest {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(unsafe.String(unsafe.SliceData(b), len(b))) // which keeps none of it
	return a.Unmap(), err == nil
}

// isLocalName reports whether a browser has put a name of multicast DNS where
// an address belongs, so as not to tell it.
func isLocalName(b []byte) bool { return bytes.HasSuffix(b, []byte(".local")) }
