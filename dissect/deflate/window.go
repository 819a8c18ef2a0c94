package deflate

// copyMatch copies what it can of the match that is due to room[n:], of which
// the bytes before n have come out in this run, and those before these are in
// the window. It returns where it ends.
func (z *Inflater) copyMatch(room []byte, n int) int {
	for z.length > 0 && z.distance > n {
		back := z.distance - n
		from := z.window[(z.end-back)&(windowSize-1):]
		k := copy(room[n:], from[:min(len(from), back, z.length)])
		if k == 0 {
			return n
		}
		n += k
		z.length -= k
	}
	// A match may run into its own copy, and goes on in the same period.
	from := n - z.distance
	for z.length > 0 {
		k := copy(room[n:], room[from:min(n, from+z.length)])
		if k == 0 {
			return n
		}
		n += k
		z.length -= k
	}
	return n
}

// remember puts what came out into the window.
func (z *Inflater) remember(out []byte) {
	if len(out) > windowSize {
		out = out[len(out)-windowSize:]
	}
	k := copy(z.window[z.end:], out)
	copy(z.window[:], out[k:])
	z.end = (z.end + len(out)) & (windowSize - 1)
	z.filled = min(z.filled+len(out), windowSize)
}
