package report

import (
	"net/netip"

	"talktrace/dissect"
)

// Names are the names of addresses as the capture itself tells them. They are
// learnt as the rows go by, so a row shows what was known when it happened. The
// first name of an address stays, and their number is bounded. A nil *Names
// knows none and learns none.
type Names struct {
	known map[netip.Addr]string
}

const (
	maxNames      = 1 << 16
	maxNameLength = 255 // of a domain name, RFC 1035 section 2.3.4
)

// Learn takes in what the event tells about the names of addresses.
func (n *Names) Learn(e *dissect.Event) {
	if n == nil {
		return
	}
	for _, name := range e.Names {
		n.Add(name)
	}
}

// Add takes in a name that comes from elsewhere than an event.
func (n *Names) Add(name dissect.Name) {
	if name.Name == "" || len(name.Name) > maxNameLength {
		return
	}
	addr := name.Addr.Unmap()
	if _, ok := n.known[addr]; ok || len(n.known) >= maxNames {
		return
	}
	if n.known == nil {
		n.known = make(map[netip.Addr]string)
	}
	n.known[addr] = name.Name
}

// End returns what to show for one end of the event's connection: a text, not
// yet escaped, and a port to follow it after a colon unless it is 0. (An
// address that has no name is a text with its port in it.)
func (n *Names) End(e *dissect.Event, side dissect.Sender) (text string, port uint16) {
	if e.Conn == nil {
		return "", 0
	}
	at, peer := e.Conn.Addr[side], e.Conn.Addr[side.Other()]
	// Where both ends share an address, as on a loopback interface, its name is
	// the server's.
	shared := at.Addr() == peer.Addr() && side == dissect.Client
	if n != nil && len(n.known) > 0 && !shared {
		if name, ok := n.known[at.Addr().Unmap()]; ok {
			return name, at.Port()
		}
	}
	return e.Conn.Text[side], 0
}
