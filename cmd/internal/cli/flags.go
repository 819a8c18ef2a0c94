package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"talktrace/dissect"
)

// options are the flags of a trace.
type options struct {
	files       []string
	interfaces  []string
	list        bool
	filter      string
	snaplen     int
	unobtrusive bool
	count       int

	decodeAs    decodeAs
	maxStanza   size
	showSecrets bool
	workers     int

	format  string
	time    string
	sender  string
	packets bool
	names   bool
	noNames bool
	color   string
	flush   bool
	quiet   bool

	choosing  choosing
	verb      *verb  // nil writes rows
	folder    string // in which a verb makes files; "" for none
	details   details
	keys      keyFiles
	writing   writing
	capturing capturing
}

// A group is flags that serve one purpose. The help shows them together.
type group struct {
	title string
	flags *pflag.FlagSet
}

// groups defines the flags of a trace, in the order of the help. Flags that
// tshark has too mean what they mean there.
func (o *options) groups() []group {
	set := func(define func(f *pflag.FlagSet)) *pflag.FlagSet {
		f := pflag.NewFlagSet("", pflag.ContinueOnError)
		f.SortFlags = false
		define(f)
		return f
	}
	return []group{
		{"Input", set(o.inputFlags)},
		{"Decoding", set(o.decodingFlags)},
		{"Rows", set(func(f *pflag.FlagSet) { o.choosing.flags(f); o.rowFlags(f) })},
		{"Details", set(o.details.flags)},
		{"Writing", set(o.writing.flags)},
		{"Capturing", set(o.capturing.flags)},
	}
}

func (o *options) inputFlags(f *pflag.FlagSet) {
	f.StringArrayVarP(&o.files, "read", "r", nil, "read the capture `FILE` (pcap or pcapng, also compressed; - is\nstandard input); repeated, files are merged in order of time")
	f.StringArrayVarP(&o.interfaces, "interface", "i", nil, "capture on the network interface `IFACE`, by name or by number\n(any is all of them; - or a named pipe is a capture stream);\nrepeated, they are captured on at once")
	f.BoolVarP(&o.list, "list-interfaces", "D", false, "list the interfaces that can be captured on")
	f.StringVarP(&o.filter, "capture-filter", "f", "", "capture only what the `BPF` filter lets through, rather than\nXMPP's ports and the DNS (live only)")
	f.IntVarP(&o.snaplen, "snapshot-length", "s", 0, "capture at most `LEN` bytes of a frame (live only; 0 is all)")
	f.BoolVarP(&o.unobtrusive, "no-promiscuous-mode", "p", false, "capture only what is for this machine (the default)")
	f.IntVarP(&o.count, "count", "c", 0, "stop after `N` frames")
}

func (o *options) decodingFlags(f *pflag.FlagSet) {
	o.maxStanza = dissect.DefaultMaxStanza
	f.VarP(&o.decodeAs, "decode-as", "d", "take a TCP port, or a range of them, for what `SPEC` says:\ntcp.port==7400,xmpp or tcp.port==7400-7410,tls; repeatable")
	o.keys.define(f)
	f.Var(&o.maxStanza, "max-stanza", "cut elements longer than `SIZE` bytes (K, M: times 1024, 1024²)")
	f.BoolVar(&o.showSecrets, "show-secrets", false, "show passwords, SASL payloads and tokens, which are replaced by\n[redacted] otherwise")
	f.IntVar(&o.workers, "workers", 0, "decode with `N` workers (default: one for each processor)")
}

func (o *options) rowFlags(f *pflag.FlagSet) {
	f.StringVarP(&o.format, "format", "T", "", "write rows as `FORMAT`: text, table, jsonl, csv, fields (see -e) or\npdml (default: table on a terminal, else text)")
	f.StringVarP(&o.time, "time", "t", "r", "show times as `MODE`: a (time of day), ad (with the date), u, ud (the\nsame in UTC), r (seconds since the first frame), d, dd (since the\nrow before), e (since 1970)")
	f.StringVar(&o.sender, "sender", "both", "show what `WHO` sent: client, server or both")
	o.writing.stream = allConnections
	f.Var(&o.writing.stream, "stream", "show, and write with -w, only what is of the TCP connection number `N`")
	f.BoolVar(&o.packets, "packets", false, "show a row for each frame of the capture, XMPP or not")
	f.BoolVarP(&o.names, "names", "N", false, "show the names of addresses where the capture itself tells them\n(talktrace never asks the network)")
	f.BoolVarP(&o.noNames, "no-names", "n", false, "show addresses as they are (the default; wins over -N)")
	f.StringVar(&o.color, "color", "auto", "colour rows, client blue and server red: `WHEN` is auto, always or\nnever; NO_COLOR is honoured by auto")
	f.BoolVarP(&o.flush, "line-buffered", "l", false, "write out each row at once, also into a pipe")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "write no rows, only a summary on standard error")
}

// size is a number of bytes on the command line.
type size int

func (s *size) String() string {
	for _, unit := range []struct {
		name  string
		bytes size
	}{{"M", 1 << 20}, {"K", 1 << 10}} {
		if *s != 0 && *s%unit.bytes == 0 {
			return strconv.Itoa(int(*s/unit.bytes)) + unit.name
		}
	}
	return strconv.Itoa(int(*s))
}

func (s *size) Set(text string) error {
	digits, unit := strings.ToUpper(text), 1
	if d, ok := strings.CutSuffix(digits, "M"); ok {
		digits, unit = d, 1<<20
	} else if d, ok := strings.CutSuffix(digits, "K"); ok {
		digits, unit = d, 1<<10
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n <= 0 || n > math.MaxInt32/unit {
		return fmt.Errorf("want a number of bytes from 1 to %d, with K or M behind it or without", math.MaxInt32)
	}
	*s = size(n * unit)
	return nil
}

func (s *size) Type() string { return "size" }
