package reassembly

// Reason says why a frame was not looked into any further.
type Reason int

// The reasons.
const (
	UnknownLink Reason = iota // a link type that this package does not know
	CutShort                  // captured bytes end within a header
	Malformed                 // a header that contradicts itself
	TooDeep                   // more headers within headers than anything honest has
	reasons
)

func (r Reason) String() string {
	return [reasons]string{"unknown link type", "cut within a header", "malformed header", "nested too deeply"}[r]
}

// Stats counts what an Assembler has seen.
type Stats struct {
	Frames           int          // frames taken
	Segments         int          // TCP segments
	Datagrams        int          // UDP datagrams, tunnels not counted
	Other            int          // packets of any other protocol
	Undecodable      [reasons]int // frames given up, by Reason
	Fragments        int          // IP fragments taken
	FragmentsDropped int          // IP fragments whose datagram was never whole, or did not fit
	Strays           int          // TCP segments that no window could hold
	Connections      int          // TCP connections begun
	Evicted          int          // connections forgotten to stay within Limits.Connections
	Released         int          // holes given up early to stay within the limits of buffered bytes
	Missed           int64        // bytes reported in Chunk.Missed
	Conflicts        int64        // bytes reported in Chunk.Conflict
	Cut              int          // TCP segments of which the capture lacks bytes
	Kept             int          // the most bytes that it kept of a frame with such a segment
}

// Stats returns the counts so far.
func (a *Assembler) Stats() Stats { return a.stats }
