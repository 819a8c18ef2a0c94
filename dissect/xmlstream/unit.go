package xmlstream

// Kind says what a unit is.
type Kind uint8

// The kinds of units.
const (
	Header      Kind = iota // a stream header, with the XML declaration before it
	Element                 // a first-level element
	Close                   // the end tag of the stream
	Space                   // white space that came by itself: a keepalive
	Text                    // characters between the elements
	Comment                 // a comment between the elements
	Instruction             // a processing instruction between the elements
	Malformed               // bytes that are not well-formed, up to where it makes sense again
	Unfinished              // what there is of an element whose end did not come

	strayEnd // an end tag for an element that was not open
)

// Origin is where a byte came from.
type Origin struct {
	Frame int   // the frame that brought it
	First int   // where several frames brought what it is part of, the first of them; else 0
	Time  int64 // of Frame
}

// FirstFrame is First, or Frame where there is only one.
func (o Origin) FirstFrame() int {
	if o.First != 0 {
		return o.First
	}
	return o.Frame
}

// Part says where the bytes of a unit from Off on came from, up to the next part.
type Part struct {
	Off int
	Origin
}

// maxParts bounds the parts of a unit. Past it the last one stands for all
// frames to come.
const maxParts = 4096

// Unit is what a Splitter yields.
type Unit struct {
	Kind Kind
	// Raw are the unit's bytes: in the chunk, or in the memory that the Keeper
	// gave. Of units that passed the size limit only the first bytes are kept.
	Raw    []byte
	Length int    // all bytes of the unit
	First  Origin // of its first byte
	Last   Origin // of the byte that completed it: the latest frame among those of its bytes
	// Parts are set where the unit came in several chunks. They are the
	// Splitter's and valid until its next unit.
	Parts []Part
	// Tree is set for Header and Element. It is the Parser's.
	Tree    *Tree
	Flags   Flags
	Reason  string // for Malformed and Unfinished
	Missing int64  // for Unfinished: bytes known to be lost behind it
	// Before and After are what stands around the unit and is none itself: white
	// space that shares a chunk with an element, and a byte order mark. Where
	// bytes are looked for that make sense, it is not told.
	Before, After []byte
}

// Keeper gives memory to units that do not lie in one chunk.
type Keeper interface {
	// Copy returns a copy of b that stays valid as long as the units do.
	Copy(b []byte) []byte
	// Begin and Done bracket a slice that is put together piece by piece.
	Begin(n int) []byte
	Done(b []byte) []byte
}
