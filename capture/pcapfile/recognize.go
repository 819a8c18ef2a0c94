package pcapfile

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// recognizable is how many first bytes of a file hintFor wants to see.
const recognizable = 512

const convert = "convert it: editcap -F pcapng IN OUT.pcapng"

// foreign lists what people hand to a capture tool by mistake, by the bytes it
// begins with. The first that fits counts.
var foreign = [...]struct{ magic, kind, advice string }{
	{"snoop\x00\x00\x00", "a snoop capture", convert},
	{"btsnoop\x00", "a Bluetooth capture", convert},
	{"GMBU", "a Network Monitor capture", convert},
	{"RTSS", "a Network Monitor capture", convert},
	{"TRSNIFF data", "a Sniffer capture", convert},
	{"XCP\x00", "a NetXray capture", convert},
	{"iptrace ", "an AIX iptrace capture", convert},
	{"ObserverPkt", "an Observer capture", convert},
	{"BZh", "compressed by bzip2", "decompress it first: bzip2 -dk FILE"},
	{"\xfd7zXZ\x00", "compressed by xz", "decompress it first: xz -dk FILE"},
	{"PK\x03\x04", "a ZIP archive", "unpack it first"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"},
	{"\x7fELF", "a program", ""},
	{"MZ", "a Windows program", ""},
	{"%PDF", "a PDF document", ""},
	{"\x89PNG", "a picture", ""},
	{"SQLite format 3\x00", "a database", ""},
	{"# SSL/TLS secrets", "a TLS key log", "give it by --keylog, beside the capture"},
	{"CLIENT_", "a TLS key log", "give it by --keylog, beside the capture"},
	{"SERVER_", "a TLS key log", "give it by --keylog, beside the capture"},
	{"-----BEGIN ", "a key or a certificate in PEM form", "an RSA key is given by --rsa-key, beside the capture"},
	{"<?xml", "XML", "the capture that it was made from is wanted"},
	{"<", "XML or HTML", "the capture that it was made from is wanted"},
	{"{", "JSON", "the capture that it was made from is wanted"},
	{"[", "JSON", "the capture that it was made from is wanted"},
}

// hintFor says what a file that is no capture looks like, by its first bytes,
// and what to do about it.
func hintFor(head []byte) string {
	if len(head) == 0 {
		return "it is empty; has the capture been stopped, and was there room on the disk?"
	}
	if kind, advice := looksLike(head); kind != "" {
		return strings.TrimSuffix(fmt.Sprintf("it looks like %s; %s", kind, advice), "; ")
	}
	return "captures are written by tcpdump -w, dumpcap and Wireshark"
}

func looksLike(head []byte) (kind, advice string) {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	for _, f := range &foreign {
		if bytes.HasPrefix(head, []byte(f.magic)) || bytes.HasPrefix(text, []byte(f.magic)) {
			return f.kind, f.advice
		}
	}
	if len(head) >= 262 && string(head[257:262]) == "ustar" {
		return "a tar archive", "unpack it first"
	}
	if isText(head) {
		return "text", "a hex dump becomes a capture by text2pcap; what tcpdump prints does not: record it by tcpdump -w"
	}
	return "", ""
}

// isText reports whether b is UTF-8, perhaps cut in its last character, without
// control characters beyond those that lay out text.
func isText(b []byte) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			return len(b) < utf8.UTFMax && !utf8.FullRune(b)
		case r < ' ' && !strings.ContainsRune("\t\n\v\f\r\x1b", r), r == 0x7f:
			return false
		}
		b = b[n:]
	}
	return true
}
