package dissect

import "talktrace/dissect/xmlstream"

// Options are what the consumer of events asks for.
type Options struct {
	ShowSecrets bool      // leave passwords, SASL payloads and tokens as they are
	Bare        bool      // leave Event.Info empty: rows are counted, and no more
	XML         bool      // fill in Event.XML
	Raw         bool      // fill in Event.Raw
	Names       bool      // fill in Event.Names
	TLS         bool      // fill in Event.TLS
	Fields      *FieldSet // fill in Event.Fields with these; nil for none
	Parts       bool      // fill in Event.Parts
	Payload     bool      // fill in Event.Payload
	MaxStanza   int       // bytes an element may have before it is cut; 0 means DefaultMaxStanza
}

// DefaultMaxStanza bounds the bytes that one element may hold.
const DefaultMaxStanza = 16 << 20

// Bytes is a run of stream bytes with their provenance: the frame that brought
// them. Data is valid until the events of the current batch are written, so an
// event may point into it; a layer that needs it longer copies it.
type Bytes struct {
	Data  []byte
	Frame int   // the frame that completed them
	First int   // the frame that their first byte came in, where it is another; else 0
	Time  int64 // of Frame
}

// FirstFrame is the frame in which the first byte came.
func (b *Bytes) FirstFrame() int {
	if b.First != 0 {
		return b.First
	}
	return b.Frame
}

// End says how a direction ended.
type End uint8

// The ends of a direction.
const (
	EndFIN     End = iota // closed by its sender
	EndRST                // reset by its sender
	EndReset              // reset by the other side
	EndEvicted            // forgotten by us, to stay within bounds
	EndReused             // a new connection took the same addresses
	EndCapture            // the input ended first
)

// IsReset reports whether the connection was reset.
func (e End) IsReset() bool { return e == EndRST || e == EndReset }

// By returns who brought about that a direction of a sender ended.
func (e End) By(from Sender) Sender {
	if e == EndReset {
		return from.Other()
	}
	return from
}

// Farewell says how a direction ended whose stream was still open.
func Farewell(c *Context, from Sender, how End) []byte {
	switch how {
	case EndReset:
		return c.Arena.Printf("connection reset by the %s, the %s's stream still open", how.By(from), from)
	case EndRST:
		return c.Arena.Printf("connection reset by the %s, its stream still open", from)
	}
	return c.Arena.Printf("connection closed by the %s, its stream still open", from)
}

// A Layer takes the bytes of a connection in both directions and tells what
// they say: it emits events, or hands bytes on to the layer inside it, or both.
// All calls for one connection come from one goroutine at a time.
type Layer interface {
	// Data takes the next bytes from one side.
	Data(c *Context, from Sender, b Bytes)
	// Gap says that n bytes from this side were lost at this point. The layer
	// emits the gap event itself, by Context.Gap, among its own.
	Gap(c *Context, from Sender, n int64)
	// End says that no more bytes come from this side.
	End(c *Context, from Sender, how End)
}

// Context is what a layer works with: the place where events are put, the
// memory they live in, and the frame that is being looked at. There is one for
// each worker; a layer keeps neither it nor what it hands out past the call.
type Context struct {
	Options
	Arena  Arena
	Intern Interner
	Parser *xmlstream.Parser // reads units for whichever stream is being looked at
	// Redactor hides the secrets in what is shown of a unit.
	Redactor Redactor
	// Frame and Time are those of the chunk (or gap, or end) being looked at.
	Frame int
	Time  int64
	// Cut is the number of bytes that the capture kept of Frame, where a gap is
	// being looked at that is the rest of it; else 0.
	Cut int
	// Conn is the connection it belongs to. A layer that learns more of it puts
	// another one in its place, which holds from then on.
	Conn *Conn

	// Events are the events of the batch so far that have not been handed over.
	Events []Event
	// HandOver, which may be nil, is called by Emit when there are MaxEvents of
	// them. It takes them, and leaves room for more; slices of the Arena stay as
	// they are, whoever has them.
	HandOver func()
	// Remarks are notes for the next event, put on it by Emit. Who sets them
	// sets them to nil behind whatever was to emit it.
	Remarks []Note
	// Prelude, which may be nil, is called once by Emit before the next event,
	// and may emit others. Who sets it sets it back behind whatever may emit.
	Prelude func(c *Context)

	handed  int // events that have been handed over
	shared  map[string]any
	details details
	waiting []waiting // for what no frame tells
}

