package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"talktrace/capture/live"
	"talktrace/cmd/internal/assert"
	"talktrace/cmd/internal/verdict"
	"talktrace/dissect"
	"talktrace/dissect/filter"
	"talktrace/report/transcript"
)

// flagValues returns the values that a flag takes, where they can be counted.
func flagValues(flag string) []cobra.Completion {
	switch flag {
	case "color":
		return []cobra.Completion{"auto", "always", "never"}
	case "sender":
		return []cobra.Completion{"client", "server", "both"}
	case "fail-on":
		return []cobra.Completion{"note", "warning", "error"}
	case "no-findings":
		return []cobra.Completion{"chat", "note", "warning", "error"}
	case "profile":
		return assert.Profiles()
	case "file-type":
		return []cobra.Completion{"pcapng", "pcap", "nsecpcap"}
	case "field-option":
		return []cobra.Completion{"header=y", "separator=", "occurrence=", "aggregator=", "quote=", "bom=y"}
	case "time":
		return []cobra.Completion{
			"a\ttime of day", "ad\ttime of day, with the date", "d\tsince the row before", "dd\tsince the row before",
			"e\tsince 1970", "r\tsince the first frame", "u\ttime of day in UTC", "ud\ttime of day in UTC, with the date",
		}
	}
	return nil
}

// rowFormats returns what -T takes in a verb.
func rowFormats(verb string) []cobra.Completion {
	switch verb {
	case "talktrace":
		return []cobra.Completion{"text", "table", "jsonl", "csv", "fields", "pdml"}
	case "logins":
		return []cobra.Completion{"text", "table", "jsonl", "csv"}
	case "findings":
		return []cobra.Completion{"text", "jsonl"}
	case "convert":
		return []cobra.Completion{"xml"}
	case "check", "verify":
		return verdict.Formats()
	case "diff":
		return []cobra.Completion{"text", "json"}
	}
	return nil
}

// completeValues has the shell complete the values of flags, and the arguments
// that are no files.
func completeValues(root *cobra.Command) {
	for _, c := range append(root.Commands(), root) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			values := flagValues(f.Name)
			if f.Name == "format" {
				values = rowFormats(c.Name())
			}
			if values != nil {
				_ = c.RegisterFlagCompletionFunc(f.Name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
			}
			if complete := completions(f); complete != nil {
				_ = c.RegisterFlagCompletionFunc(f.Name, complete)
			}
		})
		if c.Name() == "fields" {
			c.ValidArgsFunction = completeField
		}
	}
}

// completions returns what completes the values of a flag that cannot be counted;
// nil where nothing does.
func completions(f *pflag.Flag) cobra.CompletionFunc {
	if _, rule := f.Value.(*ruleFlag); rule {
		switch f.Name {
		case "expect", "forbid", "count", "order":
			return completeFilter
		case "within":
			return cobra.NoFileCompletions
		}
		return nil
	}
	switch f.Name {
	case "display-filter":
		return completeFilter
	case "field":
		return completeField
	case "interface":
		return completeInterface
	case "keep":
		return completeMeanings
	}
	return nil
}

// completeFilter completes a filter.
func completeFilter(_ *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var list []cobra.Completion
	for _, c := range filter.Complete(begun, findingNames) {
		list = append(list, cobra.CompletionWithDesc(c.Text, c.Doc))
	}
	return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveKeepOrder
}

// completeMeanings completes the last of the meanings that --keep takes, with
// commas between them.
func completeMeanings(_ *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	at := strings.LastIndexByte(begun, ',') + 1
	var list []cobra.Completion
	for _, m := range transcript.Meanings() {
		if strings.HasPrefix(m, begun[at:]) {
			list = append(list, begun[:at]+m)
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completing returns the arguments of a completion of the check verb such that
// what is begun is the one value of one flag, if it is a word of a flag that takes
// several.
func completing(args []string) []string {
	if len(args) < 4 || args[0] != cobra.ShellCompRequestCmd && args[0] != cobra.ShellCompNoDescRequestCmd || args[1] != "check" || slices.Contains(args, "--") {
		return args
	}
	last := len(args) - 1
	at := last
	for at > 1 && !isFlag(args[at]) {
		at--
	}
	flag, _, equals := strings.Cut(args[at], "=")
	word := last - at // from 1; of a first one behind an equals sign, too
	if equals {
		word++
	}
	if at == last || takes(flag) < word {
		return args
	}
	isFilter := flag == "--order" || flag == "--count" && word == 1 || flag == "--within" && word > 1
	before := joinWords(args[1:at])
	one := "--within" // of which nothing is completed
	if isFilter {
		one = "--expect"
	}
	return slices.Concat(args[:1], before, []string{one, args[last]})
}

// addCompletion adds the verb that writes what shells load. Cobra's own shows its
// help for a shell that it does not know.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	c, _, err := root.Find([]string{"completion"})
	if err != nil {
		return
	}
	c.Args = cobra.ArbitraryArgs
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		var shells []string
		for _, shell := range c.Commands() {
			shells = append(shells, shell.Name())
		}
		hint := ""
		if near := dissect.Nearest(args[0], shells); near != "" {
			hint = "did you mean " + near + "?"
		}
		return misuse(hint, "there is no completion for %q: there are %s", args[0], strings.Join(shells, ", "))
	}
	for _, shell := range c.Commands() {
		shell.Long = strings.ReplaceAll(shell.Long, "If it is not installed already, you can install it via your OS's package manager.", "If it is not installed already, your system's package manager can install it.")
	}
}

// completeInterface completes the name of an interface; one that is a pipe is a
// file.
func completeInterface(_ *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	found, err := live.Interfaces()
	if err != nil || strings.Contains(begun, "/") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var list []cobra.Completion
	for i := range found {
		if strings.HasPrefix(found[i].Name, begun) {
			list = append(list, found[i].Name)
		}
	}
	slices.Sort(list)
	return list, cobra.ShellCompDirectiveNoFileComp
}

// completeField completes the name of a field.
func completeField(_ *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var list []cobra.Completion
	for _, name := range dissect.FieldNames() {
		if strings.HasPrefix(name, begun) {
			list = append(list, cobra.CompletionWithDesc(name, dissect.LookupField(name)[0].Doc))
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}
