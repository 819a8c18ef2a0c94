package report

import (
	"strconv"
	"time"

	"talktrace/dissect"
)

// AppendValue appends a field's value as text, not yet escaped: as the wire has
// it where it comes from there; else numbers in decimal, times in UTC (RFC
// 3339), durations in seconds. What is merely there is "1", as with tshark.
func AppendValue(dst []byte, t dissect.Type, v dissect.Value) []byte {
	if v.Text != nil {
		return append(dst, v.Text...)
	}
	switch t {
	case dissect.Number, dissect.Presence:
		return strconv.AppendInt(dst, v.Number, 10)
	case dissect.Boolean:
		return strconv.AppendBool(dst, v.Number != 0)
	case dissect.Time:
		return time.Unix(0, v.Number).UTC().AppendFormat(dst, "2006-01-02T15:04:05.000000000Z")
	case dissect.Duration:
		return AppendSeconds(dst, v.Number, 9)
	case dissect.Address:
		return v.Addr.AppendTo(dst)
	}
	return dst
}
