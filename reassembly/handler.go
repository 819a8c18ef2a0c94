package reassembly

import (
	"net/netip"

	"talktrace/capture"
)

// Side names one of the two endpoints of a connection: 0 is the one whose
// frame was captured first, 1 the other.
type Side uint8

// Other returns the opposite endpoint.
func (s Side) Other() Side { return s ^ 1 }

// Conn is one TCP connection.
type Conn struct {
	Number int               // from 0, in the order of first frames over the whole input
	Addr   [2]netip.AddrPort // by Side
	// Initiator is the side that sent the SYN; it means something only where
	// Handshake is set, that is where a SYN or SYN-ACK was captured.
	Initiator Side
	Handshake bool
	// Opened are the times of the handshake, nanoseconds since 1970: of the first
	// SYN, of the first SYN-ACK, and of the initiator's first segment after it. A
	// time is 0 where there was no such segment so far.
	Opened [3]int64
	// User is the handler's own, to hang its state on.
	User any

	conn // the assembler's state
}

// Chunk is a run of bytes of one direction of a connection, or a hole in it.
// Chunks of one direction come in stream order and without overlap.
type Chunk struct {
	From  Side
	Data  []byte // valid until the handler returns; empty for a hole
	Frame int    // the frame that brought Data; for a hole the frame that made the loss certain
	Time  int64  // of Frame, nanoseconds since 1970
	// Missed is the number of bytes lost before the next chunk. A chunk has
	// either Data or Missed. Unknown sizes do not occur: where the capture
	// begins in mid-stream nothing is missed.
	Missed int64
	// Cut is the number of bytes that the capture kept of Frame, where the missed
	// ones are what it cut off of that; else 0.
	Cut int
	// Conflict is the number of bytes in a retransmission of (or an overlap
	// with) earlier bytes that differ from the copy handed out first. Such a
	// chunk has neither Data nor Missed.
	Conflict int
}

// EndReason says how a direction of a connection ended.
type EndReason uint8

// The ends of a direction.
const (
	EndFIN     EndReason = iota // its sender closed it
	EndRST                      // its sender reset the connection
	EndReset                    // the other side reset the connection
	EndEvicted                  // forgotten to stay within Limits
	EndReused                   // the same addresses and ports began a new connection
	EndCapture                  // the input ended first
)

// Handler receives what the assembler finds. Its methods are called from
// within Assembler.Frame and Assembler.Close, on the caller's goroutine.
type Handler interface {
	// Chunk hands on the next bytes of (or the next hole in) a direction.
	Chunk(c *Conn, ch Chunk)
	// End says that nothing more comes from this side. It is called once for
	// each side. A reset ends the side that sent it at once; the other side,
	// whose bytes may still be under way past the capture point, ends with
	// its own FIN or RST, or when the connection is forgotten; frame and time are
	// those of the reset then.
	End(c *Conn, from Side, why EndReason, frame int, time int64)
	// Free says that the connection is forgotten. The assembler has called
	// End for both sides before and does not mention the connection again.
	Free(c *Conn)
}

// UDPFunc receives UDP datagrams (whole ones: IP fragments have been put
// together). payload is valid until it returns.
type UDPFunc func(f *capture.Frame, src, dst netip.AddrPort, payload []byte)

// SegmentFunc is told of a TCP segment, whether or not its bytes are new. It is
// valid until the function returns.
type SegmentFunc func(s Segment)

// Segment is a TCP segment as those who look after frames see it.
type Segment struct {
	Conn *Conn
	From Side
	Size int // bytes of its payload
	// Frames are those that brought it: those of earlier IP fragments, if any, and
	// the one being taken, which comes last.
	Frames []int
}

// Frame is the frame that completed the segment.
func (s *Segment) Frame() int { return s.Frames[len(s.Frames)-1] }
