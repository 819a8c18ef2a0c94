package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"talktrace/capture/pcapfile"
	"talktrace/capture/ring"
)

// writing are the flags that say which frames are kept, and where.
type writing struct {
	name     string
	format   string
	switches conditions
	stops    conditions
	stream   connection
	embed    bool

	tellLosses bool // what the input holds and the file does not
}

func (w *writing) flags(f *pflag.FlagSet) {
	w.switches.known = []string{"duration", "filesize", "files", "interval", "packets"}
	w.stops.known = []string{"duration", "filesize", "files", "packets"}
	f.StringVarP(&w.name, "write", "w", "", "write the frames to `FILE` as well (compressed where it ends in .gz or\n.zst; - is standard output, without rows)")
	f.StringVarP(&w.format, "file-type", "F", "pcapng", "write files as `TYPE`: pcapng, pcap or nsecpcap")
	f.VarP(&w.switches, "ring-buffer", "b", "write a series of files; `WHEN` to begin the next one is duration:N\n(seconds), interval:N (where the clock shows a multiple of N\nseconds), filesize:N (kB) or packets:N; files:N keeps the latest N;\nrepeatable")
	f.VarP(&w.stops, "autostop", "a", "stop, `WHEN` is duration:N (seconds), filesize:N (kB), files:N or\npackets:N; repeatable")
	f.BoolVar(&w.embed, "embed-keys", false, "put the keys of the TLS connections written, and of those alone, into\nthe files of -w, which then can be read without them; otherwise\nfiles get no keys, also none that an input file holds")
}

// conditions are what -a and -b take: something that grows, and how far.
type conditions struct {
	known []string
	value map[string]float64
}

func (c *conditions) Set(spec string) error {
	what, text, _ := strings.Cut(spec, ":")
	n, err := strconv.ParseFloat(text, 64)
	const most = 1e9 // seconds make 31 years then, and kB a terabyte
	switch {
	case !slices.Contains(c.known, what):
		return fmt.Errorf("want one of %s, and a number behind a colon", strings.Join(c.known, ", "))
	case err != nil || math.IsNaN(n) || n <= 0 || n > most:
		return fmt.Errorf("want a number greater than 0, up to %.0f", most)
	case what != "duration" && what != "interval" && n != math.Trunc(n):
		return fmt.Errorf("half a thing does not count: %q", text)
	}
	if c.value == nil {
		c.value = make(map[string]float64)
	}
	c.value[what] = n
	return nil
}

func (c *conditions) String() string {
	var all []string
	for what, n := range c.value {
		all = append(all, fmt.Sprintf("%s:%v", what, n))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func (c *conditions) Type() string { return "condition" }

func (c *conditions) has(what string) bool { return c.value[what] > 0 }

func (c *conditions) count(what string) int { return int(c.value[what]) }

// bytes takes a number of kB: thousands, as dumpcap counts them.
func (c *conditions) bytes(what string) int64 { return int64(c.value[what]) * 1000 }

func (c *conditions) seconds(what string) time.Duration {
	return time.Duration(c.value[what] * float64(time.Second))
}

// connection is the number of a TCP connection, from 0.
type connection int

const allConnections connection = -1

func (c *connection) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return errors.New("want a number, as the field stream of -T jsonl has it")
	}
	*c = connection(n)
	return nil
}

func (c *connection) String() string {
	if *c == allConnections {
		return ""
	}
	return strconv.Itoa(int(*c))
}

func (c *connection) Type() string { return "number" }

// has reports whether that connection is meant.
func (c connection) has(number int) bool { return c == allConnections || int(c) == number }

// formats are what -F knows.
var formats = map[string]pcapfile.Format{
	"pcapng":   pcapfile.PcapNG,
	"pcap":     pcapfile.Pcap,
	"nsecpcap": pcapfile.PcapNanoseconds,
}

// check finds mistakes in how these flags go together, and with others.
func (w *writing) check(o *options, s Streams) error {
	series := len(w.switches.value) > 0
	switch {
	case len(o.files) > 0 && w.stops.has("duration"):
		return misuse("", "-a duration goes with -i: files are read as fast as possible")
	case w.name == "" && series:
		return misuse("", "-b goes with -w FILE")
	case w.name == "" && (w.stops.has("filesize") || w.stops.has("files")):
		return misuse("", "-a filesize and -a files go with -w FILE")
	case w.stops.has("files") && !series:
		return misuse("-b says when a file is followed by another", "-a files goes with -b")
	case len(w.switches.value) == 1 && w.switches.has("files"):
		return misuse("as in -b filesize:10000 -b files:5", "-b files alone never begins another file")
	case w.name == "-" && series:
		return misuse("", "standard output is one file: -b goes with -w FILE")
	case w.name == "-" && o.format != "":
		return misuse("talktrace -w FILE writes rows as well", "-w - writes frames to standard output: rows have no place there")
	case w.stream != allConnections && o.packets:
		return misuse("", "--stream does not go with --packets: frames are not counted by connection there")
	case w.name == "-" && isTerminal(s.Out):
		return misuse("-w FILE, or a pipe behind it", "standard output is a terminal, no place for a capture")
	}
	format, known := formats[w.format]
	if !known {
		return misuse("", "-F: unknown type %q: use pcapng, pcap or nsecpcap", w.format)
	}
	return w.checkKeys(o, format)
}

// checkKeys finds mistakes in how --embed-keys goes together with others.
func (w *writing) checkKeys(o *options, format pcapfile.Format) error {
	switch {
	case !w.embed:
		return nil
	case w.name == "":
		return misuse("", "--embed-keys goes with -w FILE")
	case format != pcapfile.PcapNG:
		return misuse("leave -F out: pcapng has one", "--embed-keys: files of type %s have no place for keys", w.format)
	case len(o.interfaces) > 0 && len(o.pipes()) == 0 && !o.keys.any():
		return errNoKeys()
	}
	return nil
}

// errNoKeys says that there is nothing to embed.
func errNoKeys() error {
	return misuse("--keylog FILE names the key log that the client or the server has written", "--embed-keys: there are no keys")
}

// options says the same to package ring.
func (w *writing) options(s Streams, inputs []string) ring.Options {
	o := ring.Options{
		Name:   w.name,
		Stdout: s.Out,
		Format: formats[w.format],
		Switch: ring.Limits{
			Duration: w.switches.seconds("duration"),
			Interval: w.switches.seconds("interval"),
			Size:     w.switches.bytes("filesize"),
			Packets:  w.switches.count("packets"),
		},
		Keep:  w.switches.count("files"),
		Files: w.stops.count("files"),
		Size:  w.stops.bytes("filesize"),
		Say:   func(text string) { notice(s.Err, text) },
	}
	for _, name := range inputs {
		if info, err := statInput(name, s.In); err == nil {
			o.Inputs = append(o.Inputs, info)
		}
	}
	return o
}

func statInput(name string, stdin *os.File) (fs.FileInfo, error) {
	if name == "-" {
		return stdin.Stat()
	}
	return os.Stat(name)
}
