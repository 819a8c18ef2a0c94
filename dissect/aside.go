package dissect

// Aside calls do and returns the events that it emits, instead of putting them
// among the others. They may be kept. What do awaits polls w instead.
func (c *Context) Aside(w Waiter, do func()) []Event {
	events, over, prelude, remarks := c.Events, c.HandOver, c.Prelude, c.Remarks
	waiting := len(c.waiting)
	c.Events, c.HandOver, c.Prelude, c.Remarks = nil, nil, nil, nil
	do()
	made := c.Events
	c.Events, c.HandOver, c.Prelude, c.Remarks = events, over, prelude, remarks
	for i := waiting; i < len(c.waiting); i++ {
		c.waiting[i].Waiter = w
	}
	for i := range made {
		made[i] = *made[i].Clone()
	}
	return made
}

// Readmit puts an event of Aside among the others.
func (c *Context) Readmit(e *Event) {
	*c.Emit(e.Sender, e.Kind) = *e
}
