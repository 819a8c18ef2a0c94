package dissect

import "strings"

// NearestField returns the name of the field that somebody most likely meant, or
// "" where none comes near.
func NearestField(name string) string { return Nearest(name, FieldNames()) }

// Nearest returns which of some names somebody most likely meant, or "" where
// none comes near.
func Nearest(name string, names []string) string {
	best, distance := "", len(name)/3+2
	for _, known := range names {
		d := editDistance(name, known, distance)
		switch {
		case known == "xmpp."+name:
			return known
		case strings.HasSuffix(known, "."+name), extends(name, known): // a part is left out, or there is one too many
			d = min(d, 1)
		}
		if d < distance {
			best, distance = known, d
		}
	}
	return best
}

// extends reports whether a name is a known one with another part in it.
func extends(name, known string) bool {
	if len(name) <= len(known) {
		return false
	}
	first := strings.IndexByte(known, '.')
	if first < 0 {
		return false
	}
	middle, cut := strings.CutPrefix(name, known[:first])
	middle, ends := strings.CutSuffix(middle, known[first:])
	return cut && ends && strings.HasPrefix(middle, ".") && !strings.Contains(middle[1:], ".")
}

// editDistance returns how many letters have to be put in, left out or changed
// to make b of a, or limit if that is less.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return min(row[len(b)], limit)
}
