package cli

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"talktrace/dissect/filter"
)

const shortHelp = `talktrace shows what happens in XMPP sessions on the wire, one row for each thing.

  talktrace -r capture.pcapng      trace a capture file
  talktrace -i eth0                trace what an interface sees
  talktrace --help                 all flags, with examples
`

const longHelp = `Talktrace shows what happens in XMPP sessions on the wire: from a capture file,
a pipe or a network interface, one numbered row for each thing that happened,
with who sent it and what it says. It only listens, and never sends a packet.`

const examples = `  talktrace -r capture.pcapng                         a trace of a capture file
  talktrace day1.pcap.gz day2.pcap.gz                 of several, merged by time
  talktrace -i any -f 'tcp port 5222'                 of what happens now
  ssh HOST tcpdump -U -w - tcp port 5222 | talktrace -i -
  talktrace -r capture.pcapng --sender server         only what the server sent
  talktrace -r capture.pcapng -Y 'type == "error"'    only what a filter chooses
  talktrace -r capture.pcapng -d tcp.port==7400,xmpp  XMPP on a port of its own
  talktrace -r capture.pcapng -Y 'xmpp.message.body contains "hello"' -V
  talktrace -r capture.pcapng -T jsonl | jq -r 'select(.kind == "message").xml'`

const usageTemplate = `Usage:
  {{if .HasParent}}{{.UseLine}}{{else}}talktrace [flags] [FILE ...]
  talktrace COMMAND{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}
{{with index .Annotations "` + flagHelp + `"}}{{.}}{{else}}
Flags:
{{.LocalFlags.FlagUsagesWrapped 80}}{{end}}`

// flagHelp is the annotation of a command that says what its flags do, where
// they are grouped by purpose.
const flagHelp = "flags"

// columns is how wide the help is made, here and in the template: it fits any
// terminal.
const columns = 80

// newRoot makes the command with all its verbs. Without a verb it traces.
func newRoot(s Streams) *cobra.Command {
	var o options
	root := &cobra.Command{
		Use:           "talktrace",
		Short:         "Show what happens in XMPP sessions on the wire",
		Long:          longHelp,
		Example:       examples,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version(),
	}
	root.SuggestionsMinimumDistance = 2
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(badFlag)
	groups := o.groups()
	for _, g := range groups {
		root.Flags().AddFlagSet(g.flags)
	}
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if o.list {
			return listInterfaces(s.Out)
		}
		for _, name := range args {
			if err := stray(cmd, name); err != nil {
				return err
			}
		}
		o.files = append(o.files, args...)
		return trace(cmd.Context(), &o, s)
	}
	root.AddCommand(newFields(), newExtensions(), newFindings(s), newFollow(s), newChat(s), newLogins(s), newStats(s), newVerify(s), newCheck(s), newDiff(s), newScrub(s), newVersion(), newConvert(s), newManual())

	root.SetHelpCommand(newHelp(root))
	addCompletion(root)
	flow(root)
	completeValues(root)
	root.Annotations = map[string]string{flagHelp: describeFlags(groups)}
	root.SetUsageTemplate(usageTemplate)
	return root
}

// newHelp makes the verb that shows the help of another one. Unlike cobra's own
// it does not take what is no verb for the name of a file.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:    "help [COMMAND]",
		Short:  "Show the help of a command",
		Hidden: true,
		RunE: func(_ *cobra.Command, args []string) error {
			c, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return misuse("talktrace --help lists the commands", "there is no command %q", strings.Join(args, " "))
			}
			c.InitDefaultHelpFlag()
			return c.Help()
		},
	}
}

// flow takes the line breaks out of the descriptions of all flags, since they
// are broken for the width of the help, and says the same of --help everywhere.
func flow(root *cobra.Command) {
	for _, c := range append(root.Commands(), root) {
		c.InitDefaultHelpFlag()
		c.Flags().Lookup("help").Usage = "show this help"
		c.Flags().VisitAll(func(f *pflag.Flag) { f.Usage = strings.ReplaceAll(f.Usage, "\n", " ") })
	}
}

// stray says what may have been meant by an argument that is no file: a verb, or
// a filter, which tshark takes as the last argument.
func stray(root *cobra.Command, name string) error {
	if _, err := os.Stat(name); name == "-" || !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if near := root.SuggestionsFor(name); len(near) > 0 && !strings.ContainsAny(name, "./") {
		return misuse("did you mean the command "+near[0]+"?", "%s: no such file or directory", name)
	}
	if f, err := filter.Compile(name); err == nil && f != nil {
		return misuse("if it is a display filter, give it with -Y", "%s: no such file or directory", name)
	}
	return nil
}

// describeFlags describes flags group by group.
func describeFlags(groups []group) string {
	var b strings.Builder
	for _, g := range groups {
		b.WriteString("\n" + g.title + ":\n" + g.flags.FlagUsagesWrapped(columns))
	}
	b.WriteString("\nOther:\n  -h, --help      show this help\n  -v, --version   show the version\n")
	return b.String()
}
