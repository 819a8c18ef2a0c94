package dissect

// Interner turns names from the wire into strings without allocating for those
// it has seen. It is bounded: what does not fit is allocated each time.
type Interner struct {
	latest [256]string // those seen last, by a hash that costs next to nothing
	known  map[string]string
	bytes  int
}

const (
	internEntries = 8192
	internBytes   = 1 << 20
)

// String returns b as a string.
func (in *Interner) String(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	slot := &in.latest[byte(len(b)*31)+b[0]*7+b[len(b)/2]*3+b[len(b)-1]]
	if *slot == string(b) {
		return *slot
	}
	if s, ok := in.known[string(b)]; ok {
		*slot = s
		return s
	}
	s := string(b)
	if in.known == nil {
		in.known = make(map[string]string)
	}
	if len(in.known) < internEntries && in.bytes+len(s) <= internBytes {
		in.known[s] = s
		in.bytes += len(s)
	}
	return s
}
