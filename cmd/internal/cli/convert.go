package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"talktrace/dissect"
	"talktrace/report"
	"talktrace/report/xmllog"
)

// converting are the flags of the verb convert.
type converting struct {
	options
	prefix string
	open   bool
	typed  bool // -F is given
}

// newConvert makes the verb that writes a capture in another form.
func newConvert(s Streams) *cobra.Command {
	var v converting
	c := &cobra.Command{
		Use:   "convert [flags] [FILE ...]",
		Short: "Write a capture, or a log with stanzas, in another form",
		Long: `Write a capture in another form: as pcapng or pcap, by the name of the file;
as one XML document with all that was said (-T xml); or as the XML documents
that the two sides sent (--raw). With --open the conversation is written as it
was inside TLS, compression, WebSocket and BOSH.

A capture that is written frame by frame has all that was in the original,
passwords too; talktrace scrub takes them out. What the new file has no place
for is said.

What is read may also be a log with stanzas in it: of prosody (with
mod_stanza_debug), ejabberd, Openfire, slixmpp, Gajim, Pidgin, profanity,
mcabber, Smack or Dino at their debug levels, or of -T xml. All commands with
-r but scrub read such logs; addresses that a log does not tell are made up.`,
		Example: `  talktrace convert -r IN.pcapng -w OUT.pcap
  talktrace convert -r IN.pcap --keylog FILE -w OUT.pcapng.zst --embed-keys
  talktrace convert -r IN.pcap --keylog FILE --open -w OUT.pcapng
  talktrace convert -r IN.pcap -T xml -w OUT.xml
  talktrace convert -r IN.pcap --raw OUT   writes OUT-0-client.xml, …
  talktrace convert -r prosody.log -w OUT.pcapng
  journalctl -u prosody | talktrace convert -r - -w OUT.pcapng`,
		RunE: func(cmd *cobra.Command, args []string) error {
			v.files = append(v.files, args...)
			v.typed = cmd.Flags().Changed("file-type")
			return v.do(cmd.Context(), s)
		},
	}
	input := v.passFlags()
	f := c.Flags()
	f.SortFlags = false
	for _, g := range v.groups() {
		for _, name := range []string{"write", "file-type", "embed-keys", "stream"} {
			if flag := g.flags.Lookup(name); flag != nil {
				f.AddFlag(flag)
			}
		}
	}
	f.Lookup("write").Usage = "write `FILE`: by its ending pcap or pcapng, compressed where it goes on\nwith .gz or .zst; - is standard output"
	f.Lookup("file-type").Usage = "write a capture of `TYPE`: pcapng, pcap or nsecpcap"
	f.Lookup("file-type").DefValue = ""
	f.Lookup("stream").Usage = "write only what is of the TCP connection number `N`"
	f.BoolVar(&v.open, "open", false, "write what was said as a capture in the clear, a segment for each\nelement; secrets are replaced all the same unless --show-secrets is\ngiven")
	f.StringVarP(&v.format, "format", "T", "", "write `xml`: one document with all that was said")
	f.StringVar(&v.prefix, "raw", "", "write what each side of each connection sent, byte for byte, to files\nwhose names begin with `PREFIX`; secrets are replaced all the same\nunless --show-secrets is given")
	f.AddFlagSet(input)
	return c
}

