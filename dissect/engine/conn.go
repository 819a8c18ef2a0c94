package engine

import (
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
	initiator uint8 // side
	worker    int
	foreign   atomic.Bool // nothing on it is for us: the reader need not send more

	// Until it is recognized.
	held  []heldChunk
	size  int
	heads [2]verdict // what the first bytes of each side say

	// From then on.
	shown  *dissect.Conn
	client uint8 // side
	layer  dissect.Layer
	latest [2]place // of each side, what was captured last

	notes []dissect.Note // to be put on the next row
}

// place is a frame and its time.
type place struct {
	frame int
	time  int64
}

// heldChunk is a chunk (or a hole) seen before the connection was recognized.
type heldChunk struct {
	item
	seen bool // its bytes have been looked at
}

// maxHeld bounds the bytes of a connection that is not recognized yet.
const maxHeld = 8 << 10

func newConn(rc *reassembly.Conn, worker int) *conn {
	return &conn{
		number: rc.Number, addr: rc.Addr, handshake: rc.Handshake,
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
	c.shown = &dissect.Conn{Number: c.number, Addr: [2]netip.AddrPort{a, b}, Text: [2]string{a.String(), b.String()}}
}
