package scrub

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"
)

// disguise makes stand-ins. They depend on a key that is forgotten with it, so
// nobody can look up what they stand for; the same value always gets the same.
type disguise struct {
	key    [32]byte
	nonces []*value          // of logins, the latest ones
	salts  map[string]byte   // of short values, with small letters, whose first stand-in was another one's
	taken  map[string]string // the stand-ins of short values, and whose they are, both with small letters
}

// noise is a sequence of numbers that nobody can tell from chance.
type noise struct {
	seed  []byte
	block []byte
	n     uint32
}

// noise returns the sequence for a value. Letters count as equal in either case,
// as they do in domains.
func (d *disguise) noise(value []byte, salt byte) *noise {
	m := hmac.New(sha256.New, d.key[:])
	_, _ = m.Write(append(bytes.ToLower(value), salt))
	return &noise{seed: m.Sum(nil)}
}

func (n *noise) next() byte {
	if len(n.block) == 0 {
		sum := sha256.Sum256(binary.BigEndian.AppendUint32(n.seed[:len(n.seed):len(n.seed)], n.n))
		n.block = sum[:]
		n.n++
	}
	b := n.block[0]
	n.block = n.block[1:]
	return b
}

// of returns a number below most, which is at most 65536.
func (n *noise) of(most int) int { return (int(n.next())<<8 | int(n.next())) % most }

// text puts a stand-in in the place of text as XML has it: of the same length,
// each letter a letter, each digit a digit, each other character one that takes
// as many bytes; references, sections and comments stay whole. Punctuation tells
// little and stays, unless the text is a credential. As long as there are enough of
// them, different values have different stand-ins, and none its own.
func (d *disguise) text(b []byte, credential bool) []byte {
	if credential && isBase64(b) && alphabetOf(b) > 6 {
		return d.base64(b)
	}
	value := b
	if bytes.IndexByte(b, '&') >= 0 {
		value = unescape(b)
	}
	const short = 16
	if len(b) > short {
		return d.draw(b, d.noise(value, 0), credential)
	}
	const tries = 32
	own := strings.ToLower(string(value))
	for salt := d.salts[own]; ; salt++ {
		out := d.draw(b, d.noise(value, salt), credential)
		key := strings.ToLower(string(out))
		if whose, taken := d.taken[key]; salt < tries && (key == own && isTelling(b) || taken && whose != own) {
			continue
		}
		if d.taken == nil {
			d.taken, d.salts = make(map[string]string), make(map[string]byte)
		}
		if d.taken[key] = own; salt > 0 {
			d.salts[own] = salt
		}
		return out
	}
}

// isTelling reports whether text has a letter or a digit.
func isTelling(b []byte) bool {
	return bytes.ContainsFunc(b, func(c rune) bool { return c < 0x80 && isLetter(byte(c)) && c != '_' })
}

// draw makes a stand-in of numbers.
func (d *disguise) draw(b []byte, n *noise, credential bool) []byte {
	out, digits := make([]byte, 0, len(b)), alphabetOf(b)
	for i := 0; i < len(b); {
		if k := structure(b[i:]); k > 0 {
			out = append(out, b[i:i+k]...)
			i += k
			continue
		}
		if b[i] == '&' {
			const longest = 12 // of a reference that means something
			k := bytes.IndexByte(b[i:min(len(b), i+longest)], ';') + 1
			out = append(out, n.reference(b[i:i+max(k, 1)])...)
			i += max(k, 1)
			continue
		}
		k := 1
		if b[i] >= utf8.RuneSelf {
			_, k = utf8.DecodeRune(b[i:])
		}
		out = n.character(out, b[i:i+k], digits, credential)
		i += k
	}
	return out
}

// structure is the length of the mark of a section or comment that b begins with.
func structure(b []byte) int {
	for _, mark := range [...]string{"<![CDATA[", "]]>", "<!--", "-->"} {
		if bytes.HasPrefix(b, []byte(mark)) {
			return len(mark)
		}
	}
	return 0
}

// alphabetOf is how many letters the letters of a text are taken from: those of
// hexadecimal digits stay such.
func alphabetOf(b []byte) int {
	for _, c := range b {
		if ('0' > c || c > '9') && ('a' > c|0x20 || c|0x20 > 'f') {
			return 26
		}
	}
	if len(b) < 8 {
		return 26
	}
	return 6
}

