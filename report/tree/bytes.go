package tree

import (
	"strconv"

	"talktrace/dissect"
)

const perLine = 16

// bytes appends the bytes of the row's unit, sixteen a line, with a line of its
// own where the next frame begins.
func (t *Tree) bytes(dst []byte, e *dissect.Event) []byte {
	raw, parts := e.Raw, e.Parts
	for pos := 0; pos < len(raw); {
		end := min(pos+perLine-pos%perLine, len(raw))
		for len(parts) > 0 && parts[0].Off <= pos {
			dst = t.boundary(dst, &parts[0])
			parts = parts[1:]
		}
		if len(parts) > 0 {
			end = min(end, parts[0].Off)
		}
		dst = t.line(dst, raw, pos, end)
		pos = end
	}
	return dst
}

// boundary appends the line that says which frame brought the bytes below it.
func (t *Tree) boundary(dst []byte, p *dissect.Part) []byte {
	dst = t.style(append(dst, indent...), faint)
	dst = append(dst, "-- frame "...)
	if p.First != 0 && p.First != p.Frame {
		dst = strconv.AppendInt(dst, int64(p.First), 10)
		dst = append(dst, '-')
	}
	dst = strconv.AppendInt(dst, int64(p.Frame), 10)
	dst = append(dst, " --"...)
	return append(t.style(dst, plain), '\n')
}

// line appends bytes pos to end in hexadecimal and, as far as they are printable
// ASCII, as text.
func (t *Tree) line(dst, raw []byte, pos, end int) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, indent...)
	for shift := 12; shift >= 0; shift -= 4 {
		if pos>>16 != 0 && shift == 12 {
			for high := 28; high > 12; high -= 4 {
				dst = append(dst, digits[pos>>high&15])
			}
		}
		dst = append(dst, digits[pos>>shift&15])
	}
	dst = append(dst, ' ')
	first := pos - pos%perLine
	for i := first; i < first+perLine; i++ {
		if i == first+perLine/2 {
			dst = append(dst, ' ')
		}
		if pos <= i && i < end {
			dst = append(dst, ' ', digits[raw[i]>>4], digits[raw[i]&15])
		} else {
			dst = append(dst, "   "...)
		}
	}
	dst = append(dst, "  "...)
	for i := first; i < end; i++ {
		switch c := raw[i]; {
		case i < pos:
			dst = append(dst, ' ')
		case ' ' <= c && c <= '~':
			dst = append(dst, c)
		default:
			dst = append(dst, '.')
		}
	}
	return append(dst, '\n')
}
