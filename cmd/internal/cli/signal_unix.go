//go:build unix

package cli

import (
	"io"
	"os"
	"os/signal"
	"syscall"
)

// notify asks for the signals that are answered. Without files to rotate, a
// hang-up ends the program as ever.
func notify(c chan<- os.Signal, rotating bool) {
	signal.Notify(c, syscall.SIGUSR1)
	if rotating {
		signal.Notify(c, syscall.SIGHUP)
	}
}

// answer does what a signal asks for.
func (t *tracer) answer(s os.Signal, w io.Writer) {
	switch s {
	case syscall.SIGUSR1:
		notice(w, t.summary())
	case syscall.SIGHUP:
		t.record.rotate()
	}
}
