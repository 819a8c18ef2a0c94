// Talktrace shows what happens in XMPP sessions on the wire: from a capture
// file, a pipe or a network interface, one row for each thing that happened.
package main

import (
	"os"
	"runtime/debug"

	"talktrace/capture/sandbox"
	"talktrace/cmd/internal/cli"
)

func main() {
	if os.Getenv("GOGC") == "" { // a fifth less memory, for no time that can be measured
		debug.SetGCPercent(50)
	}
	streams := cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Confine: sandbox.Apply}
	os.Exit(cli.Run(os.Args[1:], streams))
}
