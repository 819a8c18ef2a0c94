// Command generate writes a capture of a busy XMPP server: made-up traffic of
// many clients, the same for the same flags. On standard error it says how many
// first-level units of each kind the capture holds, which is how many rows a
// trace of it has to have.
package main

import (
	"bufio"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/capture/traffic"
)

func main() {
	var o traffic.Options
	flag.IntVar(&o.Stanzas, "stanzas", 400_000, "messages, presences and iqs")
	flag.IntVar(&o.Connections, "connections", 1000, "client connections")
	flag.IntVar(&o.AtOnce, "at-once", 0, "connections that go on at a time; 0 is all")
	flag.Uint64Var(&o.Seed, "seed", 1, "another seed makes another conversation")
	flag.BoolVar(&o.Orderly, "orderly", false, "no segment comes twice, late or in the wrong order")
	flag.Func("tls", "talk within TLS 1.3, after STARTTLS, with the cipher aes-128-gcm, aes-256-gcm or chacha20-poly1305", func(name string) error {
		o.TLS = suites[name]
		if o.TLS == 0 {
			return errors.New("no such cipher")
		}
		return nil
	})
	log := flag.String("keylog", "", "file to write the secrets of TLS to")
	path := flag.String("o", "-", "file to write, in pcap format; - is standard output")
	flag.Parse()
	if err := runLogged(o, *log, *path); err != nil {
		fmt.Fprintln(os.Stderr, "generate: error:", err)
		os.Exit(2)
	}
}

// suites are the cipher suites of TLS 1.3 by the names of their ciphers.
var suites = map[string]uint16{
	"aes-128-gcm":       tls.TLS_AES_128_GCM_SHA256,
	"aes-256-gcm":       tls.TLS_AES_256_GCM_SHA384,
	"chacha20-poly1305": tls.TLS_CHACHA20_POLY1305_SHA256,
}

// runLogged is run with the secrets of TLS written to a file, if one is named.
func runLogged(o traffic.Options, log, path string) error {
	if log == "" {
		return run(o, path)
	}
	file, err := os.Create(log)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(file)
	o.KeyLog = buffered
	return errors.Join(run(o, path), buffered.Flush(), file.Close())
}

// run writes the capture to the named file.
func run(o traffic.Options, path string) error {
	out := os.Stdout
	if path != "-" {
		file, err := os.Create(path)
		if err != nil {
			return err
		}
		out = file
	}
	src := traffic.New(o)
	frames, err := write(src, out)
	if err := errors.Join(err, out.Close()); err != nil {
		return err
	}
	counts := src.Counts()
	fmt.Fprintf(os.Stderr, "%10d frames\n", frames)
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(os.Stderr, "%10d %s\n", counts[kind], kind)
	}
	return nil
}

// write writes all frames and returns how many there were.
func write(src *traffic.Source, out io.Writer) (frames int, err error) {
	w := pcapfile.NewWriter(out, pcapfile.Pcap)
	var f capture.Frame
	for {
		if err := src.Next(&f); err != nil {
			if errors.Is(err, io.EOF) {
				return frames, w.Close()
			}
			return frames, err
		}
		if err := w.WriteFrame(&f); err != nil {
			return frames, err
		}
		frames++
	}
}
