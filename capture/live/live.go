// Package live captures on network interfaces. It is the only package that
// uses libpcap, and with it cgo. On Linux libpcap opens an interface and compiles
// the filter; the frames of Ethernet are then read without it, straight from the
// ring that the kernel writes them to. A build without cgo does all of that
// itself on Linux, with filters by capture/bpf; on other systems it has the same
// functions, which fail with ErrNotBuilt.
//
// One goroutine for each interface copies what the kernel hands out into a
// queue of bounded size, so that there are frames at hand while the rest of the
// program is busy, and so that a Capture can say whether there are (see
// Capture.Buffered). Where the program cannot follow, the queue fills, then the
// kernel's buffer, and what the kernel then drops it counts.
//
// Frames come out of the kernel in blocks that are closed when they are full or
// after blockTime, which costs a tenth of handing out each frame by itself and
// is soon enough for someone who watches. (libpcap's immediate mode would have
// each frame at once, but on Linux it reserves the largest frame's size for
// every frame: a buffer that holds a quarter of a million frames then holds 64.)
package live

import (
	"errors"
	"net/netip"
	"time"

	"talktrace/capture"
)

// ErrNotBuilt says that the program was built without cgo, for another system
// than Linux.
var ErrNotBuilt = errors.New("this build has no live capture")

const (
	// WholeFrames is the number of bytes that holds any frame.
	WholeFrames = 262144

	// DefaultBuffer is the kernel's buffer for an interface in MiB: a tenth of
	// a second at 1 Gbit/s.
	DefaultBuffer = 16

	// MaxBuffer is the most that libpcap takes, in MiB.
	MaxBuffer = 2047

	// blockTime is how long the kernel may hold a frame back for others to
	// come, and how often a reader looks up from waiting.
	blockTime = 10 * time.Millisecond

	// lastBlock is how long an interface is still read after its end, for the
	// kernel to close the last block.
	lastBlock = 5 * blockTime

	// retryTime is how often an interface that is waited for is tried.
	retryTime = 200 * time.Millisecond
)

// Options say how to capture. The zero value captures whole frames, not
// promiscuously, into a buffer of DefaultBuffer.
type Options struct {
	Filter      string   // in libpcap's syntax; empty captures all, unless Ports says less
	Ports       []uint16 // without a Filter: capture what PortFilter lets through, VLAN-tagged or not
	Snaplen     int      // bytes of each frame to keep; 0 means WholeFrames, which is also the most
	Promiscuous bool     // also frames that are not for this machine, where the interface can
	BufferMiB   int      // the kernel's buffer for each interface; 0 means DefaultBuffer

	// Wait makes an interface that is missing, down or has gone be waited for.
	// Without it Open fails where one cannot be captured on now, and a capture
	// ends when its last interface has gone.
	Wait bool

	// Notice is told, in a few words, what becomes of an interface while it is
	// captured on. It is called from other goroutines, one call at a time; nil
	// is told nothing.
	Notice func(text string)
}

// Interface is something that can be captured on.
type Interface struct {
	Name        string
	Description string // may be empty
	Addresses   []netip.Addr
	Up          bool // whether it is switched on
	Running     bool // whether it is connected, as well
	Loopback    bool
	Default     bool // whether the default route leads through it; never true where the system does not tell

	// Links are how its frames may begin. Empty where that is not known before
	// the interface is opened.
	Links []capture.LinkType
}

// Stats counts the frames of an interface, since it was first opened.
type Stats struct {
	Interface string
	Received  int64 // passed the capture filter, dropped ones included; twice on a loopback interface
	Dropped   int64 // by the kernel, because its buffer was full
	Missed    int64 // by the interface or its driver
}
