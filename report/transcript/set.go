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
			if manyChosen(group) {
				sortValues(group)
			}
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

// chosenValue is one of the values of a field of a form.
const chosenValue = "xmpp.x-data.field.value"

// manyChosen reports whether the cells are those of a field of a form that takes
// many values of which none is the first (XEP-0004 section 3.3): what is chosen
// from a list, and addresses.
func manyChosen(field []cell) bool {
	return field[0].name == "xmpp.x-data.field" && slices.ContainsFunc(field, func(c cell) bool {
		return c.name == "xmpp.x-data.field.type" && (c.text == "list-multi" || c.text == "jid-multi")
	})
}

// sortValues sorts the values of a field of a form.
func sortValues(field []cell) {
	var at []int
	var values []cell
	for i := range field {
		if field[i].name == chosenValue {
			at, values = append(at, i), append(values, field[i])
		}
	}
	slices.SortStableFunc(values, func(a, b cell) int { return strings.Compare(a.text, b.text) })
	for i, place := range at {
		field[place] = values[i]
	}
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
		switch {
		case a.meaning != "" && b.meaning != "":
			return 0
		case a.meaning != "":
			return 1
		case b.meaning != "":
			return -1
		}
		return strings.Compare(a.text, b.text)
	})
}

// sortedFeatures sorts what the Info column of stream features lists.
func sortedFeatures(info string) string {
	list := strings.Split(info, ", ")
	for i, feature := range list {
		words := strings.Split(feature, " ")
		if len(words) > 2 && (words[0] == "SASL" || words[0] == "SASL2") {
			slices.Sort(words[1:])
			list[i] = strings.Join(words, " ")
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}
