// Package capture brings frames from wherever they come: capture files in
// their several formats, standard input, pipes and interfaces.
//
// A Source hands out one frame at a time and owns its bytes; whoever wants to
// keep them past the next call copies them.
package capture

import (
	"fmt"
	"net/netip"
)

// LinkType says how the bytes of a frame begin. The values are the LINKTYPE_
// numbers of https://www.tcpdump.org/linktypes.html, as capture files hold them.
type LinkType uint32

// The link types that package reassembly can look into.
const (
	LinkNull       LinkType = 0   // BSD loopback, address family in host byte order
	LinkEthernet   LinkType = 1   //
	LinkPPP        LinkType = 9   //
	LinkPPPHDLC    LinkType = 50  // PPP in HDLC-like framing, RFC 1662
	LinkPPPoE      LinkType = 51  // PPPoE session packets, RFC 2516
	LinkRawBSD     LinkType = 12  // DLT_RAW as most systems number it
	LinkRawOpenBSD LinkType = 14  // DLT_RAW as OpenBSD numbers it
	LinkRaw        LinkType = 101 // an IPv4 or IPv6 packet
	LinkCHDLC      LinkType = 104 // Cisco HDLC
	LinkLoop       LinkType = 108 // OpenBSD loopback, address family in network byte order
	LinkLinuxSLL   LinkType = 113 // Linux "cooked" capture
	LinkIPv4       LinkType = 228 //
	LinkIPv6       LinkType = 229 //
	LinkLinuxSLL2  LinkType = 276 // Linux "cooked" capture, version 2
)

// A Frame is what was captured of one packet on one interface.
type Frame struct {
	Number    int      // from 1, over the whole input
	Time      int64    // nanoseconds since 1970-01-01 UTC
	Precision int      // decimal digits of a second that Time really has: 0 to 9
	Data      []byte   // the captured bytes; the source's own, valid until the next call of Next
	Length    int      // bytes the packet had on the wire; more than len(Data) where it was cut
	Link      LinkType // how Data begins
	Interface int      // the interface it came in on, numbered from 0 within its file
	Origin    *Origin  // what is known of that interface, nil where nothing is; not changed any more
	Comment   string   // the packet's comments, where the file holds any, joined by newlines
}

// Origin is what a capture tells of an interface. Any of it may be missing.
type Origin struct {
	Name        string // as the system calls it
	Description string
	Filter      string // the capture filter, in libpcap's syntax
	Snaplen     int    // bytes that were kept of a frame at most; 0 is all
}

// A Source hands out frames in the order in which they were captured.
type Source interface {
	// Next fills in the next frame. At the end of the input it returns io.EOF;
	// any other error is an *Error and the frames before it were whole. After
	// an error every further call returns the same error.
	Next(*Frame) error
	Close() error
}

// Buffered is implemented by sources that know whether the next frame is at
// hand. Before a call of Next that may have to wait, the rows of the frames so
// far are shown.
type Buffered interface {
	// Buffered reports whether Next will return without reading from outside.
	Buffered() bool
}

// Hooks receive what a capture file holds beside frames. They are called from
// within Source.Next, before the frames that follow in the file; a nil hook is
// not called.
type Hooks struct {
	// Secrets is handed the data of a Decryption Secrets Block and its type
	// (0x544c534b for a TLS key log). The slice is the callee's to keep.
	Secrets func(kind uint32, data []byte)
	// Name is handed an entry of a Name Resolution Block.
	Name func(addr netip.Addr, name string)
	// Other is told what a record holds that neither frames nor the other hooks
	// have, in words such as "flags of frames", each time that it comes up.
	Other func(what string)
}

// Error is a failure to read an input, with the place where it happened.
type Error struct {
	File   string // as the user named it; "-" is standard input
	Frame  int    // the last whole frame of this file before the failure, 0 where there was none
	Offset int64  // bytes into the (decompressed) input at which the failing record begins
	Err    error
	Hint   string // what the user can do about it; may be empty
}

func (e *Error) Error() string {
	if e.Frame == 0 && e.Offset == 0 {
		return fmt.Sprintf("%s: %v", e.File, e.Err)
	}
	return fmt.Sprintf("%s: after frame %d, at byte %d: %v", e.File, e.Frame, e.Offset, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }
