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
			if f.Name == "interface" {
				_ = c.RegisterFlagCompletionFunc(f.Name, completeInterface)
			}
		})
		if c.Name() == "fields" {
			c.ValidArgsFunction = completeField
		}
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
