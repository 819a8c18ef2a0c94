package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0447", Title: "Stateless File Sharing", Label: "file",
		Doc:    "A file that can be fetched from one of several places, without the sender being there.",
		Spaces: []string{"urn:xmpp:sfs:0"},
		Elements: []dissect.Element{
			{
				Name: "file-sharing", Field: "xmpp.file-sharing", Rank: dissect.Content, Doc: "a file and where it can be fetched",
				Info:  "file[ {\"./~file/~name}][, {./~file/~media-type}][, {./~file/~size} bytes]",
				Aside: ", file[ {\"./~file/~name}][, {./~file/~media-type}][, {./~file/~size} bytes]",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.file-sharing.disposition", Type: dissect.Text, Path: "@disposition", Doc: "inline to show it in the conversation, attachment to offer it", OneOf: "inline attachment"},
					{Name: "xmpp.file-sharing.id", Type: dissect.Text, Path: "@id", Doc: "id of the file in the message"},
				},
			},
			{Name: "sources", Field: "xmpp.file-sharing.sources", Rank: dissect.Content, Info: "sources of file[ {~@id}]", Doc: "more places where a file can be fetched", Fields: []dissect.FieldDef{
				{Name: "xmpp.file-sharing.id", Type: dissect.Text, Path: "@id", Doc: "id of the file in the message"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0448", Title: "Encryption for Stateless File Sharing", Label: "encrypted-file",
		Doc:    "The file lies on the server encrypted; its key travels here, and should do so only inside an encrypted message.",
		Spaces: []string{"urn:xmpp:esfs:0"},
		Elements: []dissect.Element{
			{Name: "encrypted", Field: "xmpp.encrypted-file", Info: "[{@cipher}]", Doc: "a file that is encrypted, and its key", Fields: []dissect.FieldDef{
				{Name: "xmpp.encrypted-file.cipher", Type: dissect.Text, Path: "@cipher", Doc: "how it is encrypted"},
				{Name: "xmpp.encrypted-file.key", Type: dissect.Text, Path: "key", Doc: "the key"},
				{Name: "xmpp.encrypted-file.iv", Type: dissect.Text, Path: "iv", Doc: "the initialization vector"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0103", Title: "URL Address Information", Label: "url",
		Doc:    "An address on the web, and what one must know to fetch what is there.",
		Spaces: []string{"http://jabber.org/protocol/url-data"},
		Elements: []dissect.Element{
			{Name: "url-data", Field: "xmpp.url-data", Info: "{@target}", Doc: "an address on the web", Fields: []dissect.FieldDef{
				{Name: "xmpp.url-data.target", Type: dissect.Text, Path: "@target", Doc: "the address", Required: true},
				{Name: "xmpp.url-data.sid", Type: dissect.Text, Path: "@sid", Doc: "id of the session that it belongs to"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0385", Title: "Stateless Inline Media Sharing", Label: "media",
		Doc:    "The forerunner of stateless file sharing: a stretch of the body stands for a picture or another file.",
		Spaces: []string{"urn:xmpp:sims:1"},
		Elements: []dissect.Element{
			{Name: "media-sharing", Field: "xmpp.media-sharing", Info: "file[ {\"./~file/~name}]", Doc: "a file that is to be shown in the conversation", Fields: []dissect.FieldDef{
				{Name: "xmpp.file", Type: dissect.Presence, Path: "~file", Doc: "what is known of a file", Fields: []dissect.FieldDef{
					{Name: "xmpp.file.name", Type: dissect.Text, Path: "name", Doc: "its name"},
					{Name: "xmpp.file.media-type", Type: dissect.Text, Path: "media-type", Doc: "its media type"},
					{Name: "xmpp.file.size", Type: dissect.Number, Path: "size", Doc: "its size in bytes"},
					{Name: "xmpp.file.desc", Type: dissect.Text, Path: "desc", Doc: "what is in it"},
				}},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0264", Title: "Jingle Content Thumbnails", Label: "thumbnail",
		Doc:    "A small picture of a file, to be shown before the file is there.",
		Spaces: []string{"urn:xmpp:thumbs:1", "urn:xmpp:thumbs:0"},
		Elements: []dissect.Element{
			{Name: "thumbnail", Field: "xmpp.thumbnail", Doc: "a small picture of a file", Fields: []dissect.FieldDef{
				{Name: "xmpp.thumbnail.uri", Type: dissect.Text, Path: "@uri", Doc: "where it is", Required: true},
				{Name: "xmpp.thumbnail.media-type", Type: dissect.Text, Path: "@media-type", Doc: "media type of the small picture"},
				{Name: "xmpp.thumbnail.media-type", Type: dissect.Text, Path: "@mime-type", Doc: "media type of the small picture"},
				{Name: "xmpp.thumbnail.width", Type: dissect.Number, Path: "@width", Doc: "its width in pixels"},
				{Name: "xmpp.thumbnail.height", Type: dissect.Number, Path: "@height", Doc: "its height in pixels"},
			}},
		},
	})
}
