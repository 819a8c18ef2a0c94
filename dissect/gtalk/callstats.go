package gtalk

import (
	"talktrace/dissect"
)

func init() {
	const p = "xmpp.gtalk.call-stats"
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Call Statistics", Label: "callperf",
		Doc:    "How a call went, for Google to look into.",
		Spaces: []string{"google:call-perf-stats"},
		Elements: []dissect.Element{
			{Name: "callPerfStats", Field: p, Info: "[{~@sessionId}][ with {@remoteUser}][, error {@callErrorCode}]", Doc: "the report", Fields: []dissect.FieldDef{
				{Name: p + ".session", Type: dissect.Text, Path: "@sessionId", Doc: "id of the session"},
				{Name: p + ".remote", Type: dissect.Text, Path: "@remoteUser", Doc: "the other one"},
				{Name: p + ".length", Type: dissect.Text, Path: "@callLength", Doc: "how long the call was"},
				{Name: p + ".accepted", Type: dissect.Text, Path: "@callAccepted", Doc: "whether it was accepted"},
				{Name: p + ".error", Type: dissect.Text, Path: "@callErrorCode", Doc: "number of the error"},
				{Name: p + ".terminate", Type: dissect.Text, Path: "@terminateCode", Doc: "number of why it ended"},
			}},
		},
	})
}
