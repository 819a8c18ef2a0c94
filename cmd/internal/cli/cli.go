// Package cli is the command line of talktrace: its verbs, their flags and
// help, and the wiring of what the other packages do. One file holds one verb.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"talktrace/capture"
	"talktrace/capture/sandbox"
	"talktrace/dissect"
	"talktrace/report/escape"
)

// Streams are the files that the command reads from and writes to.
type Streams struct {
	In, Out, Err *os.File

	// Confine gives up rights of the whole process before traffic is decoded;
	// it is sandbox.Apply, or nil where the process has more to do than this
	// command, since rights do not come back.
	Confine func(sandbox.Policy) (missing []string, err error)
}

// Run runs the command and returns its exit status: 0 when all was read and
// written, 1 when a check did not hold that the user asked for, 2 after bad usage and where the input could not be read wholly. What
// went wrong has been said on s.Err.
func Run(args []string, s Streams) int {
	// A closed pipe is to come back from a write as an error, like any other.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := interruptible()
	defer stop()

	err := execute(ctx, args, s)
	if err == nil || errors.Is(err, syscall.EPIPE) {
		return 0
	}
	explain(s.Err, err)
	if _, ok := errors.AsType[*checkError](err); ok {
		return 1
	}
	return 2
}

// checkError is a check that did not hold, while all else went well.
type checkError struct{ text string }

func (e *checkError) Error() string { return e.text }

// interruptible returns a context that the first interrupt ends, so that what
// has been read is still written. The second one ends the process.
func interruptible() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

func execute(ctx context.Context, args []string, s Streams) error {
	root := newRoot(s)
	root.SetArgs(joinWords(completing(args)))
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	if len(args) == 0 {
		_, err := s.Err.WriteString(shortHelp)
		return errors.Join(err, errSilent)
	}
	return root.ExecuteContext(ctx)
}

// errSilent fails the command without a word: it has been said already.
var errSilent = errors.New("")

// usageError is a mistake in how the command was called.
type usageError struct {
	err     error
	hint    string
	excerpt func() (text string, before int) // of what the user wrote, and the bytes in front of the mistake; may be nil
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// misuse returns a usageError. hint may be empty.
func misuse(hint, format string, args ...any) error {
	return &usageError{err: fmt.Errorf(format, args...), hint: hint}
}

// badFlag is what cobra says of a flag, as a mistake in usage.
func badFlag(c *cobra.Command, err error) error {
	u := &usageError{err: err, hint: c.CommandPath() + " --help lists the flags"}
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		u.err = fmt.Errorf("unknown flag: --%s", unknown.GetSpecifiedName())
		if unknown.GetSpecifiedShortnames() != "" {
			u.err = fmt.Errorf("unknown flag: -%s", unknown.GetSpecifiedName())
		}
		if hint := elsewhere(unknown.GetSpecifiedName()); hint != "" && !c.HasParent() {
			u.hint = hint
		} else if near := nearestFlag(c, unknown.GetSpecifiedName()); near != "" {
			u.hint = "did you mean --" + near + "?"
		}
	}
	return u
}

// nearestFlag returns the flag of a command that was most likely meant; "" where
// none comes near, and for letters, which are all near each other.
func nearestFlag(c *cobra.Command, name string) string {
	if len(name) < 3 {
		return ""
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return dissect.Nearest(name, names)
}

// elsewhere says what there is instead of a flag of tshark's.
func elsewhere(flag string) string {
	switch flag {
	case "z":
		return "views of the whole have verbs of their own, such as follow; talktrace --help lists them"
	case "o":
		return "the keys of TLS are given with --keylog FILE"
	case "G":
		return "talktrace fields lists the fields"
	case "O":
		return "-V shows the details of each row; -Y chooses rows"
	case "R":
		return "display filters are given with -Y"
	}
	return ""
}

// explain says what went wrong, one line for each error and each hint. Names
// of files and what libraries say about their content are not trusted.
func explain(w io.Writer, err error) {
	for _, err := range flatten(err) {
		if errors.Is(err, errSilent) {
			continue
		}
		line := escape.Text([]byte("talktrace: error: "), []byte(err.Error()))
		line = appendExcerpt(line, err)
		if hint := hintFor(err); hint != "" {
			line = escape.Text(append(line, "\ntalktrace: hint: "...), []byte(hint))
		}
		_, _ = w.Write(append(line, '\n')) // there is nowhere left to complain
	}
}

// appendExcerpt appends what the user wrote, with a caret under the mistake.
func appendExcerpt(line []byte, err error) []byte {
	var usage *usageError
	if !errors.As(err, &usage) || usage.excerpt == nil {
		return line
	}
	text, before := usage.excerpt()
	const margin = "\n    "
	line = escape.Text(append(line, margin...), []byte(text))
	line = append(line, margin...)
	for range escape.Width(escape.Text(nil, []byte(text[:before]))) {
		line = append(line, ' ')
	}
	return append(line, '^')
}

// flatten takes apart errors that were joined.
func flatten(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flatten(e)...)
	}
	return all
}

func hintFor(err error) string {
	var usage *usageError
	if errors.As(err, &usage) {
		return usage.hint
	}
	var input *capture.Error
	if errors.As(err, &input) {
		return input.Hint
	}
	return ""
}
