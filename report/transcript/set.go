package transcript

import (
	"slices"
	"strings"
)

// sets are the fields whose order under one parent says nothing (RFC 6120
// section 6.3.3, RFC 6121 section 2.1.4, XEP-0030 section 3.1): servers keep
// them in tables, and write them as these come.
var sets = map[string]bool{
	"xmpp.mechanisms.mechanism": true,
	"xmpp.query.feature":        true,
	"xmpp.query.identity":       true,
	"xmpp.query.item":           true,
	"xmpp.query.item.group":     true,
}

// sortSets sorts what has no order.
func (r *row) sortSets() {
	features := r.kind == "features"
	if features {
		r.info = sortedFeatures(r.info)
	}
	r.cells = arrange(r.cells, features)
}

// arrange sorts the cells of one level, each with what is below it: all of them,
// or those that are of a set.
func arrange(cells []cell, all bool) []cell {
	var groups [][]cell
	for start := 0; start < len(cells); {
		end := start + 1
		for end < len(cells) && cells[end].level > cells[start].level {
			end++
		}
		group := cells[start:end:end]
		if len(group) > 1 {
			group = append(group[:1:1], arrange(group[1:], all)...)
		}
		groups = append(groups, group)
		start = end
	}
	if all {
		slices.SortStableFunc(groups, compareGroups)
	} else {
		sortMembers(groups)
	}
	return slices.Concat(groups...)
}

// sortMembers sorts those of the groups that are of one set; the others stay
// where they are.
func sortMembers(groups [][]cell) {
	places := map[string][]int{}
	for i, g := range groups {
		if sets[g[0].name] {
			places[g[0].name] = append(places[g[0].name], i)
		}
	}
	for _, at := range places {
		members := make([][]cell, len(at))
		for i, place := range at {
			members[i] = groups[place]
		}
		slices.SortStableFunc(members, compareGroups)
		for i, place := range at {
			groups[place] = members[i]
		}
	}
}

// compareGroups compares by names, then by values, but for those that are other
// ones in each run.
func compareGroups(a, b []cell) int {
	return slices.CompareFunc(a, b, func(a, b cell) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		if a.meaning != "" || b.meaning != "" {
			return 0
		}
		return strings.Compare(a.text, b.text)
	})
}

// sortedFeatures sorts what the Info column of stream features lists.
func sortedFeatures(info string) string {
	list := strings.Split(info, ", ")
	for i, feature := range list {
		words := strings.Split(feature, " ")
		if len(words) > 2 && words[0] == "SASL" {
			slices.Sort(words[1:])
			list[i] = strings.Join(words, " ")
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}
