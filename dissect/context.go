package dissect

import "talktrace/dissect/xmlstream"

// Options are what the consumer of events asks for.
type Options struct {
	ShowSecrets bool // leave passwords, SASL payloads and tokens as they are
	XML         bool // fill in Event.XML
	Names       bool // fill in Event.Name
	MaxStanza   int  // bytes an element may have before it is cut; 0 means DefaultMaxStanza
}

// DefaultMaxStanza bounds the bytes that one element may hold.
const DefaultMaxStanza = 16 << 20

// Bytes is a run of stream bytes with their provenance: the frame that brought
// them. Data is valid until the events of the current batch are written, so an
// event may point into it; a layer that needs it longer copies it.
type Bytes struct {
	Data  []byte
	Frame int
	Time  int64
}

// End says how a direction ended.
type End uint8

// The ends of a direction.
const (
	EndFIN     End = iota // closed by its sender
	EndRST                // reset
	EndEvicted            // forgotten by us, to stay within bounds
	EndReused             // a new connection took the same addresses
	EndCapture            // the input ended first
)

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
	// Frame and Time are those of the chunk (or gap, or end) being looked at.
	Frame int
	Time  int64
	// Conn is the connection it belongs to.
	Conn *Conn

	// Events are the events of the batch so far.
	Events []Event
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

// Emit appends an event with its place filled in from the context and returns
// it, to be completed before the next call of Emit.
func (c *Context) Emit(from Sender, kind string) *Event {
	if len(c.Events) < cap(c.Events) {
		c.Events = c.Events[:len(c.Events)+1]
		c.Events[len(c.Events)-1] = Event{}
	} else {
		c.Events = append(c.Events, Event{})
	}
	e := &c.Events[len(c.Events)-1]
	e.Frame, e.FirstFrame, e.Time = c.Frame, c.Frame, c.Time
	e.Conn, e.Sender, e.Kind = c.Conn, from, kind
	return e
}

// Gap emits the event for n lost bytes in the given layers.
func (c *Context) Gap(from Sender, layers string, n int64) *Event {
	e := c.Emit(from, KindGap)
	e.Protocol, e.Layers, e.Missing = "TCP", layers, n
	e.Info = c.Arena.Printf("%d bytes of the %s were not captured", n, from)
	return e
}