// do writes what is asked for.
func (v *converting) do(ctx context.Context, s Streams) error {
	switch {
	case v.format != "" && v.format != "xml":
		return misuse("the rows of a trace are written without convert: talktrace -r IN -T "+v.format, "-T: convert writes xml")
	case v.prefix != "" && (v.format != "" || v.name() != ""):
		return misuse("", "--raw goes neither with -w nor with -T")
	case v.format == "" && v.prefix == "" && v.name() == "":
		return misuse("as in talktrace convert -r IN.pcapng -w OUT.pcap", "nothing to write: -w FILE, -T xml or --raw PREFIX")
	case v.open && (v.format != "" || v.prefix != "" || v.writing.embed):
		return misuse("", "--open goes with -w alone")
	case v.open && v.name() == "-" && isTerminal(s.Out):
		return misuse("-w FILE, or a pipe behind it", "standard output is a terminal, no place for a capture")
	case slices.Contains([]string{".lz4", ".bz2", ".xz", ".zip", ".7z"}, strings.ToLower(filepath.Ext(v.name()))):
		return misuse("", "%s: .gz and .zst are written, no other compression is", v.name())
	case v.format == "" && v.prefix == "" && !v.open:
		return v.capture(ctx, s)
	case v.typed && !v.open || v.writing.embed:
		return misuse("", "-F and --embed-keys are for captures")
	}
	w, err := v.document(s)
	if err != nil {
		return err
	}
	v.writing.name, v.sender = "", "both"
	v.verb = &verb{writer: w, xml: true}
	return trace(ctx, &v.options, s)
}

func (v *converting) name() string { return v.writing.name }

// capture writes the frames.
func (v *converting) capture(ctx context.Context, s Streams) error {
	v.fileType()
	v.writing.tellLosses = true
	if v.name() != "-" {
		v.quiet = true
	}
	return trace(ctx, &v.options, s)
}

// fileType settles in which format frames are written: where nobody says, by the
// ending of the name.
func (v *converting) fileType() {
	if v.typed {
		return
	}
	v.writing.format = typeOf(v.name())
}

// typeOf is the type of capture file that a name speaks of.
func typeOf(name string) string {
	stem := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(name), ".gz"), ".zst")
	if strings.HasSuffix(stem, ".pcap") || strings.HasSuffix(stem, ".cap") {
		return "pcap"
	}
	return "pcapng"
}

// document makes the writer of what was said. It opens its files before there is a
// sandbox, or in a folder that is left open for it.
func (v *converting) document(s Streams) (report.Writer, error) {
	name := v.name()
	say := func(text string) { notice(s.Err, text) }
	switch {
	case v.prefix != "":
		v.folder = filepath.Dir(v.prefix)
		return xmllog.NewSplit(func(conn int, sender dissect.Sender) (io.WriteCloser, error) {
			return create(fmt.Sprintf("%s-%d-%s.xml", v.prefix, conn, sender))
		}, say), nil
	case (name == "" || name == "-") && !v.open:
		return xmllog.New(s.Out), nil
	case strings.HasSuffix(name, ".gz") || strings.HasSuffix(name, ".zst"):
		return nil, misuse("", "-T xml and --open do not compress: leave the ending out of %s", name)
	}
	if err := v.readable(name); err != nil {
		return nil, err
	}
	v.fileType()
	format, known := formats[v.writing.format]
	if !known {
		return nil, misuse("", "-F: unknown type %q: use pcapng, pcap or nsecpcap", v.writing.format)
	}
	if name == "-" {
		return newOpened(stays{s.Out}, format, say), nil
	}
	file, err := create(name)
	if err != nil {
		return nil, err
	}
	if v.open {
		return newOpened(file, format, say), nil
	}
	return &closing{xmllog.New(file), file}, nil
}

// readable returns an error where an input cannot be opened, or is the output: before
// anything happens to a file of that name.
func (v *converting) readable(name string) error {
	for _, input := range v.files {
		if input == "-" {
			continue
		}
		if sameFile(input, name) {
			return misuse("", "%s is read and cannot be written as well", name)
		}
		if isPipe(input) {
			continue // which is opened once
		}
		source, err := openAgain(input)
		if err != nil {
			return err
		}
		if err := source.Close(); err != nil {
			return err
		}
	}
	return nil
}

// stays is a file that stays open.
type stays struct{ *os.File }

func (stays) Close() error { return nil }

// create makes a file that is for its owner alone, since it holds what people
// say.
func create(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, misuse("", "%s: %w", name, e.Err)
	}
	return f, err
}

// closing is a writer of rows that closes its file.
type closing struct {
	report.Writer
	file io.Closer
}

// Close ends the document and closes the file.
func (c *closing) Close() error { return errors.Join(c.Writer.Close(), c.file.Close()) }
