package xep

import (
	"talktrace/dissect"
)

func init() {
	service := []dissect.FieldDef{
		{Name: "xmpp.services.service", Type: dissect.Presence, Path: "service", Doc: "a service", Fields: []dissect.FieldDef{
			{Name: "xmpp.services.type", Type: dissect.Text, Path: "@type", Doc: "what it is: stun, turn, ftp …"},
			{Name: "xmpp.services.host", Type: dissect.Text, Path: "@host", Doc: "where it is"},
			{Name: "xmpp.services.port", Type: dissect.Number, Path: "@port", Doc: "its port"},
			{Name: "xmpp.services.transport", Type: dissect.Text, Path: "@transport", Doc: "udp or tcp"},
			{Name: "xmpp.services.name", Type: dissect.Text, Path: "@name", Doc: "its name"},
			{Name: "xmpp.services.username", Type: dissect.Text, Path: "@username", Doc: "name to log in with"},
			{Name: "xmpp.services.password", Type: dissect.Text, Path: "@password", Doc: "password to log in with"},
			{Name: "xmpp.services.expires", Type: dissect.Time, Path: "@expires", Doc: "until when these are valid"},
			{Name: "xmpp.services.restricted", Type: dissect.Boolean, Path: "@restricted", Doc: "one has to log in"},
			{Name: "xmpp.services.action", Type: dissect.Text, Path: "@action", Doc: "add, delete or modify, where the server tells of a change"},
		}},
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0215", Title: "External Service Discovery", Label: "services",
		Doc:    "Tells of services outside XMPP that the server knows, such as STUN and TURN for calls, and what to log in there with.",
		Spaces: []string{"urn:xmpp:extdisco:2", "urn:xmpp:extdisco:1"},
		Elements: []dissect.Element{
			{Name: "services", Field: "xmpp.services", Info: "[, type {@type}][, {&service/@type}]", Doc: "the services", Fields: append([]dissect.FieldDef{{Name: "xmpp.services.wanted", Type: dissect.Text, Path: "@type", Doc: "the type that is asked for"}}, fieldsOf(service)...)},
			{Name: "credentials", Field: "xmpp.services.credentials", Info: "credentials[ for {service/@type}][ at {service/@host}]", Doc: "what to log in to a service with", Fields: fieldsOf(service)},
		},
	})
}
