package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/dissect/filter"
	"talktrace/report"
	"talktrace/report/escape"
	"talktrace/report/follow"
)

// following are the flags of the verb follow.
type following struct {
	options
	streams []int
	jid     string
	raw     bool
}

// newFollow makes the verb that shows a whole conversation.
func newFollow(s Streams) *cobra.Command {
	var f following
	c := &cobra.Command{
		Use:   "follow [flags] [FILE ...]",
		Short: "Show a whole conversation as the XML that the two sides sent",
		Long: `Show a whole conversation as the XML that the two sides sent: two documents,
interleaved as they came, an element on each line. What travelled inside TLS
that could be opened, compression, WebSocket or BOSH is shown as it was inside.
Colours tell the sides apart; without them a comment says whose turn it is, and
which row of the trace it begins with.`,
		Example: `  talktrace follow capture.pcap                 the only conversation there is
  talktrace follow -r capture.pcap --stream 1   that of TCP connection 1
  talktrace follow -r capture.pcap --jid romeo@capulet.example
  talktrace follow -r capture.pcap -Y 'xmpp.message.body contains "hello"'
  talktrace follow -r capture.pcap --stream 1 --sender server --raw >server.xml`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.files = append(f.files, args...)
			return f.do(cmd.Context(), s)
		},
	}
	input := f.passFlags()
	flags := c.Flags()
	flags.SortFlags = false
	flags.IntSliceVar(&f.streams, "stream", nil, "follow the TCP connection number `N`; repeatable")
	flags.StringVar(&f.jid, "jid", "", "follow the connections of this account, or of one of its resources:\n`JID` is like romeo@example.org or romeo@example.org/phone")
	flags.StringArrayVarP(&f.choosing.texts, "display-filter", "Y", nil, "follow the connections that have a row for which `FILTER` holds")
	flags.StringVar(&f.sender, "sender", "both", "show what `WHO` sent: client, server or both")
	flags.BoolVar(&f.raw, "raw", false, "write the bytes of one side as they were; secrets are replaced all\nthe same unless --show-secrets is given. What is missing is said on\nstandard error")
	f.colorFlag(flags, "colour the client blue and the server red")
	flags.AddFlagSet(input)
	return c
}

func (f *following) check() error {
	switch {
	case f.raw && f.sender == "both":
		return misuse("add --sender client or --sender server", "--raw writes the bytes of one side")
	case f.raw && len(f.streams) > 1:
		return misuse("", "--raw writes the bytes of one connection")
	case f.jid != "" && len(f.streams) > 0:
		return misuse("", "--jid and --stream both say what to follow: give one of them")
	case len(f.choosing.texts) > 0 && len(f.streams) > 0:
		return misuse("", "-Y and --stream both say what to follow: give one of them")
	case slices.Contains(f.files, "-") && len(f.streams) == 0:
		return misuse("give --stream N", "standard input is read only once, so it must be known what to follow")
	}
	for _, n := range f.streams {
		if n < 0 {
			return misuse("", "--stream: connections are counted from 0")
		}
	}
	return f.choosing.check(&f.options)
}

// searched are the options of the pass that finds out what to follow.
func (f *following) searched() dissect.Options {
	defs, o := analysis.Fields(), dissect.Options{}
	if chosen := f.choosing.filter; chosen != nil {
		defs = append(defs, chosen.Fields()...)
		o.XML, o.TLS = chosen.UsesXML(), true
	}
	o.Fields = dissect.NewFieldSet(defs...)
	return o
}

