package gtalk

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: File Sharing", Label: "share",
		Doc:    "Offers files and folders; they are then fetched by HTTP over the path that the session has found.",
		Spaces: []string{"http://www.google.com/session/share"},
		Elements: []dissect.Element{
			{
				Name: "description", Field: "xmpp.gtalk.session.description", Doc: "what is to be sent",
				Info: "[file {\"~manifest/~file/~name}][, {./~manifest/~file/@size} bytes][, folder {\"~manifest/~folder/~name}]",
			},
			manifest(),
			protocol(),
			{Name: "complete", Field: "xmpp.gtalk.share.complete", Info: "file complete", Doc: "all has arrived"},
		},
	})
}

// manifest declares a list of files. It is in the namespace of the share, or in
// that of the session, as some clients have it.
func manifest() dissect.Element {
	const f = "xmpp.gtalk.share.file"
	return dissect.Element{Name: "manifest", Field: "xmpp.gtalk.share.manifest", Doc: "what files are offered", Fields: []dissect.FieldDef{
		{Name: f, Type: dissect.Presence, Path: "file", Doc: "a file", Fields: []dissect.FieldDef{
			{Name: f + ".name", Type: dissect.Text, Path: "name", Doc: "its name"},
			{Name: f + ".size", Type: dissect.Number, Path: "@size", Doc: "bytes in it"},
			{Name: f + ".width", Type: dissect.Number, Path: "image/@width", Doc: "width, if it is a picture"},
			{Name: f + ".height", Type: dissect.Number, Path: "image/@height", Doc: "height, if it is a picture"},
		}},
		{Name: "xmpp.gtalk.share.folder", Type: dissect.Text, Path: "folder/name", Doc: "name of a folder"},
	}}
}

// protocol declares how the files are fetched; it is where the manifest is.
func protocol() dissect.Element {
	const u = "xmpp.gtalk.share.url"
	return dissect.Element{Name: "protocol", Field: "xmpp.gtalk.share.protocol", Doc: "how the files are fetched", Fields: []dissect.FieldDef{
		{Name: u, Type: dissect.Presence, Path: "http/url", Doc: "where they are fetched from", Fields: []dissect.FieldDef{
			{Name: u + ".name", Type: dissect.Text, Path: "@name", Doc: "source-path for files, preview-path for small pictures of them"},
			{Name: u + ".path", Type: dissect.Text, Path: ".", Doc: "path of the address"},
		}},
	}}
}
