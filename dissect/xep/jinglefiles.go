package xep

import (
	"talktrace/dissect"
)

func init() {
	const d = contentField + ".description"
	file := func(name, path, doc string) dissect.FieldDef {
		return dissect.FieldDef{Name: name, Type: dissect.Presence, Path: path, Doc: doc, Fields: []dissect.FieldDef{
			{Name: d + ".file.name", Type: dissect.Text, Path: "name", Doc: "name of the file"},
			{Name: d + ".file.size", Type: dissect.Number, Path: "size", Doc: "bytes in the file"},
			{Name: d + ".file.media-type", Type: dissect.Text, Path: "media-type", Doc: "media type of the file"},
			{Name: d + ".file.date", Type: dissect.Time, Path: "date", Doc: "when the file was last changed"},
			{Name: d + ".file.desc", Type: dissect.Text, Path: "desc", Doc: "what the file is, in words"},
			{Name: d + ".file.range", Type: dissect.Presence, Path: "range", Doc: "only a part is sent, or could be", Fields: []dissect.FieldDef{
				{Name: d + ".file.range.offset", Type: dissect.Number, Path: "@offset", Doc: "byte at which the part begins"},
				{Name: d + ".file.range.length", Type: dissect.Number, Path: "@length", Doc: "bytes in the part"},
			}},
		}}
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0234", Title: "Jingle File Transfer", Label: "file",
		Doc: "Offers a file, or asks for one, and tells at the end whether it arrived whole.",
		Spaces: []string{
			"urn:xmpp:jingle:apps:file-transfer:5", "urn:xmpp:jingle:apps:file-transfer:4",
			"urn:xmpp:jingle:apps:file-transfer:3", "urn:xmpp:jingle:apps:file-transfer:1",
		},
		Elements: []dissect.Element{
			{
				Name: "description", Field: d, Doc: "what is to be sent",
				Info: "file[ {\"file/name}][ {\"offer/file/name}][ {\"offer/~file/@name}][ {\"request/file/name}][ {\"request/~file/@name}][, {file/size} bytes][, {offer/file/size} bytes][, {offer/~file/@size} bytes][, asked for{?request}]",
				Fields: []dissect.FieldDef{
					file(d+".file", "file", "a file"),
					{Name: d + ".offer", Type: dissect.Presence, Path: "offer", Doc: "the file is offered (versions 1 to 3)", Fields: []dissect.FieldDef{file(d+".file", "file", "a file")}},
					{Name: d + ".request", Type: dissect.Presence, Path: "request", Doc: "the file is asked for (versions 1 to 3)", Fields: []dissect.FieldDef{file(d+".file", "file", "a file")}},
				},
			},
			{Name: "received", Field: contentField + ".received", Info: "file received", Doc: "the file has arrived", Fields: []dissect.FieldDef{
				{Name: contentField + ".received.name", Type: dissect.Text, Path: "@name", Doc: "the content that it was"},
			}},
			{Name: "checksum", Field: contentField + ".checksum", Info: "checksum of the file", Doc: "hash of a file, told when all of it has been sent", Fields: []dissect.FieldDef{
				{Name: contentField + ".checksum.name", Type: dissect.Text, Path: "@name", Doc: "the content that it was"},
			}},
			{Name: "abort", Field: contentField + ".abort", Info: "file aborted", Doc: "the transfer of one file of several is given up"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0234", Title: "Jingle File Transfer: Errors", Label: "file-error",
		Doc:    "Why a file cannot be had.",
		Spaces: []string{"urn:xmpp:jingle:apps:file-transfer:errors:0"},
		Elements: []dissect.Element{
			{Name: "*", Info: "{:}", Fields: []dissect.FieldDef{
				{Name: "xmpp.jingle.file_error", Type: dissect.Text, Path: ":", Doc: "file-not-available or file-too-large"},
			}},
		},
	})
}
