package engine

import (
	"fmt"
	"net/netip"

	"talktrace/dissect"
	"talktrace/dissect/packet"
)

// merger puts the events of the workers in the order of the capture and numbers
// them.
type merger struct {
	run  *Run
	pipe *pipe
	no   int
	next []cursor // by worker

	names []name // learnt and not yet told
	row   dissect.Event
	conn  dissect.Conn
	info  []byte
}

// batch yields the events of a batch. It reports false when no more are wanted.
func (m *merger) batch(b *batch, yield func(*dissect.Event, error) bool) bool {
	if m.next == nil {
		m.next = make([]cursor, len(b.results))
	}
	clear(m.next)
	m.names = append(m.names, b.names...)
	if m.run.o.Frames {
		return m.frames(b, yield)
	}
	for {
		e, index := m.earliest(1<<31 - 1)
		if e == nil {
			m.carry()
			return true
		}
		m.number(e)
		m.tellNames(e, index)
		if !yield(e, nil) {
			return false
		}
	}
}

// number gives a row its number, and its time from the beginning on.
func (m *merger) number(e *dissect.Event) {
	m.no++
	e.No, e.Elapsed = m.no, e.Time-m.run.start.Load()
}

// tellNames puts the names that the reader had learnt by the time of an item in
// front of what the row at hand tells itself.
func (m *merger) tellNames(e *dissect.Event, index int32) {
	n := 0
	for n < len(m.names) && m.names[n].index <= index {
		n++
	}
	if n == 0 {
		return
	}
	names := make([]dissect.Name, 0, n+len(e.Names))
	for _, learnt := range m.names[:n] {
		names = append(names, learnt.Name)
	}
	e.Names = append(names, e.Names...)
	m.names = m.names[n:]
}

// earliest returns the event with the lowest index under limit, and moves on.
func (m *merger) earliest(limit int32) (*dissect.Event, int32) {
	best := -1
	for w := range m.next {
		at := &m.next[w]
		for at.n == len(at.index) && !at.last {
			at.advance(m.pipe.parts[w])
		}
		if at.n < len(at.index) && at.index[at.n] < limit {
			best, limit = w, at.index[at.n]
		}
	}
	if best < 0 {
		return nil, 0
	}
	at := &m.next[best]
	at.n++
	return &at.events[at.n-1], limit
}

// maxNames bounds the names that wait for a row to be told with.
const maxNames = 1 << 12

// carry keeps the names that no row of this batch came behind for the next one.
func (m *merger) carry() {
	if extra := len(m.names) - maxNames; extra > 0 {
		m.names = m.names[extra:]
	}
	for i := range m.names {
		m.names[i].index = -1
	}
}

// frames yields a row for every frame of the batch. The rows of the trace that
// a frame completed become its Info. What is only known at the end of the input
// gets rows of its own.
func (m *merger) frames(b *batch, yield func(*dissect.Event, error) bool) bool {
	end := int32(1<<31 - 1)
	if b.last > 0 {
		end = b.last
	}
	for i := range b.frames {
		f := &b.frames[i]
		limit := end
		if i+1 < len(b.frames) {
			limit = b.frames[i+1].index
		}
		if !m.frame(f, limit, yield) {
			return false
		}
	}
	for e, _ := m.earliest(1<<31 - 1); e != nil; e, _ = m.earliest(1<<31 - 1) {
		m.number(e)
		m.info = append(append(m.info[:0], e.Kind...), ' ')
		e.Info = append(m.info, e.Info...)
		e.Kind, m.info = packet.KindFrame, e.Info
		if !yield(e, nil) {
			return false
		}
	}
	m.carry()
	return true
}

// mostInfo is the length past which the Info of a frame only counts what else the
// frame completed.
const mostInfo = 64 << 10

func (m *merger) frame(f *frameRow, limit int32, yield func(*dissect.Event, error) bool) bool {
	m.no++
	m.conn = dissect.Conn{Number: -1, Text: [2]string{f.Source, f.Destination}, Addr: [2]netip.AddrPort{f.From, f.To}}
	m.row = dissect.Event{
		No: m.no, Frame: f.frame, FirstFrame: f.frame, Time: f.time, Elapsed: f.time - m.run.start.Load(), Conn: &m.conn, Sender: dissect.Client,
		Protocol: f.Protocol, Kind: packet.KindFrame, Length: f.Length,
	}
	m.info = m.info[:0]
	plain := true // nothing but the segment itself says what the frame is
	more := 0
	for e, _ := m.earliest(limit); e != nil; e, _ = m.earliest(limit) {
		if len(m.info) > mostInfo {
			more++
			continue
		}
		m.row.Notes = append(m.row.Notes, e.Notes...)
		if e.Protocol != "TCP" { // not what became of the connection
			if plain {
				plain = false
				m.from(e)
			}
			if e.Frame != f.frame { // it is certain only now
				m.info = fmt.Appendf(m.info, "(frame %d) ", e.Frame)
			}
			m.info = append(append(m.info, e.Kind...), ' ')
		}
		m.info = append(append(m.info, e.Info...), "; "...)
	}
	if more > 0 {
		m.info = fmt.Appendf(m.info, "and %d more; ", more)
	}
	switch {
	case len(m.info) == 0:
		m.row.Info = []byte(f.Info)
	case plain:
		m.row.Info = append(append([]byte(f.Info), "; "...), m.info[:len(m.info)-2]...)
	default:
		m.row.Info = m.info[:len(m.info)-2]
	}
	m.tellNames(&m.row, limit-1)
	return yield(&m.row, nil)
}

// from gives the frame's row the connection, sender and protocol of an event
// that the frame completed.
func (m *merger) from(e *dissect.Event) {
	m.row.Protocol, m.row.Sender = e.Protocol, e.Sender
	if m.conn.Number = e.Conn.Number; e.Sender == dissect.Server {
		m.conn.Text[0], m.conn.Text[1] = m.conn.Text[1], m.conn.Text[0]
		m.conn.Addr[0], m.conn.Addr[1] = m.conn.Addr[1], m.conn.Addr[0]
	}
}
