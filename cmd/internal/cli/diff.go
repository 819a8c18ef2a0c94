package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"talktrace/cmd/internal/verify"
	"talktrace/report/escape"
	"talktrace/report/fixture"
	"talktrace/report/transcript"
)

// newDiff makes the verb that says how one capture differs from another.
func newDiff(s Streams) *cobra.Command {
	var format string
	var keep []string
	var logs []string
	c := &cobra.Command{
		Use:   "diff [flags] A B",
		Short: "Say in which rows and fields one capture differs from another",
		Long: `Diff compares the traces of two captures: rows are aligned by what they say, not
by time, connections by who talks, and what is another value in each run is no
difference. Key logs and options are found as those of verify.`,
		Example: `  talktrace diff before.pcapng after.pcapng`,
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return misuse("talktrace diff before.pcapng after.pcapng", "diff is about two captures")
			}
			if format != "text" && format != "json" {
				return misuse("", "--format: unknown format %q: use text or json", format)
			}
			if err := checkKeep(keep); err != nil {
				return err
			}
			fixtures := make([]fixture.Fixture, 2)
			for i, name := range args {
				var err error
				if fixtures[i], err = fixture.Of(name); err != nil {
					return badSettings(err)
				}
				o := &fixtures[i].Options
				o.Keep, o.KeyLog = slices.Concat(o.Keep, keep), slices.Concat(o.KeyLog, logs)
			}
			doubtSettings(s.Err, fixtures)
			confineTo(s, fixtures, false)
			var sides [2]*transcript.Writer
			for i := range fixtures {
				var err error
				if sides[i], err = verify.Read(&fixtures[i], tracing(cmd.Context(), s)); err != nil {
					return err
				}
			}
			changes := transcript.Diff(sides[0], sides[1])
			if err := writeChanges(s, format, changes); err != nil || len(changes) == 0 {
				return err
			}
			return &checkError{count(int64(len(changes)), "difference")}
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringArrayVar(&logs, "keylog", nil, "open TLS with the key log `FILE`, besides those that lie beside the\ncaptures; repeatable")
	keepFlag(c, &keep)
	f.StringVar(&format, "format", "text", "write differences as `FORMAT`: text or json")
	return c
}

// changeJSON is a difference for programs.
type changeJSON struct {
	Connection string   `json:"connection"`
	Old        *rowJSON `json:"old,omitempty"`
	New        *rowJSON `json:"new,omitempty"`
	Less       []string `json:"less,omitempty"`
	More       []string `json:"more,omitempty"`
}

type rowJSON struct {
	No    int    `json:"no"`
	Frame int    `json:"frame"`
	Text  string `json:"text"`
}

func writeChanges(s Streams, format string, changes []transcript.Change) error {
	if format == "json" {
		list := []changeJSON{}
		for i := range changes {
			c := &changes[i]
			list = append(list, changeJSON{c.Who, asRow(c.Old), asRow(c.New), c.Less, c.More})
		}
		e := json.NewEncoder(s.Out)
		e.SetIndent("", "  ")
		return e.Encode(list)
	}
	var b bytes.Buffer
	who := ""
	for i := range changes {
		c := &changes[i]
		if c.Who != who {
			who = c.Who
			fmt.Fprintf(&b, "== %s\n", escape.Text(nil, []byte(who)))
		}
		writeChange(&b, c)
	}
	_, err := s.Out.Write(b.Bytes())
	return err
}

func asRow(e *transcript.Entry) *rowJSON {
	if e == nil {
		return nil
	}
	return &rowJSON{e.Row, e.Frame, e.Text}
}

// writeChange writes a row that is gone, is new, or says something else. The
// texts have been escaped.
func writeChange(b *bytes.Buffer, c *transcript.Change) {
	switch {
	case c.New == nil:
		fmt.Fprintf(b, "- %s%s\n", where(c.Old), c.Old.Text)
	case c.Old == nil:
		fmt.Fprintf(b, "+ %s%s\n", where(c.New), c.New.Text)
	case c.Old.Text == c.New.Text:
		fmt.Fprintf(b, "~ row %d, frame %d, now row %d, frame %d: %s\n", c.Old.Row, c.Old.Frame, c.New.Row, c.New.Frame, c.New.Text)
	default:
		fmt.Fprintf(b, "- %s%s\n+ %s%s\n", where(c.Old), c.Old.Text, where(c.New), c.New.Text)
	}
	if c.Old != nil && c.New != nil && c.Old.Text == c.New.Text && len(c.Less)+len(c.More) == 0 {
		b.WriteString("    the same in another order\n")
	}
	for _, line := range c.Less {
		fmt.Fprintf(b, "    - %s\n", line)
	}
	for _, line := range c.More {
		fmt.Fprintf(b, "    + %s\n", line)
	}
}

func where(e *transcript.Entry) string {
	if e.Row == 0 {
		return ""
	}
	return fmt.Sprintf("row %d, frame %d: ", e.Row, e.Frame)
}
