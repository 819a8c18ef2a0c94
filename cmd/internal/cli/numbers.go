package cli

// numbers is a set of numbers of rows or connections, which lie close together: a
// bit for each.
type numbers []uint64

// maxNumber bounds what is remembered. Numbers from there on count as being in
// any set.
const maxNumber = 1 << 28

func (s *numbers) add(n int) {
	if n < 0 || n >= maxNumber {
		return
	}
	for len(*s) <= n/64 {
		*s = append(*s, 0)
	}
	(*s)[n/64] |= 1 << (n % 64)
}

func (s numbers) has(n int) bool {
	return n >= maxNumber || n >= 0 && n/64 < len(s) && s[n/64]&(1<<(n%64)) != 0
}
