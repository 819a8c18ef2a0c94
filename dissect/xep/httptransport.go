package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0332", Title: "HTTP over XMPP transport", Label: "http",
		Doc:    "Carries an HTTP request and its answer in an iq, to servers that only XMPP reaches.",
		Spaces: []string{"urn:xmpp:http"},
		Elements: []dissect.Element{
			{Name: "req", Field: "xmpp.http.req", Info: "{@method}[ {@resource}]", Doc: "a request", Fields: []dissect.FieldDef{
				{Name: "xmpp.http.method", Type: dissect.Text, Path: "@method", Doc: "method"},
				{Name: "xmpp.http.resource", Type: dissect.Text, Path: "@resource", Doc: "what is requested"},
				{Name: "xmpp.http.version", Type: dissect.Text, Path: "@version", Doc: "version of HTTP"},
			}},
			{Name: "resp", Field: "xmpp.http.resp", Info: "{@statusCode}[ {@statusMessage}]", Doc: "an answer", Fields: []dissect.FieldDef{
				{Name: "xmpp.http.status", Type: dissect.Number, Path: "@statusCode", Doc: "status"},
				{Name: "xmpp.http.message", Type: dissect.Text, Path: "@statusMessage", Doc: "the status in words"},
				{Name: "xmpp.http.version", Type: dissect.Text, Path: "@version", Doc: "version of HTTP"},
			}},
			{Name: "chunk", Field: "xmpp.http.chunk", Info: "chunk[ {@nr}]", Rank: dissect.Content, Doc: "a part of the content", Fields: []dissect.FieldDef{
				{Name: "xmpp.http.chunk.stream", Type: dissect.Text, Path: "@streamId", Doc: "id of the content"},
				{Name: "xmpp.http.chunk.nr", Type: dissect.Number, Path: "@nr", Doc: "which part it is"},
				{Name: "xmpp.http.chunk.last", Type: dissect.Boolean, Path: "@last", Doc: "it is the last one"},
			}},
		},
	})
}
