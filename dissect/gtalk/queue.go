package gtalk

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Presence Queue", Label: "presence-queue",
		Doc:    "Lets the server hold presences back while nobody looks, so that a telephone can sleep; then they come in one burst. While it is on, the server hardly sends keepalives either.",
		Spaces: []string{"google:queue"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.gtalk.queue", Info: "{*/:}", Doc: "changes the queue", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.queue.action", Type: dissect.Text, Path: "*/:", Doc: "enable, disable or flush"},
			}},
			{Name: "queue", Field: "xmpp.gtalk.queue.offer", Doc: "the queue is on offer"},
		},
	})
}
