package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// newManual makes the verb that packagers call to make the pages of the manual.
func newManual() *cobra.Command {
	return &cobra.Command{
		Use:    "manual DIR",
		Short:  "Write the pages of the manual, one for each command, into a folder",
		Args:   cobra.ExactArgs(1),
		Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			return writeManual(cmd.Root(), args[0])
		},
	}
}

// writeManual writes the page of a command, and those of the commands under it,
// in the language of man(7).
func writeManual(c *cobra.Command, dir string) error {
	name := filepath.Join(dir, pageName(c)+".1")
	if err := os.WriteFile(name, manualPage(c), 0o644); err != nil {
		return err
	}
	for _, sub := range documented(c) {
		if err := writeManual(sub, dir); err != nil {
			return err
		}
	}
	return nil
}

// documented returns the commands under one that have pages of their own.
func documented(c *cobra.Command) []*cobra.Command {
	var all []*cobra.Command
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "completion" {
			all = append(all, sub)
		}
	}
	return all
}

func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// page is a page of the manual in the making.
type page struct{ bytes.Buffer }

func manualPage(c *cobra.Command) []byte {
	var p page
	p.WriteString(".\\\" Made by talktrace manual from the help of the command.\n")
	p.WriteString(".TH " + strings.ToUpper(roff(pageName(c))) + " 1 \"\" \"talktrace\" \"User Commands\"\n")
	p.section("NAME", roff(pageName(c))+" \\- "+roff(lowered(c.Short)))
	p.WriteString(".SH SYNOPSIS\n")
	p.synopsis(c)
	if c.Long != "" {
		p.section("DESCRIPTION", "")
		p.paragraphs(c.Long)
	}
	p.flags(c)
	if subs := documented(c); len(subs) > 0 {
		p.section("COMMANDS", "")
		for _, sub := range subs {
			p.WriteString(".TP\n.BR " + roff(pageName(sub)) + " (1)\n" + roff(sub.Short) + "\n")
		}
	}
	if c.Example != "" {
		p.section("EXAMPLES", ".nf\n"+roff(strings.TrimRight(c.Example, "\n"))+"\n.fi")
	}
	p.section("EXIT STATUS", `0 if all was read and written, 1 if a check did not hold that was asked for, 2 after bad
usage and where the input could not be read wholly: what was readable has been written then.`)
	p.seeAlso(c)
	return p.Bytes()
}

func (p *page) section(title, text string) {
	p.WriteString(".SH " + title + "\n")
	if text != "" {
		p.WriteString(text + "\n")
	}
}

func (p *page) synopsis(c *cobra.Command) {
	line := strings.TrimPrefix(c.UseLine(), c.CommandPath())
	if !c.HasParent() {
		line = " [flags] [FILE ...]"
	}
	p.WriteString(".B " + roff(c.CommandPath()) + "\n")
	if line = strings.TrimSpace(line); line != "" {
		p.WriteString(roff(line) + "\n")
	}
	if len(documented(c)) > 0 {
		p.WriteString(".br\n.B " + roff(c.CommandPath()) + "\nCOMMAND ...\n")
	}
}

// paragraphs writes a text whose paragraphs have empty lines between them.
func (p *page) paragraphs(text string) {
	for i, part := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			p.WriteString(".PP\n")
		}
		p.WriteString(roff(part) + "\n")
	}
}

// flags describes the flags of a command, in the order of the alphabet.
func (p *page) flags(c *cobra.Command) {
	c.InitDefaultHelpFlag()
	p.section("OPTIONS", "")
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		p.WriteString(".TP\n")
		name := "\\fB" + roff("--"+f.Name) + "\\fR"
		if f.Shorthand != "" {
			name = "\\fB" + roff("-"+f.Shorthand) + "\\fR, " + name
		}
		if value != "" {
			name += " \\fI" + roff(value) + "\\fR"
		}
		p.WriteString(name + "\n" + roff(usage+unlessGiven(f)) + "\n")
	})
}

// unlessGiven says what a flag is that is not given, as help does.
func unlessGiven(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "0", "false", "[]", "0s":
		return ""
	}
	if f.Value.Type() == "string" {
		return fmt.Sprintf(" (default %q)", f.DefValue)
	}
	return " (default " + f.DefValue + ")"
}

func (p *page) seeAlso(c *cobra.Command) {
	var others []string
	if c.HasParent() {
		others = append(others, ".BR "+roff(pageName(c.Parent()))+" (1)")
	}
	if !c.HasParent() {
		others = append(others, ".BR tshark (1),", ".BR tcpdump (8),", ".BR pcap\\-filter (7)")
	}
	p.section("SEE ALSO", strings.Join(others, "\n"))
}

// lowered begins a text with a small letter, unless it begins with a word in
// capitals.
func lowered(text string) string {
	if len(text) < 2 || strings.ToUpper(text[:2]) == text[:2] {
		return text
	}
	return strings.ToLower(text[:1]) + text[1:]
}

// roff escapes text: no character in it is taken for a command.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(text)
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == '.' && (i == 0 || text[i-1] == '\n'):
			b.WriteString(`\&.`)
		case r > '~':
			fmt.Fprintf(&b, `\[u%04X]`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