// maxShared bounds what connections share.
const maxShared = 4096

// Shared returns what connections share under a key, such as the session of
// two BOSH connections, and makes it if it is not there. All connections
// between the same two hosts that look like HTTP are dissected with the same
// context. When there is too much of it, all is forgotten.
func (c *Context) Shared(key string, build func() any) any {
	if v, ok := c.shared[key]; ok {
		return v
	}
	if c.shared == nil || len(c.shared) >= maxShared {
		c.shared = make(map[string]any)
	}
	v := build()
	c.shared[key] = v
	return v
}

// Kept returns what is kept for the connection being looked at under a key, and
// makes it if it is not there. It is for checks that compare what was said with
// what was said before; who keeps something bounds it.
func (c *Context) Kept(key string, build func() any) any {
	if v, ok := c.Conn.kept[key]; ok {
		return v
	}
	if c.Conn.kept == nil {
		c.Conn.kept = make(map[string]any)
	}
	v := build()
	c.Conn.kept[key] = v
	return v
}

// NewContext returns a worker's context.
func NewContext(o Options) *Context {
	c := &Context{Options: o}
	if c.MaxStanza == 0 {
		c.MaxStanza = DefaultMaxStanza
	}
	c.Parser = xmlstream.NewParser(&c.Intern)
	return c
}

// MaxEvents is how many events there may be at a time, give or take what a slice
// grows by.
const MaxEvents = 8 << 10

// Emitted counts the events so far, handed over or not. The latest one is always
// the last of Events.
func (c *Context) Emitted() int { return c.handed + len(c.Events) }

// Emit appends an event with its place filled in from the context and returns
// it, to be completed before the next call of Emit.
func (c *Context) Emit(from Sender, kind string) *Event {
	for c.Prelude != nil {
		c.prelude()
	}
	if len(c.Events) < cap(c.Events) {
		c.Events = c.Events[:len(c.Events)+1]
		c.Events[len(c.Events)-1] = Event{}
	} else {
		if c.HandOver != nil && len(c.Events) >= MaxEvents {
			n := len(c.Events)
			c.HandOver()
			c.handed += n - len(c.Events)
		}
		c.Events = append(c.Events, Event{})
	}
	e := &c.Events[len(c.Events)-1]
	e.Frame, e.FirstFrame, e.Time = c.Frame, c.Frame, c.Time
	e.Conn, e.Sender, e.Kind = c.Conn, from, kind
	if c.Remarks != nil {
		e.Notes, c.Remarks = c.Remarks, nil
	}
	return e
}

// prelude lets the events come that belong before the next one, which keeps its
// remarks.
func (c *Context) prelude() {
	first, remarks := c.Prelude, c.Remarks
	c.Prelude, c.Remarks = nil, nil
	first(c)
	c.Remarks = remarks
}

// Gap emits the event for n lost bytes in the given layers.
func (c *Context) Gap(from Sender, layers string, n int64) *Event {
	e := c.Emit(from, KindGap)
	e.Protocol, e.Layers, e.Missing, e.Cut = "TCP", layers, n, c.Cut
	unit := "bytes"
	if n == 1 {
		unit = "byte"
	}
	if c.Cut > 0 {
		e.Info = c.Arena.Printf("%d %s of the %s cut off by the capture, which kept %d of the frame", n, unit, from, c.Cut)
		return e
	}
	e.Info = c.Arena.Printf("%d %s of the %s lost", n, unit, from)
	return e
}
