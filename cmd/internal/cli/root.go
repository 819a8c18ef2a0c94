package cli

import (
	"strings"

	"github.com/spf13/cobra"
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
  talktrace day1.pcap.gz day2.pcap.gz                 of several, merged in order of time
  talktrace -i any -f 'tcp port 5222'                 of what happens now
  ssh HOST tcpdump -U -w - tcp port 5222 | talktrace -i -
  talktrace -r capture.pcapng --sender server         only what the server sent
  talktrace -r capture.pcapng -Y 'type == "error"'    only what a filter chooses
  talktrace -r capture.pcapng -d tcp.port==7400,xmpp  XMPP on a port of its own
  talktrace -r capture.pcapng -Y 'xmpp.message.body contains "hello"' -V
  talktrace -r capture.pcapng -T jsonl | jq -r 'select(.kind == "message") | .xml'`

const usageTemplate = `Usage:
  {{if .HasParent}}{{.UseLine}}{{else}}talktrace [flags] [FILE ...]
  talktrace COMMAND{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}
{{with index .Annotations "` + flagHelp + `"}}{{.}}{{else}}
Flags:
{{.LocalFlags.FlagUsages}}{{end}}`

// flagHelp is the annotation of a command that says what its flags do, where
// they are grouped by purpose.
const flagHelp = "flags"

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
		o.files = append(o.files, args...)
		return trace(cmd.Context(), &o, s)
	}
	complete(root)
	root.AddCommand(newFields(), newExtensions(), newFindings(s), newFollow(s), newChat(s), newLogins(s), newStats(s), newVerify(s), newCheck(s), newDiff(s), newVersion(), newManual())

	root.Annotations = map[string]string{flagHelp: describeFlags(groups)}
	root.SetUsageTemplate(usageTemplate)
	return root
}

// describeFlags describes flags group by group.
func describeFlags(groups []group) string {
	var b strings.Builder
	for _, g := range groups {
		b.WriteString("\n" + g.title + ":\n" + g.flags.FlagUsages())
	}
	b.WriteString("\nOther:\n  -h, --help      show this help\n  -v, --version   show the version\n")
	return b.String()
}
