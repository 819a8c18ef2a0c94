//go:build cgo || linux

package live

import (
	"time"

	"talktrace/capture"
)

// presence is what is known of whether an interface is there.
type presence struct {
	name  string
	watch watch
	gone  time.Time // since when it is not there; zero while it is
}

func newPresence(name string) presence { return presence{name: name, watch: newWatch(name)} }

// quiet returns errQuiet, or what is wrong with the interface if anything is.
// The last block of an interface that goes is still on its way then: the kernel
// closes it after blockTime, as ever. So it is given some time.
func (p *presence) quiet(why string) error {
	switch {
	case why == "":
		p.gone = time.Time{}
		return errQuiet
	case p.gone.IsZero():
		p.gone = time.Now()
	case time.Since(p.gone) > lastBlock:
		return &capture.Error{File: p.name, Err: &goneError{why}}
	}
	time.Sleep(blockTime) // nobody waits for frames where there are none to wait for
	return errQuiet
}
