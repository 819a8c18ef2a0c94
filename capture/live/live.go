// Package live captures on network interfaces. It is the only package that
// needs libpcap, and with it cgo: a build without cgo has the same functions,
// which return ErrNotBuilt.
package live

import (
	"errors"
	"net/netip"
)

// ErrNotBuilt says that the program was built without cgo.
var ErrNotBuilt = errors.New("this build has no live capture")

// Options say how to capture. The zero value captures whole frames, not
// promiscuously, with libpcap's own buffer size.
type Options struct {
	Filter      string // in libpcap's syntax; empty captures all
	Snaplen     int    // bytes of each frame to keep; 0 means 262144
	Promiscuous bool   // also frames that are not for this machine, where the interface can
	BufferMiB   int    // the kernel's buffer; 0 leaves it to libpcap
	Immediate   bool   // hand out each frame as it comes, rather than in batches
}

// Interface is something that can be captured on.
type Interface struct {
	Name        string
	Description string // may be empty
	Addresses   []netip.Addr
	Up          bool
	Loopback    bool
}
