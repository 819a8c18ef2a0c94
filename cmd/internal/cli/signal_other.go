//go:build !unix

package cli

import (
	"io"
	"os"
)

// notify asks for nothing: there are no such signals.
func notify(chan<- os.Signal, bool) {}

// answer is never called.
func (t *tracer) answer(os.Signal, io.Writer) {}
