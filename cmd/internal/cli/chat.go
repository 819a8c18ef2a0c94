package cli

import (
	"context"
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
		Short: "Show what people would have seen: who is online, typing, saying what",
		Long: `Show what people would have seen: who came online, who is typing, who said what.
What was captured on its way to the server and from there, or is a copy, is
shown once. A tick says that the server has a message, two that it arrived.`,
		Example: `  talktrace chat capture.pcap
  talktrace chat -r capture.pcap --with juliet@capulet.example`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.files = append(o.files, args...)
			return talk(cmd.Context(), &o, s, with)
		},
	}
	input := o.readingFlags()
	c.Flags().SortFlags = false
	c.Flags().StringVar(&with, "with", "", "show only what `JID`, an account or a room, has to do with")
	o.colorFlag(c.Flags(), "colour the names of people")
	c.Flags().AddFlagSet(input)
	return c
}

// talk writes the chat log of an input.
func talk(ctx context.Context, o *options, s Streams, with string) error {
	terminal := isTerminal(s.Out)
	color, err := wantsColor(o.color, terminal)
	if err != nil {
		return err
	}
	with, _, _ = strings.Cut(with, "/")
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
	o.verb = &verb{
		writer: chat.New(s.Out, chat.Options{Color: color, Width: columns, Zone: time.Local, With: with, Account: account}),
		fields: dissect.NewFieldSet(analysis.Fields()...),
		begin:  func(a *analysis.Analysis) { known = a },
		xml:    true,
	}
	return trace(ctx, o, s)
}
