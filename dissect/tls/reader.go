package tls

// reader reads the fields of a handshake message. Reading past the end gives
// zeros and nothing, and sets short.
type reader struct {
	b     []byte
	short bool
}

// bytes returns the next n bytes.
func (r *reader) bytes(n int) []byte {
	if n > len(r.b) {
		r.b, r.short = nil, true
		return nil
	}
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b
}

// uint returns a number of the given bytes, in network byte order.
func (r *reader) uint(bytes int) int {
	n := 0
	for _, b := range r.bytes(bytes) {
		n = n<<8 | int(b)
	}
	return n
}

func (r *reader) uint16() uint16 { return uint16(r.uint(2)) }

// vector returns the content of a vector whose length takes the given bytes.
func (r *reader) vector(bytes int) reader {
	return reader{b: r.bytes(r.uint(bytes))}
}

// vectorAsFar is vector, but of a vector that is cut off it returns what there is.
func (r *reader) vectorAsFar(bytes int) reader {
	n := r.uint(bytes)
	return reader{b: r.bytes(min(n, len(r.b)))}
}
