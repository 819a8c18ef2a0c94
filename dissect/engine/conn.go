package engine

import (
	"fmt"
	"net/netip"
	"sync/atomic"

	"talktrace/dissect"
	"talktrace/reassembly"
)

// conn is a connection on its way from being seen to being understood. After
// newConn it belongs to its worker, but for foreign.
type conn struct {
	number    int
	addr      [2]netip.AddrPort // by side
	handshake bool
	opened    [3]int64
	initiator uint8 // side
	worker    int
	foreign   atomic.Bool // nothing on it is for us: the reader need not send more

	// Until it is recognized.
	held  []item // with copies of their data
	size  int
	heads [2]verdict // what the first bytes of each side say

	// From then on.
	shown  *dissect.Conn
	client uint8 // side
	layer  dissect.Layer
	latest [2]place // of each side, what was captured last
	ended  [2]bool  // each side

	conflicts [2]conflicts // of each side, to be told on the next row
}

// conflicts are copies of bytes that differ from those that came first.
type conflicts struct {
	segments, frame int
	bytes           int64
}

func (k *conflicts) add(it *item) {
	if k.segments == 0 {
		k.frame = it.frame
	}
	k.segments++
	k.bytes += it.n
}

// tellConflicts puts what is known of conflicts on a row.
func (c *conn) tellConflicts(e *dissect.Event) {
	for side := range c.conflicts {
		k := &c.conflicts[side]
		if k.segments == 0 {
			continue
		}
		e.Notes = append(e.Notes, dissect.Note{
			Severity: dissect.Warning, ID: "tcp-overlap-conflict",
			Text: fmt.Sprintf("the %s sent bytes again with another content (%d in %d segments, first in frame %d); the first copy counts",
				c.sender(uint8(side)), k.bytes, k.segments, k.frame),
		})
		*k = conflicts{}
	}
}

// said reports whether bytes of a side are held.
func (c *conn) said(side uint8) bool {
	for i := range c.held {
		if h := &c.held[i]; h.side == side && h.op == opData && len(h.data) > 0 {
			return true
		}
	}
	return false
}

// place is a frame and its time.
type place struct {
	frame int
	time  int64
}

// maxHeld bounds the bytes of a connection that is not recognized yet.
const maxHeld = 8 << 10

func newConn(rc *reassembly.Conn, worker int) *conn {
	return &conn{
		number: rc.Number, addr: rc.Addr, handshake: rc.Handshake, opened: rc.Opened,
		initiator: uint8(rc.Initiator), worker: worker,
	}
}

// sender returns which end a side is.
func (c *conn) sender(side uint8) dissect.Sender {
	if side == c.client {
		return dissect.Client
	}
	return dissect.Server
}

// open fixes who is the client and lays the connection's layer. From here on
// it has rows.
func (c *conn) open(client uint8, layer dissect.Layer) {
	c.client, c.layer = client, layer
	a, b := c.addr[client], c.addr[client^1]
	c.shown = &dissect.Conn{Number: c.number, Addr: [2]netip.AddrPort{a, b}, Text: [2]string{a.String(), b.String()}, Opened: c.opened}
}