// do reads the input, twice where it has yet to be found out what to follow.
func (f *following) do(ctx context.Context, s Streams) error {
	if err := f.check(); err != nil {
		return err
	}
	color, err := wantsColor(f.color, isTerminal(s.Out))
	if err != nil {
		return err
	}
	wanted := []dissect.Options{{XML: true}}
	if len(f.streams) == 0 {
		wanted = append(wanted, f.searched())
	}
	passes, err := f.opened(ctx, s, wanted...)
	if err != nil {
		return err
	}
	chosen := f.streams
	if len(chosen) == 0 {
		if chosen, err = f.choose(passes[1], s.Err); err != nil {
			return errors.Join(err, closeAll(passes))
		}
	}
	var out report.Writer
	if f.raw {
		out = follow.NewRaw(s.Out, follow.RawOptions{Terminal: isTerminal(s.Out), Lost: func(text string) { notice(s.Err, text) }})
	} else {
		out = follow.New(s.Out, follow.Options{Color: color, Streams: len(chosen) > 1, Sides: !color && f.sender == "both"})
	}
	shown, rows := f.shown(), 0
	read, written := passes[0].each(func(e *dissect.Event) error {
		if e.Conn.Number < 0 || !slices.Contains(chosen, e.Conn.Number) {
			return nil
		}
		rows++
		if !shown[e.Sender&1] {
			return nil
		}
		return out.Write(e)
	})
	if written != nil {
		return written // the input may still be in use
	}
	err = errors.Join(read, out.Close(), closeAll(passes))
	if err == nil && rows == 0 {
		return misuse("", "connection %d has no rows", chosen[0])
	}
	return err
}

// conversation is one that could be followed.
type conversation struct {
	number, rows int
	ends         [2]string
	account      string
	wanted       bool
}

// maxConversations bounds the conversations among which is chosen.
const maxConversations = 1 << 16

// choose returns the connections to follow: those of the account, or the only
// one. Where there are several it lists them.
func (f *following) choose(p *pass, list io.Writer) ([]int, error) {
	found, read := conversations(p, f.choosing.filter)
	if len(found) == 0 && f.choosing.filter != nil {
		return nil, errors.Join(read, misuse("without -Y, all of them are listed", "-Y: no connection has such a row"))
	}
	if f.jid != "" {
		found = slices.DeleteFunc(found, func(c *conversation) bool { return !f.means(c.account) })
		if len(found) == 0 {
			return nil, errors.Join(read, misuse("without --jid, all of them are listed", "there is no connection of %s", f.jid))
		}
	}
	switch {
	case len(found) == 0:
		return nil, errors.Join(read, misuse("", "there is no conversation in the input"))
	case len(found) > 1 && (f.jid == "" && f.choosing.filter == nil || f.raw):
		listConversations(list, found)
		return nil, misuse("give --stream N, or --jid JID", "there are %d conversations in the input", len(found))
	}
	var chosen []int
	for _, c := range found {
		chosen = append(chosen, c.number)
	}
	return chosen, nil
}

// means reports whether an account, with or without its resource, is the one
// that is wanted.
func (f *following) means(account string) bool {
	bare, _, _ := strings.Cut(account, "/")
	return account != "" && (strings.EqualFold(f.jid, bare) || f.jid == account)
}

// conversations returns the connections that have rows, or rows that a filter lets
// through, and what ended the reading too early.
func conversations(p *pass, chosen *filter.Filter) ([]*conversation, error) {
	a := analysis.New(analysis.Options{})
	known := map[int]*conversation{}
	var found []*conversation
	read, _ := p.each(func(e *dissect.Event) error {
		if e.Conn.Number < 0 {
			return nil
		}
		a.Event(e)
		c := known[e.Conn.Number]
		if c == nil {
			if len(found) == maxConversations {
				return nil
			}
			c = &conversation{number: e.Conn.Number, ends: e.Conn.Text}
			known[c.number] = c
			found = append(found, c)
		}
		c.rows++
		c.wanted = c.wanted || chosen == nil || chosen.Match(e)
		if s := a.Session(c.number); s != nil && s.JID != "" {
			c.account = s.JID
		}
		return nil
	})
	found = slices.DeleteFunc(found, func(c *conversation) bool { return !c.wanted })
	slices.SortFunc(found, func(a, b *conversation) int { return a.number - b.number })
	return found, read
}

// maxListed bounds how many conversations are listed.
const maxListed = 50

func listConversations(w io.Writer, found []*conversation) {
	var b []byte
	for i, c := range found {
		if i == maxListed {
			b = fmt.Appendf(b, "  … and %d more\n", len(found)-i)
			break
		}
		b = append(b, "  --stream "...)
		b = strconv.AppendInt(b, int64(c.number), 10)
		line := "  " + c.ends[dissect.Client] + " with " + c.ends[dissect.Server] + ", " + count(int64(c.rows), "row")
		if c.account != "" {
			line += ", " + c.account
		}
		b = append(escape.Text(b, []byte(line)), '\n')
	}
	_, _ = w.Write(b) // there is nowhere left to complain
}
