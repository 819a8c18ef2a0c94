package analysis

import (
	"time"

	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return clocks{} }) }

var clockAhead = kind(Kind{
	ID: "clock-ahead", Severity: dissect.Warning, Title: "a stanza that was delayed since a time to come",
	Why:    "The clock of whoever kept it, or that of the capture, is wrong; messages get out of order, and certificates expire too early.",
	Source: "XEP-0203 section 2",
})

var delayStamp = need("xmpp.delay.stamp")

// ahead is how far clocks may be apart, in nanoseconds.
const ahead = 60e9

// clocks compares the time that stanzas tell with that of the capture.
type clocks struct{}

// Row implements watcher.
func (clocks) Row(r *Row) {
	if r.Kind != "message" && r.Kind != "presence" {
		return
	}
	delayStamp.each(r, func(f *dissect.Field) {
		if by := f.Number - r.Time; !f.Odd && by > ahead {
			r.once(clockAhead, "it is said to be of %s, which is %s later than the capture",
				time.Unix(0, f.Number).UTC().Format(time.RFC3339), time.Duration(by).Round(time.Second))
		}
	})
}

// End implements watcher.
func (clocks) End(*Row) {}
