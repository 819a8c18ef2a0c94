// Talktrace shows what happens in XMPP sessions on the wire: from a capture
// file, a pipe or a network interface, one row for each thing that happened.
package main

import (
	"os"

	"talktrace/capture/sandbox"
	"talktrace/cmd/internal/cli"
)

func main() {
	streams := cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Confine: sandbox.Apply}
	os.Exit(cli.Run(os.Args[1:], streams))
}
