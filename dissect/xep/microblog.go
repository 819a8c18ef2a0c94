package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0277", Title: "Microblogging over XMPP", Label: "post",
		Doc:    "Posts and news as Atom entries (RFC 4287), published under nodes that anybody may subscribe to.",
		Spaces: []string{"http://www.w3.org/2005/Atom"},
		Elements: []dissect.Element{
			{Name: "entry", Field: "xmpp.atom.entry", Info: "[{\"title}][ by {author/name}]", Doc: "a post", Fields: []dissect.FieldDef{
				{Name: "xmpp.atom.title", Type: dissect.Text, Path: "title", Doc: "its title, or all of it"},
				{Name: "xmpp.atom.author", Type: dissect.Text, Path: "author/name", Doc: "name of its author"},
				{Name: "xmpp.atom.author.uri", Type: dissect.Text, Path: "author/uri", Doc: "address of its author"},
				{Name: "xmpp.atom.id", Type: dissect.Text, Path: "id", Doc: "its id"},
				{Name: "xmpp.atom.published", Type: dissect.Time, Path: "published", Doc: "when it was published"},
				{Name: "xmpp.atom.updated", Type: dissect.Time, Path: "updated", Doc: "when it was last changed"},
				{Name: "xmpp.atom.summary", Type: dissect.Text, Path: "summary", Doc: "what it says, in short"},
				{Name: "xmpp.atom.content", Type: dissect.Text, Path: "content", Doc: "what it says"},
				{Name: "xmpp.atom.link", Type: dissect.Text, Path: "link/@href", Doc: "where it can be read, or what it answers"},
				{Name: "xmpp.atom.category", Type: dissect.Text, Path: "category/@term", Doc: "what it is about"},
			}},
			{Name: "feed", Field: "xmpp.atom.feed", Info: "feed[ {\"title}]", Doc: "what holds posts together", Fields: []dissect.FieldDef{
				{Name: "xmpp.atom.title", Type: dissect.Text, Path: "title", Doc: "its title, or all of it"},
				{Name: "xmpp.atom.id", Type: dissect.Text, Path: "id", Doc: "its id"},
			}},
		},
	})
}
