package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	var colors options
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
			color, err := wantsColor(colors.color, isTerminal(s.Out))
			if err != nil {
				return err
			}
			fixtures := make([]fixture.Fixture, 2)
			for i, name := range args {
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
				heard := &notices{about: args[i], to: s.Err}
				sides[i], err = verify.Read(&fixtures[i], tracing(cmd.Context(), s, heard))
				heard.tell(false)
				if errors.Is(err, transcript.ErrNoRows) {
					return fmt.Errorf("%s: %w", args[i], err)
				} else if err != nil {
					return err
				}
			}
			changes := transcript.Diff(sides[0], sides[1])
			lines := layout{color: color}
			if isTerminal(s.Out) {
				lines.width = width(s.Out)
			}
			if err := writeChanges(s.Out, format, changes, lines); err != nil || len(changes) == 0 {
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
	colors.colorFlag(f, "colour what is gone red and what is new green")
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

func writeChanges(w io.Writer, format string, changes []transcript.Change, lines layout) error {
	if format == "json" {
		list := []changeJSON{}
		for i := range changes {
			c := &changes[i]
			list = append(list, changeJSON{c.Who, asRow(c.Old), asRow(c.New), c.Less, c.More})
		}
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(list)
	}
	var b bytes.Buffer
	who := ""
	for i := range changes {
		c := &changes[i]
		if c.Who != who {
			who = c.Who
			lines.line(&b, "== ", string(escape.Text(nil, []byte(who))))
		}
		lines.change(&b, c)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func asRow(e *transcript.Entry) *rowJSON {
	if e == nil {
		return nil
	}
	return &rowJSON{e.Row, e.Frame, e.Text}
}

func where(e *transcript.Entry) string {
	if e.Row == 0 {
		return ""
	}
	return fmt.Sprintf("row %d, frame %d: ", e.Row, e.Frame)
}
