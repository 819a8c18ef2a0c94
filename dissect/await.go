package dissect

// A Waiter is a layer that holds rows back until something becomes known that
// no frame tells, such as a key.
type Waiter interface {
	// Poll looks whether it has become known. Of the Context, Conn is that of
	// the call of Await, and Frame and Time are those of the latest frame, or
	// a later time where none has come for a while. With last there will be
	// no other call. It reports whether there is anything to wait for still.
	Poll(c *Context, last bool) (waits bool)
}

// waiting is a Waiter and its connection.
type waiting struct {
	Waiter
	conn *Conn
}

// Await asks for calls of w.Poll now and then, until one of them reports false.
// It must not be asked for again before. Only live traces have such calls.
func (c *Context) Await(w Waiter) { c.waiting = append(c.waiting, waiting{w, c.Conn}) }

// Poll calls all those that Await has been called for.
func (c *Context) Poll(last bool) {
	due := c.waiting
	c.waiting = nil
	kept := due[:0]
	for _, w := range due {
		c.Conn = w.conn
		if w.Poll(c, last) && !last {
			kept = append(kept, w)
		}
	}
	clear(due[len(kept):])
	c.waiting = append(kept, c.waiting...)
}
