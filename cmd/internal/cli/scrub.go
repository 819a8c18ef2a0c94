package cli

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/capture/sandbox"
	"talktrace/cmd/internal/scrub"
	"talktrace/dissect/engine"
)

// scrubbing are the flags of the verb scrub.
type scrubbing struct {
	options
	scrub.Options
	out, fileType string
	all, open     bool
}

// newScrub makes the verb that makes captures which can be handed on.
func newScrub(s Streams) *cobra.Command {
	var x scrubbing
	c := &cobra.Command{
		Use:   "scrub -r FILE -w FILE [flags]",
		Short: "Make a capture that can be handed on, without passwords",
		Long: `Make a capture that can be handed on. Passwords, SASL payloads and tokens are
replaced by made-up ones of the same length; with the flags below, more is. The
same value always gets the same stand-in, which is another one in each run. The
result has the same frames, and the same rows but for what was replaced. What
travels compressed is compressed anew, so that its segments get other lengths;
all others keep theirs.

TLS stays closed, and no keys are written. With --open the result is what was
said inside of TLS, WebSocket, BOSH, compression and tunnels, in plain TCP: what
the keys do not open is left out. What is no XMPP, comments, and what a file
tells of its making are left out or become zeros; of damaged parts only the
names of elements stay.

The result is read again before it gets its name. Where it cannot be sure that
nothing is left, or where it would be traced in another way, talktrace refuses,
says because of which frame, and writes no file.`,
		Example: `  talktrace scrub -r capture.pcap -w report.pcapng
  talktrace scrub -r capture.pcap -w report.pcapng --all
  talktrace scrub -r capture.pcap --keylog keys.log --open --all -w out.pcapng`,
		RunE: func(cmd *cobra.Command, args []string) error {
			x.files = append(x.files, args...)
			return x.do(cmd.Context(), s)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringArrayVarP(&x.files, "read", "r", nil, "read the capture `FILE` (pcap or pcapng, also compressed), or\na log")
	f.StringVarP(&x.out, "write", "w", "", "write the result to `FILE`, which only you may read")
	f.StringVarP(&x.fileType, "file-type", "F", "", "write it as `TYPE`: pcapng, pcap or nsecpcap (default by the ending of\nthe name)")
	f.BoolVar(&x.Bodies, "bodies", false, "replace what people wrote: the text in messages, presences and\npublished items")
	f.BoolVar(&x.JIDs, "jids", false, "replace JIDs (accounts, domains and resources), and the servers' names\nthat TLS shows")
	f.BoolVar(&x.Names, "names", false, "replace the names of people, groups and rooms, and address books")
	f.BoolVar(&x.Addresses, "addresses", false, "replace IP addresses, in headers and wherever one stands\nby itself")
	f.BoolVar(&x.MACs, "macs", false, "replace hardware addresses in headers")
	f.BoolVar(&x.all, "all", false, "replace all of these, and whatever else is not known to be a word of\nthe protocol")
	f.BoolVar(&x.open, "open", false, "write what was said, in the clear and in plain TCP; secrets are replaced\nall the same")
	x.keys.define(f)
	f.VarP(&x.decodeAs, "decode-as", "d", "take a TCP port, or a range of them, for what `SPEC` says:\ntcp.port==7400,xmpp or tcp.port==7400-7410,tls; repeatable")
	f.IntVar(&x.options.workers, "workers", 0, "decode with `N` workers (default: one for each processor)")
	return c
}

func (x *scrubbing) do(ctx context.Context, s Streams) error {
	format, known := formats[cmp.Or(x.fileType, typeOf(x.out))]
	switch {
	case len(x.files) != 1 || x.files[0] == "-":
		return misuse("talktrace scrub -r FILE -w FILE", "one capture file is scrubbed at a time; it is read several times, so it cannot be standard input")
	case isPipe(x.files[0]):
		return misuse("", "%s is a pipe, and a capture that is scrubbed is read several times", x.files[0])
	case x.out == "" || x.out == "-":
		return misuse("", "-w FILE says where the result goes; it is read again, so it cannot be standard output")
	case !known:
		return misuse("", "-F: unknown file type %q: use pcapng, pcap or nsecpcap", x.fileType)
	case strings.HasSuffix(x.out, ".gz") || strings.HasSuffix(x.out, ".zst"):
		return misuse("", "the result is not compressed: leave the ending out of %s", x.out)
	case x.options.workers < 0:
		return misuse("", "--workers takes no negative numbers")
	case sameFile(x.files[0], x.out):
		return misuse("", "the result would take the place of the capture itself")
	case isSpecial(x.out):
		return misuse("", "%s is no file of its own, and the result would take its place", x.out)
	case x.keys.any() && !x.open:
		return misuse("with --open they open TLS", "TLS stays closed, so there is no use for keys")
	}
	if x.all {
		x.Bodies, x.JIDs, x.Names, x.Addresses, x.MACs, x.Rest = true, true, true, true, true, true
	}
	x.Format, x.Ports, x.Workers = format, x.decodeAs, x.options.workers
	keys, err := x.keys.load(false)
	if err != nil {
		return err
	}
	name, cut := x.files[0], error(nil)
	scanSecrets(name, keys)
	if s.Confine != nil {
		if _, err := s.Confine(sandbox.Policy{KeepUser: true, Read: []string{name, filepath.Dir(x.out)}, Write: []string{filepath.Dir(x.out)}}); err != nil {
			notice(s.Err, "sandbox: "+err.Error())
		}
	}
	in := func() (capture.Source, error) {
		source, f, err := openRegular(&opening{name: name})
		if err != nil {
			return nil, err
		}
		read := &input{Source: source, ctx: ctx}
		if f != nil {
			read.files = []*pcapfile.File{f}
		}
		return &readable{Source: read, cut: &cut}, nil
	}
	t := tracer{o: &x.options}
	if x.open {
		in = scrub.Opened(in, engine.Options{Keys: keys, Ports: x.decodeAs, Workers: x.Workers}, t.count)
	}
	err = scrub.File(ctx, in, x.out, x.Options)
	if t.sealed > 0 && err == nil {
		notice(s.Err, t.unopened())
	}
	return cmp.Or(err, cut)
}

// readable is a capture as far as it can be read.
type readable struct {
	capture.Source
	cut *error // why that is not all; nil where it is
}

// Next implements capture.Source.
func (r *readable) Next(f *capture.Frame) error {
	err := r.Source.Next(f)
	if e, ok := errors.AsType[*capture.Error](err); ok && e.Frame > 0 {
		*r.cut = err
		return io.EOF
	}
	return err
}

// sameFile reports whether two names are those of one file.
func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// isSpecial reports whether a name is that of something in whose place no file must
// be put: a device, a pipe, a folder or a link.
func isSpecial(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && !info.Mode().IsRegular()
}
