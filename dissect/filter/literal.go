package filter

import (
	"encoding/hex"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"talktrace/dissect"
)

// constant is the value of a literal.
type constant struct {
	dissect.Value
	prefix netip.Prefix // of an address: with all bits, where it is no network
}

// masked reports whether it is a network rather than an address.
func (w *constant) masked() bool { return w.prefix.IsValid() && !w.prefix.IsSingleIP() }

// constant reads a literal as a value of a class.
func (c *checker) constant(l *literal, cl class) (w constant, err error) {
	ok := true
	switch cl {
	case text:
		w.Text = []byte(l.text)
	case octets:
		w.Text, ok = parseOctets(l)
	case number:
		w.Number, ok = parseNumber(l)
	case boolean:
		w.Number, ok = parseBoolean(l)
	case instant:
		w.Number, ok = parseTime(l)
	case duration:
		w.Number, ok = parseSeconds(l.text)
	case address:
		w.prefix, ok = parsePrefix(l.text)
		w.Addr = w.prefix.Addr()
	}
	if ok {
		return w, nil
	}
	hint := "as in " + exampleOf(cl, "FIELD")
	if _, inQuotes := parseNumber(&literal{kind: word, text: l.text}); cl == number && inQuotes {
		hint = "leave the quotes out"
	} else if from, to, ok := strings.Cut(l.text, "-"); cl == number && ok && isDigits(from) && isDigits(to) {
		hint = "a range is " + from + ".." + to
	}
	return w, c.fail(l.at, hint, "%s is not %s", l.append(nil), classNames[cl])
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// parseOctets reads bytes: those of a string, or hexadecimal ones, with or
// without a separator.
func parseOctets(l *literal) ([]byte, bool) {
	if l.kind != word {
		return []byte(l.text), true
	}
	digits, prefixed := strings.CutPrefix(l.text, "0x")
	if prefixed && len(digits) != 2 {
		return nil, false
	}
	for _, separator := range [...]string{":", "-", "."} {
		parts := strings.Split(digits, separator)
		if len(parts) < 2 {
			continue
		}
		for i, p := range parts {
			if len(p) == 1 {
				parts[i] = "0" + p
			}
			if len(parts[i]) != 2 {
				return nil, false
			}
		}
		digits = strings.Join(parts, "")
		break
	}
	b, err := hex.DecodeString(digits)
	return b, err == nil && len(b) > 0
}

// parseNumber reads an integer as C writes them, or a byte in quotes.
func parseNumber(l *literal) (int64, bool) {
	switch {
	case l.kind == char:
		return int64(l.text[0]), true
	case l.kind == quoted || strings.Contains(l.text, "_"):
		return 0, false
	}
	n, err := strconv.ParseInt(l.text, 0, 64)
	return n, err == nil
}

func parseBoolean(l *literal) (int64, bool) {
	switch strings.ToLower(l.text) {
	case "true", "1":
		return 1, l.kind == word
	case "false", "0":
		return 0, l.kind == word
	}
	return 0, false
}

// timeLayouts are how times may be written. What has no zone is local time, as
// in Wireshark.
var timeLayouts = [...]string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05",
	"2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02",
	"Jan _2, 2006 15:04:05 MST", "Jan _2, 2006 15:04:05", "Jan _2, 2006 15:04", "Jan _2, 2006",
}

// parseTime reads a time, or the seconds since 1970.
func parseTime(l *literal) (int64, bool) {
	if l.kind == word {
		if n, ok := parseSeconds(l.text); ok {
			return n, true
		}
	}
	for _, layout := range timeLayouts {
		t, err := time.ParseInLocation(layout, l.text, time.Local)
		if err != nil {
			continue
		}
		if name, offset := t.Zone(); strings.HasSuffix(layout, "MST") && offset == 0 && name != "UTC" && name != "GMT" {
			return 0, false // a zone that nobody knows here
		}
		return t.UnixNano(), 1678 <= t.Year() && t.Year() < 2262
	}
	return 0, false
}

// parseSeconds reads seconds with up to nine decimals, as nanoseconds.
func parseSeconds(s string) (int64, bool) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, fraction, dotted := strings.Cut(digits, ".")
	if whole+fraction == "" || len(fraction) > 9 || dotted && fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt("0"+whole, 10, 64)
	if err != nil || n >= math.MaxInt64/int64(time.Second) {
		return 0, false
	}
	part, _ := strconv.ParseInt((fraction + "000000000")[:9], 10, 64) // nine digits
	if n = n*int64(time.Second) + part; negative {
		n = -n
	}
	return n, true
}

// parsePrefix reads an address, or a network in CIDR notation.
func parsePrefix(s string) (netip.Prefix, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		if a.Zone() != "" {
			return netip.Prefix{}, false
		}
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	return p, err == nil
}
