package xep

import (
	"talktrace/dissect"
)

func init() {
	const p = "xmpp.jingle-message"
	id := dissect.FieldDef{Name: p + ".id", Type: dissect.Text, Path: "@id", Doc: "id that the session will have"}
	step := func(name, info, doc string, more ...dissect.FieldDef) dissect.Element {
		return dissect.Element{
			Name: name, Field: p + "." + name, Rank: dissect.Content, Info: "call " + info, Doc: doc,
			Fields: append([]dissect.FieldDef{id}, more...),
		}
	}
	const why = "[, {./~reason/!text/:}][: {\"~reason/~text}]"
	dissect.Register(dissect.Extension{
		Spec: "XEP-0353", Title: "Jingle Message Initiation", Label: "call",
		Doc:    "A call is announced by a message, so that all of a user's telephones ring, even those that must be woken first; the one that is picked up goes on with Jingle.",
		Spaces: []string{"urn:xmpp:jingle-message:0", "urn:xmpp:jingle-message:1"},
		Elements: []dissect.Element{
			step("propose", "proposed[: {&~description/@media}][, session {~@id}]", "somebody calls"),
			step("ringing", "ringing[, session {~@id}]", "a telephone rings"),
			step("proceed", "answered, go on[, session {~@id}]", "the caller is to begin the session with the one that says so"),
			step("accept", "accepted on one of the own devices[, session {~@id}]", "tells the user's other devices that they need not ring any more"),
			step("reject", "rejected"+why+"[, session {~@id}]", "the call is declined"),
			step("retract", "taken back"+why+"[, session {~@id}]", "the caller gives up"),
			step("finish", "over"+why+"[, now session {~migrated/@to}][, session {~@id}]", "the call has ended", dissect.FieldDef{
				Name: p + ".migrated", Type: dissect.Text, Path: "migrated/@to", Doc: "id of the session in which it goes on",
			}),
			{Name: "tie-break", Field: p + ".tie-break", Doc: "both have called each other at the same time"},
		},
	})
}
