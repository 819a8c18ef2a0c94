package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0363", Title: "HTTP File Upload", Label: "upload",
		Doc:    "A client asks for a place on a web server; it puts the file there over HTTP and sends the address in a message.",
		Spaces: []string{"urn:xmpp:http:upload:0"},
		Elements: []dissect.Element{
			{Name: "request", Field: "xmpp.upload.request", Info: "slot[ for {\"@filename}][, {@size} bytes][, {@content-type}]", Doc: "asks for a place for a file", Fields: []dissect.FieldDef{
				{Name: "xmpp.upload.filename", Type: dissect.Text, Path: "@filename", Doc: "name of the file", Required: true},
				{Name: "xmpp.upload.size", Type: dissect.Number, Path: "@size", Doc: "bytes of the file", Required: true},
				{Name: "xmpp.upload.content-type", Type: dissect.Text, Path: "@content-type", Doc: "media type of the file"},
			}},
			{Name: "slot", Field: "xmpp.upload.slot", Info: "slot[ {get/@url}]", Doc: "the place where the file can be put and fetched", Fields: []dissect.FieldDef{
				{Name: "xmpp.upload.put", Type: dissect.Text, Path: "put/@url", Doc: "where the client puts the file", Required: true},
				{Name: "xmpp.upload.header", Type: dissect.Text, Path: "put/header/@name", Doc: "name of an HTTP header that goes with it"},
				{Name: "xmpp.upload.get", Type: dissect.Text, Path: "get/@url", Doc: "where the file is fetched", Required: true},
			}},
			{Name: "file-too-large", Field: "xmpp.upload.file-too-large", Info: "[at most {max-file-size} bytes]", Doc: "the service takes no file of that size", Fields: []dissect.FieldDef{
				{Name: "xmpp.upload.max-file-size", Type: dissect.Number, Path: "max-file-size", Doc: "bytes that a file may have"},
			}},
			{Name: "retry", Field: "xmpp.upload.retry", Doc: "the quota is used up", Fields: []dissect.FieldDef{
				{Name: "xmpp.upload.retry.stamp", Type: dissect.Time, Path: "@stamp", Doc: "when to try again"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0363", Title: "HTTP File Upload: Before 2017", Label: "upload",
		Doc:    "The same with elements in place of attributes.",
		Spaces: []string{"urn:xmpp:http:upload", "eu:siacs:conversations:http:upload"},
		Elements: []dissect.Element{
			{Name: "request", Field: "xmpp.upload.request", Info: "slot[ for {\"filename}][, {size} bytes][, {content-type}]", Doc: "asks for a place for a file", Fields: []dissect.FieldDef{
				{Name: "xmpp.upload.filename", Type: dissect.Text, Path: "filename", Doc: "name of the file", Required: true},
				{Name: "xmpp.upload.size", Type: dissect.Number, Path: "size", Doc: "bytes of the file", Required: true},
				{Name: "xmpp.upload.content-type", Type: dissect.Text, Path: "content-type", Doc: "media type of the file"},
			}},
			{Name: "slot", Field: "xmpp.upload.slot", Info: "slot[ {get}]", Doc: "the place where the file can be put and fetched", Fields: []dissect.FieldDef{
				{Name: "xmpp.upload.put", Type: dissect.Text, Path: "put", Doc: "where the client puts the file", Required: true},
				{Name: "xmpp.upload.get", Type: dissect.Text, Path: "get", Doc: "where the file is fetched", Required: true},
			}},
			{Name: "file-too-large", Field: "xmpp.upload.file-too-large", Info: "[at most {max-file-size} bytes]", Doc: "the service takes no file of that size", Fields: []dissect.FieldDef{
				{Name: "xmpp.upload.max-file-size", Type: dissect.Number, Path: "max-file-size", Doc: "bytes that a file may have"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0363", Title: "HTTP File Upload: Purpose", Label: "upload-purpose",
		Doc:    "Tells the service what a file is for, so that it can decide how long to keep it.",
		Spaces: []string{"urn:xmpp:http:upload:purpose:0"},
		Elements: []dissect.Element{
			{Name: "*", Fields: []dissect.FieldDef{
				{Name: "xmpp.upload.purpose", Type: dissect.Text, Path: ":", Doc: "what the file is for: message, profile, ephemeral or permanent"},
			}},
		},
	})
}
