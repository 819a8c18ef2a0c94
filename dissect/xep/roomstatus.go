package xep

import (
	"talktrace/dissect"
)

// roomStatus are words for the status codes of rooms (XEP-0045 section 15.6.2).
var roomStatus = map[string]string{
	"100": "all can see who is who",
	"101": "an affiliation changed meanwhile",
	"102": "absent members are shown from now on",
	"103": "absent members are no longer shown",
	"104": "a setting changed",
	"110": "that is you",
	"170": "the room is logged",
	"171": "the room is no longer logged",
	"172": "all can see who is who from now on",
	"173": "only moderators can see who is who from now on",
	"174": "nobody can see who is who from now on",
	"201": "the room is new",
	"210": "the room chose the nickname",
	"301": "banned",
	"303": "a new nickname",
	"307": "kicked",
	"321": "removed for a change of affiliation",
	"322": "removed because the room is for members only now",
	"332": "removed because the service shuts down",
	"333": "removed for a technical fault",
}

// isRemoval reports whether a status code says why an occupant is no longer in
// the room.
func isRemoval(code []byte) bool {
	switch string(code) {
	case "301", "307", "321", "322", "332", "333":
		return true
	}
	return false
}

// statusCode returns the code of a <status/>, nil where there is none.
func statusCode(l *dissect.Line, status int32) []byte {
	a := l.Tree.Attr(status, "code")
	if a == nil {
		return nil
	}
	return l.Tree.Bytes(a.Value)
}

// addStatus adds the words for the status codes in node x: for those that say
// why somebody had to leave, or for all others. It reports whether there were
// any.
func addStatus(l *dissect.Line, x int32, removals bool, between string) bool {
	t := l.Tree
	found := false
	for c := t.Nodes[x].Child; c >= 0; c = t.Nodes[c].Next {
		if !t.Is(c, nsRoomUser, "status") {
			continue
		}
		code := statusCode(l, c)
		if code == nil || isRemoval(code) != removals || string(code) == "303" && t.Find(x, nsRoomUser, "item") >= 0 { // the item tells the nickname
			continue
		}
		if found {
			between = ", "
		}
		found = true
		l.Add(between)
		if words := roomStatus[string(code)]; words != "" {
			l.Add(words)
		} else {
			l.Labelled("status ", c, "code")
		}
	}
	return found
}
