package gtalk

import (
	"time"

	"talktrace/dissect"
)

// milliseconds decodes a time as Google writes it, in milliseconds since 1970,
// to one as XEP-0082 does. What is no such number stays as it is.
func milliseconds(dst, text []byte, _ bool) ([]byte, bool) {
	const most = 1 << 48 // some 9,000 years
	n, ok := dissect.ParseNumber(text)
	if !ok || n < 0 || n > most {
		return append(dst, text...), true
	}
	return time.UnixMilli(n).UTC().AppendFormat(dst, "2006-01-02T15:04:05.000Z"), true
}
