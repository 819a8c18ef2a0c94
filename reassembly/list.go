package reassembly

// link is a connection's place in a list.
type link struct{ prev, next *Conn }

// The lists that a connection may be in: that of the open or of the closed
// connections, and that of those which wait.
const (
	byAge = iota
	byWait
	chains
)

// list is a doubly linked list of connections that runs through themselves.
type list struct {
	first, last *Conn
	len         int
	chain       int // which of a connection's links it runs through
}

func (l *list) push(c *Conn) {
	c.links[l.chain] = link{prev: l.last}
	if l.last != nil {
		l.last.links[l.chain].next = c
	} else {
		l.first = c
	}
	l.last = c
	l.len++
}

func (l *list) remove(c *Conn) {
	k := c.links[l.chain]
	if k.prev != nil {
		k.prev.links[l.chain].next = k.next
	} else {
		l.first = k.next
	}
	if k.next != nil {
		k.next.links[l.chain].prev = k.prev
	} else {
		l.last = k.prev
	}
	c.links[l.chain] = link{}
	l.len--
}