// character appends a stand-in for a character.
func (n *noise) character(out, c []byte, letters int, credential bool) []byte {
	switch b := c[0]; {
	case len(c) == 2:
		return utf8.AppendRune(out, rune(0xe0+n.of(22)))
	case len(c) == 3:
		return utf8.AppendRune(out, rune(0x4e00+n.of(0x5000)))
	case len(c) == 4:
		return utf8.AppendRune(out, rune(0x1f600+n.of(0x40)))
	case 'a' <= b && b <= 'z':
		return append(out, byte('a'+n.of(letters)))
	case 'A' <= b && b <= 'Z':
		return append(out, byte('A'+n.of(letters)))
	case '0' <= b && b <= '9':
		return append(out, byte('0'+n.of(10)))
	case b >= utf8.RuneSelf:
		return append(out, '?')
	case credential && isHidden(b):
		const signs = ".:_~+*!"
		if i := n.of(len(signs)); signs[i] != b {
			return append(out, signs[i])
		}
		return append(out, '/')
	default:
		return append(out, b)
	}
}

// address returns a stand-in for text that is an IP address of somebody, nil for
// any other.
func (d *disguise) address(text []byte) []byte {
	const longest = 45
	if len(text) > longest || bytes.IndexByte(text, '.') < 0 && bytes.IndexByte(text, ':') < 0 {
		return nil
	}
	a, err := netip.ParseAddr(string(text))
	if err != nil || a.IsLoopback() || a.IsUnspecified() {
		return nil
	}
	return d.ip(text)
}

// ip returns a stand-in for the text of an IP address, which is one too.
func (d *disguise) ip(text []byte) []byte {
	n, out := d.noise(text, 0), bytes.Clone(text)
	for i := 0; i < len(out); {
		from := i
		for i < len(out) && out[i] != '.' && out[i] != ':' {
			i++
		}
		if group := out[from:i]; i < len(out) && out[i] == '.' || from > 0 && out[from-1] == '.' {
			n.octet(group)
		} else {
			n.hexadecimal(group)
		}
		i++
	}
	return out
}

// octet puts another decimal number of as many digits in the place of one that is
// below 256.
func (n *noise) octet(digits []byte) {
	least, most := 0, 10
	switch len(digits) {
	case 2:
		least, most = 10, 100
	case 3:
		least, most = 100, 256
	}
	copy(digits, strconv.Itoa(least+n.of(most-least)))
}

// hexadecimal puts others in the place of digits.
func (n *noise) hexadecimal(digits []byte) {
	for i := range digits {
		digits[i] = "0123456789abcdef"[1+n.of(15)]
	}
}

// isHidden reports whether a character of a credential is replaced: all but those of
// markup and white space.
func isHidden(c byte) bool { return c > ' ' && bytes.IndexByte([]byte("<>&'\""), c) < 0 }

// reference returns a stand-in for a reference: one by name stays.
func (n *noise) reference(ref []byte) []byte {
	out := bytes.Clone(ref)
	if len(ref) < 4 || ref[1] != '#' || ref[len(ref)-1] != ';' {
		return out
	}
	digits := out[2 : len(out)-1]
	if digits[0] == 'x' {
		digits = digits[1:]
	}
	if len(digits) < 2 { // a tab or a line end: there are no others
		return out
	}
	for i := range digits {
		digits[i] = '0'
	}
	last := digits[len(digits)-2:]
	if out[2] == 'x' {
		last[0], last[1] = '4', byte('1'+n.of(9))
	} else {
		c := 65 + n.of(26)
		last[0], last[1] = byte('0'+c/10), byte('0'+c%10)
	}
	return out
}

// isBase64 reports whether text is in base64, as payloads of SASL are, and long
// enough for that not to be chance.
func isBase64(b []byte) bool {
	if len(b) < 8 || len(b)%4 != 0 {
		return false
	}
	_, err := base64.StdEncoding.Decode(make([]byte, base64.StdEncoding.DecodedLen(len(b))), b)
	return err == nil && !bytes.ContainsAny(b, " \t\r\n")
}

// base64 returns a stand-in for bytes in base64.
func (d *disguise) base64(b []byte) []byte {
	plain := decode(b)
	n := d.noise(plain, 0)
	for i := range plain {
		plain[i] = n.next()
	}
	return encode(plain)
}

func decode(b []byte) []byte {
	plain := make([]byte, base64.StdEncoding.DecodedLen(len(b)))
	n, _ := base64.StdEncoding.Decode(plain, b)
	return plain[:n]
}

func encode(b []byte) []byte { return base64.StdEncoding.AppendEncode(nil, b) }
