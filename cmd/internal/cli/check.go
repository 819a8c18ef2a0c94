package cli

import (
	"errors"
	"slices"

	"talktrace/dissect"
)

// check finds mistakes in how flags go together.
func (o *options) check(s Streams) error {
	switch {
	case len(o.files) > 0 && len(o.interfaces) > 0:
		return misuse("", "a trace is either of files or of an interface")
	case len(o.files) == 0 && len(o.interfaces) == 0:
		return misuse("name a capture file, or give -i INTERFACE; talktrace --help shows how", "nothing to read")
	case repeats(o.files, "-"):
		return misuse("", "standard input can be read only once")
	case len(o.files) > 0 && o.filter != "":
		return misuse("", "-f goes with -i: capture filters do not apply to files")
	case len(o.files) > 0 && (o.snaplen != 0 || o.unobtrusive):
		return misuse("", "-s and -p go with -i: they do not apply to files")
	case o.unobtrusive && o.capturing.promiscuous:
		return misuse("", "-p and --promiscuous contradict each other")
	case o.sender != "client" && o.sender != "server" && o.sender != "both":
		return misuse("", "--sender: %q is none of client, server, both", o.sender)
	case o.packets && o.sender != "both":
		return misuse("", "--sender does not go with --packets: frames have no client or server")
	case o.count < 0 || o.snaplen < 0 || o.workers < 0:
		return misuse("", "-c, -s and --workers take no negative numbers")
	}
	if (slices.Contains(o.files, "-") || slices.Contains(o.interfaces, "-")) && isTerminal(s.In) {
		return misuse("tcpdump -U -w - | talktrace -i -", "standard input is a terminal, not a capture")
	}
	if err := errors.Join(o.choosing.check(o), o.details.check(o), o.capturing.check(o), o.writing.check(o, s)); err != nil {
		return err
	}
	o.choosing.doubt(s.Err)
	return nil
}

// shown returns whose rows are shown.
func (o *options) shown() (shown [2]bool) {
	shown[dissect.Client] = o.sender != "server"
	shown[dissect.Server] = o.sender != "client"
	return shown
}

// repeats reports whether a name is given more than once.
func repeats(names []string, name string) bool {
	i := slices.Index(names, name)
	return i >= 0 && slices.Contains(names[i+1:], name)
}
