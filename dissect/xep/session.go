package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "RFC 3921", Title: "XMPP: Session", Label: "session",
		Doc:    "Began a session after the resource was bound. RFC 6121 has no use for it; clients may leave it out where it is offered as optional.",
		Spaces: []string{"urn:ietf:params:xml:ns:xmpp-session"},
		Elements: []dissect.Element{
			{Name: "session", Field: "xmpp.iq.session", Doc: "begins the session", Fields: []dissect.FieldDef{
				{Name: "xmpp.iq.session.optional", Type: dissect.Presence, Path: "optional", Doc: "clients may leave it out"},
			}},
		},
	})
}
