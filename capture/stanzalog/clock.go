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
	outer   []byte // what the carrier says of the record
	last    int64  // what a record without a time is given
	digits  int
	layout  string    // that fitted last
	day     time.Time // of the latest time without a date; its midnight
}

func newClock(o Options) clock { return clock{zone: o.Zone, written: o.Written.In(o.Zone)} }

// layouts are those that logs use, with the part behind the second taken away.
// Where the month and the day can be told from each other by nothing else, it is the
// order in which they stand here.
var layouts = [...]string{
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05",
	"2006-01-02 15:04:05Z0700", "2006-01-02T15:04:05Z0700", "2006/01/02 15:04:05", "2006-01-02, 15:04:05",
	"Jan _2 15:04:05", "01-02 15:04:05", "2-Jan-2006::15:04:05",
	"01/02/06 15:04:05", "02/01/06 15:04:05", "01/02/2006 15:04:05", "02/01/2006 15:04:05",
	"02.01.2006 15:04:05", "02.01.06 15:04:05", "02-01-2006 15:04:05", "02-01-06 15:04:05", "2. 1. 2006 15:04:05",
	"01/02/2006 3:04:05 PM", "1/2/06 15:04:05", "1/2/06 3:04:05 PM", "1/2/2006 15:04:05", "1/2/06, 3:04:05 PM",
	"Mon Jan _2 15:04:05 2006", "Mon _2 Jan 2006 03:04:05 PM MST", "Mon _2 Jan 2006 15:04:05 MST", "Mon _2 Jan 2006 15:04:05",
	"15:04:05", "3:04:05 PM",
}

// read takes a time into the entry; where there is none, that of the carrier, and
// the last one where that cannot be read either.
func (c *clock) read(text string, e *entry) {
	if !c.set(text) {
		c.set(string(c.outer))
	}
	e.time, e.digits = c.last, c.digits
}

func (c *clock) set(text string) bool {
	whole, nanos, digits := fraction(strings.TrimSpace(text))
	if whole == "" {
		return false
	}
	t, ok := c.parse(whole)
	if ok {
		c.last, c.digits = t.UnixNano()+nanos, digits
	}
	return ok
}

func (c *clock) parse(text string) (time.Time, bool) {
	var late time.Time // what fits, but is later than the log
	if c.layout != "" {
		if t, ok := c.fits(c.layout, text); ok && !c.future(t) {
			return t, true
		}
	}
	for _, layout := range layouts {
		t, ok := c.fits(layout, text)
		switch {
		case !ok:
		case c.future(t):
			if late.IsZero() {
				late = t
			}
		default:
			c.layout = layout
			return t, true
		}
	}
	return late, !late.IsZero()
}

func (c *clock) fits(layout, text string) (time.Time, bool) {
	t, err := time.ParseInLocation(layout, text, c.zone)
	if err != nil {
		return t, false
	}
	if t.Year() != 0 {
		return t, true
	}
	if strings.HasPrefix(layout, "15:") || strings.HasPrefix(layout, "3:") {
		return c.onDay(t), true
	}
	return c.dated(t), true
}

// future reports whether a time is later than the log was written.
func (c *clock) future(t time.Time) bool {
	return !c.written.IsZero() && c.written.Year() > 1 && t.After(c.written.Add(24*time.Hour))
}

// dated gives a time without a year the latest one in which it is not later
// than the log, and has such a day.
func (c *clock) dated(t time.Time) time.Time {
	year := max(c.written.Year(), 1970)
	for range 9 {
		d := time.Date(year, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, c.zone)
		if d.Day() == t.Day() && !c.future(d) {
			return d
		}
		year--
	}
	return t
}

// onDay gives a time without a date that of the day on which the log was written,
// or of the day before where it is later than that; each time that the clock goes
// back by hours, it is another day.
func (c *clock) onDay(t time.Time) time.Time {
	at := func(day time.Time) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), t.Hour(), t.Minute(), t.Second(), 0, c.zone)
	}
	const back = 6 * time.Hour
	switch {
	case c.day.IsZero():
		if c.day = c.written; c.written.Year() <= 1 {
			c.day = time.Date(1970, 1, 1, 0, 0, 0, 0, c.zone)
		} else if at(c.day).After(c.written.Add(time.Minute)) {
			c.day = c.day.AddDate(0, 0, -1)
		}
	case at(c.day).Before(time.Unix(0, c.last).Add(-back)):
		c.day = c.day.AddDate(0, 0, 1)
	}
	return at(c.day)
}

// fraction takes the part behind the second out of a time.
func fraction(text string) (whole string, nanos int64, digits int) {
	at := strings.LastIndexByte(text, ':')
	if zone := strings.LastIndexAny(text, "+"); zone > 0 {
		at = strings.LastIndexByte(text[:zone], ':')
	} else if at >= 3 && len(text)-at == 3 && text[at-3] == '-' { // -05:00
		at = strings.LastIndexByte(text[:at], ':')
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
	if end == point+1 { // nothing of a second
		return text, 0, 0
	}
	digits = min(end-point-1, 9)
	n, _ := strconv.ParseInt((text[point+1:point+1+digits] + "000000000")[:9], 10, 64)
	return text[:point] + text[end:], n, digits
}
