package stanzalog

import (
	"strconv"
	"strings"
	"time"
)

// clock reads the times of a log.
type clock struct {
	zone    *time.Location
	written time.Time
	last    int64 // what a record without a time is given
	digits  int
	layout  string // that fitted last
}

func newClock(o Options) clock { return clock{zone: o.Zone, written: o.Written.In(o.Zone)} }

// layouts are those that logs use, with the part behind the second taken away.
var layouts = [...]string{
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05",
	"Jan _2 15:04:05",
	"01/02/06 15:04:05", "02/01/06 15:04:05", "01/02/2006 15:04:05", "02/01/2006 15:04:05",
	"02.01.2006 15:04:05", "02.01.06 15:04:05",
}

// read takes a time into the entry; the last one where it cannot be read.
func (c *clock) read(text string, e *entry) {
	whole, nanos, digits := fraction(text)
	if t, ok := c.parse(whole); ok {
		c.last, c.digits = t.UnixNano()+nanos, digits
	}
	e.time, e.digits = c.last, c.digits
}

func (c *clock) parse(text string) (time.Time, bool) {
	if c.layout != "" {
		if t, err := time.ParseInLocation(c.layout, text, c.zone); err == nil {
			return c.dated(t), true
		}
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, text, c.zone); err == nil {
			c.layout = layout
			return c.dated(t), true
		}
	}
	return time.Time{}, false
}

// dated gives a time without a year the latest one in which it is not later
// than the log.
func (c *clock) dated(t time.Time) time.Time {
	if t.Year() != 0 {
		return t
	}
	year := max(c.written.Year(), 1970)
	t = t.AddDate(year, 0, 0)
	if !c.written.IsZero() && t.After(c.written.Add(24*time.Hour)) {
		t = t.AddDate(-1, 0, 0)
	}
	return t
}

// fraction takes the part behind the second out of a time.
func fraction(text string) (whole string, nanos int64, digits int) {
	at := strings.LastIndexByte(text, ':')
	if zone := strings.LastIndexAny(text, "+"); zone > 0 {
		at = strings.LastIndexByte(text[:zone], ':')
	}
	point := strings.IndexAny(text[max(at, 0):], ".,")
	if at < 0 || point < 0 {
		return text, 0, 0
	}
	point += at
	end := point + 1
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	digits = min(end-point-1, 9)
	n, _ := strconv.ParseInt((text[point+1:point+1+digits] + "000000000")[:9], 10, 64)
	return text[:point] + text[end:], n, digits
}
