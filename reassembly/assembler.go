package reassembly

import (
	"cmp"
	"slices"

	"talktrace/capture"
)

// Limits bounds what an Assembler holds. A field that is 0 takes its default.
type Limits struct {
	// Connections is the number of open connections that are followed at a
	// time. One more, and the idlest is forgotten: the one without a segment
	// for longest, give or take as many segments as a quarter of the limit.
	Connections int
	// ConnBuffered and TotalBuffered are the bytes of memory that may wait
	// behind the holes of one connection and of all of them. One more, and a
	// hole is given up as lost: that of the connection, or of the connection
	// that has waited longest.
	ConnBuffered, TotalBuffered int
}

// DefaultLimits returns limits that keep an Assembler below 256 MiB.
func DefaultLimits() Limits {
	return Limits{Connections: 100_000, ConnBuffered: 4 << 20, TotalBuffered: 128 << 20}
}

// closedConnections is how many ended connections are remembered, so that
// copies of their last segments are not taken for new connections.
const closedConnections = 2048

// An Assembler puts together the TCP connections of one input. It is for one
// goroutine; its Handler must not call it.
type Assembler struct {
	handler  Handler
	udp      UDPFunc
	segments SegmentFunc
	limits   Limits
	stats    Stats

	located *[]Header // of a Locator; nil in an Assembler

	frame  *capture.Frame // being taken
	number int            // of the latest frame
	now    int64          // its time
	depth  int            // headers opened in it that hold another packet
	addr   addresses      // of the innermost IP header
	parts  []int          // earlier frames with fragments of the packet being looked into

	fragments fragments
	history   history
	conns     map[key]*Conn
	open      list // by last use, idlest first
	closed    list // by end, oldest first
	waiting   list // those with a hole, by when they came to have one, oldest first
	sweeping  *Conn
	buffered  int // bytes that wait behind holes
}

// New returns an Assembler that tells h what it finds.
func New(h Handler, l Limits) *Assembler {
	d := DefaultLimits()
	return &Assembler{
		handler: h,
		limits: Limits{
			Connections:   cmp.Or(max(l.Connections, 0), d.Connections),
			ConnBuffered:  cmp.Or(max(l.ConnBuffered, 0), d.ConnBuffered),
			TotalBuffered: cmp.Or(max(l.TotalBuffered, 0), d.TotalBuffered),
		},
		conns:   make(map[key]*Conn),
		open:    list{chain: byAge},
		closed:  list{chain: byAge},
		waiting: list{chain: byWait},
	}
}

// OnUDP has f called with every UDP datagram that is no tunnel. A datagram of
// which the capture holds only a part is left out.
func (a *Assembler) OnUDP(f UDPFunc) { a.udp = f }

// OnSegment has f called with every TCP segment.
func (a *Assembler) OnSegment(f SegmentFunc) { a.segments = f }

// Frame takes the next frame of the input. It keeps neither f nor its bytes.
func (a *Assembler) Frame(f *capture.Frame) {
	a.stats.Frames++
	a.frame, a.number, a.now, a.depth, a.parts = f, f.Number, f.Time, 0, a.parts[:0]
	a.link(f.Link, view{data: f.Data, wire: max(f.Length, len(f.Data))})
	a.sweep()
	a.frame = nil
}

// Close ends the input. In the order of their numbers, every connection has
// its holes reported, its open sides ended, and is freed. The Assembler is
// empty then, but its Stats stay.
func (a *Assembler) Close() {
	conns := make([]*Conn, 0, len(a.conns))
	for _, l := range []*list{&a.open, &a.closed} {
		for c := l.first; c != nil; c = c.links[byAge].next {
			conns = append(conns, c)
		}
	}
	slices.SortFunc(conns, func(x, y *Conn) int { return cmp.Compare(x.Number, y.Number) })
	for _, c := range conns {
		a.forget(c, EndCapture)
	}
	a.fragments.clear(&a.stats)
}
