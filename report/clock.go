package report

import (
	"fmt"
	"strconv"
	"time"
)

// TimeMode says what the Time column shows. The letters in the comments are
// those of the -t flag, with the meaning they have in tshark.
type TimeMode uint8

// The modes of the Time column.
const (
	Relative     TimeMode = iota // r: seconds since the first frame of the input
	Absolute                     // a: time of day in the local time zone
	AbsoluteDate                 // ad: date and time of day in the local time zone
	Delta                        // d and dd: seconds since the row shown before
	Epoch                        // e: seconds since 1970-01-01 UTC
	UTC                          // u: time of day in UTC
	UTCDate                      // ud: date and time of day in UTC
)

// ParseTimeMode returns the mode that a -t flag names.
func ParseTimeMode(s string) (TimeMode, error) {
	switch s {
	case "r":
		return Relative, nil
	case "a":
		return Absolute, nil
	case "ad":
		return AbsoluteDate, nil
	case "d", "dd":
		return Delta, nil
	case "e":
		return Epoch, nil
	case "u":
		return UTC, nil
	case "ud":
		return UTCDate, nil
	}
	return 0, fmt.Errorf("unknown time format %q: use a, ad, d, dd, e, r, u or ud", s)
}

// Clock fills in the Time column. It is asked once for each row, in the order
// in which the rows are shown.
type Clock struct {
	mode     TimeMode
	start    Start
	stamp    Timestamp
	previous int64
	started  bool
}

// Start returns the time of the first frame of the input, in nanoseconds since
// 1970, and how many decimal digits of a second the input's times have. It is
// not called before the first row.
type Start func() (first int64, precision int)

// NewClock makes a clock for an input.
func NewClock(mode TimeMode, start Start) *Clock {
	c := &Clock{mode: mode, start: start}
	switch mode {
	case Absolute:
		c.stamp = Timestamp{Layout: time.TimeOnly, Zone: time.Local}
	case AbsoluteDate:
		c.stamp = Timestamp{Layout: time.DateTime, Zone: time.Local}
	case UTC:
		c.stamp = Timestamp{Layout: time.TimeOnly, Zone: time.UTC}
	case UTCDate:
		c.stamp = Timestamp{Layout: time.DateTime, Zone: time.UTC}
	}
	return c
}

// Append appends what the Time column shows for t, in nanoseconds since 1970.
func (c *Clock) Append(dst []byte, t int64) []byte {
	start, precision := c.start()
	digits := Digits(t, precision)
	if !c.started {
		c.started, c.previous = true, t
	}
	before := c.previous
	c.previous = t
	switch c.mode {
	case Relative:
		return AppendSeconds(dst, t-start, digits)
	case Delta:
		return AppendSeconds(dst, t-before, digits)
	case Epoch:
		return AppendSeconds(dst, t, digits)
	}
	return c.stamp.Append(dst, t, digits)
}

// Width returns how many characters the Time column takes up in most traces:
// those that last less than three hours, where it counts seconds.
func (c *Clock) Width() int {
	width := len("9999.000000")
	switch c.mode {
	case Epoch:
		width = len("1700000000.000000")
	case Absolute, UTC:
		width = len("15:04:05.000000")
	case AbsoluteDate, UTCDate:
		width = len("2006-01-02 15:04:05.000000")
	}
	_, precision := c.start()
	return width + Digits(0, precision) - 6
}

// Timestamp writes points in time. It remembers the text of the last second,
// since most rows fall into the same one as the row before.
type Timestamp struct {
	Layout string // of package time, down to the second
	Zone   *time.Location

	second int64
	text   []byte
}

// Append appends t, in nanoseconds since 1970, with that many digits after the
// second.
func (s *Timestamp) Append(dst []byte, t int64, digits int) []byte {
	second, nanos := t/1e9, t%1e9
	if nanos < 0 {
		second, nanos = second-1, nanos+1e9
	}
	if s.text == nil || second != s.second {
		s.second = second
		s.text = time.Unix(second, 0).In(s.Zone).AppendFormat(s.text[:0], s.Layout)
	}
	dst = append(dst, s.text...)
	return appendFraction(dst, nanos, digits)
}

// Digits returns how many digits after the second to show for a time t of an
// input with times of some precision: 9 for any that is better than 6, or where
// t proves it to be.
func Digits(t int64, precision int) int {
	if precision > 6 || t%1000 != 0 {
		return 9
	}
	return 6
}

// AppendSeconds appends a span of nanoseconds as seconds with 6 or 9 decimals.
func AppendSeconds(dst []byte, nanos int64, digits int) []byte {
	abs := uint64(nanos)
	if nanos < 0 {
		dst = append(dst, '-')
		abs = -abs
	}
	dst = strconv.AppendUint(dst, abs/1e9, 10)
	return appendFraction(dst, int64(abs%1e9), digits)
}

// appendFraction appends a point and the first digits of nanos, 0 to 999999999.
func appendFraction(dst []byte, nanos int64, digits int) []byte {
	if digits == 6 {
		nanos /= 1000
	}
	dst = append(dst, ".000000000"[:digits+1]...)
	for i := len(dst) - 1; nanos > 0; i-- {
		dst[i] = byte('0' + nanos%10)
		nanos /= 10
	}
	return dst
}
