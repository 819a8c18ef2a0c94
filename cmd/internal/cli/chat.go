package cli

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/report/chat"
)

// newChat makes the verb that shows what people would have seen.
func newChat(s Streams) *cobra.Command {
	var o options
	var with string
	c := &cobra.Command{
		Use:   "chat [flags] [FILE ...]",
		Short: "Show what people would have seen: who is online, who said what",
		Long: `Show what people would have seen: who came online, who is typing, who said what.
What was captured on its way to the server and from there, or is a copy, is
shown once. A tick says that the server has a message, two that it arrived.`,
		Example: `  talktrace chat capture.pcap
  talktrace chat -r capture.pcap --with juliet@capulet.example
  talktrace chat -r capture.pcap -Y 'kind == "message" and stream == 3'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.files = append(o.files, args...)
			return talk(cmd.Context(), &o, s, with)
		},
	}
	input := o.readingFlags()
	c.Flags().SortFlags = false
	c.Flags().StringVar(&with, "with", "", "show only what `JID`, an account or a room, has to do with")
	c.Flags().StringArrayVarP(&o.choosing.texts, "display-filter", "Y", nil, "show only what is seen in rows that `FILTER`, in Wireshark's language,\nholds for; others may still put ticks on that")
	o.colorFlag(c.Flags(), "colour the names of people")
	c.Flags().AddFlagSet(input)
	return c
}

// talk writes the chat log of an input.
func talk(ctx context.Context, o *options, s Streams, with string) error {
	terminal := isTerminal(s.Out)
	color, err := wantsColor(o.color, terminal)
	if err := errors.Join(err, o.choosing.check(o)); err != nil {
		return err
	}
	with, _, _ = strings.Cut(with, "/")
	out := &counted{Writer: s.Out}
	columns := 80
	if terminal {
		columns = width(s.Out)
	}
	var known *analysis.Analysis
	account := func(conn int) string {
		if c := known.Session(conn); c != nil {
			return c.JID
		}
		return ""
	}
	log := chat.New(out, chat.Options{Color: color, Width: columns, Zone: time.Local, With: with, Account: account})
	var failed error
	o.verb = &verb{
		writer: log,
		fields: o.choosing.with(analysis.Fields()),
		begin:  func(a *analysis.Analysis) { known = a },
		row: func(e *dissect.Event, chosen bool) {
			if !chosen {
				failed = errors.Join(failed, log.Overhear(e))
			}
		},
		xml: true,
	}
	if err := errors.Join(trace(ctx, o, s), failed); err != nil {
		return err
	}
	if out.bytes == 0 && o.choosing.filter == nil {
		notice(s.Err, nothingSaid(with))
	}
	return nil
}

// nothingSaid is what there is to say of a chat log that is empty.
func nothingSaid(with string) string {
	if with != "" {
		return "there is nothing to be seen of " + with
	}
	return "nobody is seen to come, go or say anything; what is inside TLS takes --keylog FILE"
}

// counted counts the bytes that are written.
type counted struct {
	io.Writer
	bytes int64
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.Writer.Write(b)
	c.bytes += int64(n)
	return n, err
}
