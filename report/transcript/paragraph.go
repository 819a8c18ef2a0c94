package transcript

import "strings"

// paragraph is the lines of a row, or one line of none, by their numbers from 0.
type paragraph struct{ first, end int }

func paragraphs(lines []string) []paragraph {
	var list []paragraph
	for i, line := range lines {
		if strings.HasPrefix(line, "    ") && len(list) > 0 {
			list[len(list)-1].end = i + 1
			continue
		}
		list = append(list, paragraph{i, i + 1})
	}
	return list
}

// keys are what two lists of rows are aligned by, the closest likeness first:
// all that a row says, its first line, and who sent it and what kind it is.
type keys [3][2][]string

// add takes the next row of the first list, or of the second.
func (k *keys) add(list int, head, whole string) {
	for level, key := range [...]string{whole, head, kindOf(head)} {
		k[level][list] = append(k[level][list], key)
	}
}

// kindOf returns who sent a row, of what kind it is, and the word behind that,
// which mostly is its type.
func kindOf(head string) string {
	words := strings.SplitN(head, " ", 4)
	return strings.Join(words[:min(len(words), 3)], " ")
}

// same reports whether two rows that are aligned say the same.
func (k *keys) same(pair [2]int) bool { return k[0][0][pair[0]] == k[0][1][pair[1]] }

// pairs aligns the rows.
func (k *keys) pairs() [][2]int {
	return k.pairsWithin(0, 0, len(k[0][0]), 0, len(k[0][1]))
}

// pairsWithin aligns those from i to iEnd with those from j to jEnd, and between
// those that are alike at one level, what is alike at the next.
func (k *keys) pairsWithin(level, i, iEnd, j, jEnd int) [][2]int {
	if level == len(k) || i == iEnd || j == jEnd {
		return nil
	}
	var list [][2]int
	from, to := i, j
	for _, p := range append(align(k[level][0][i:iEnd], k[level][1][j:jEnd]), [2]int{iEnd - i, jEnd - j}) {
		p[0], p[1] = p[0]+i, p[1]+j
		list = append(list, k.pairsWithin(level+1, from, p[0], to, p[1])...)
		if p[0] < iEnd {
			list = append(list, p)
		}
		from, to = p[0]+1, p[1]+1
	}
	return list
}

// pairLines returns the numbers, from 0, of the lines that two texts have in
// common, in rows that are the same or alike.
func pairLines(old, new []string) [][2]int {
	texts, rows := [2][]string{old, new}, [2][]paragraph{paragraphs(old), paragraphs(new)}
	var k keys
	for side, lines := range texts {
		for _, p := range rows[side] {
			k.add(side, lines[p.first], strings.Join(lines[p.first:p.end], "\n"))
		}
	}
	var list [][2]int
	for _, pair := range k.pairs() {
		a, b := rows[0][pair[0]], rows[1][pair[1]]
		for _, p := range align(old[a.first:a.end], new[b.first:b.end]) {
			list = append(list, [2]int{a.first + p[0], b.first + p[1]})
		}
	}
	return list
}
