package dissect

import (
	"net/netip"
	"unsafe"
)

// init declares what frames, addresses and connections have, by Wireshark's
// names, and what rows have, by the keys of JSON.
func init() {
	RegisterFacts(wireFacts())
	RegisterFacts(rowFacts())
}

func wireFacts() []FieldDef {
	return []FieldDef{
		{Name: "frame.number", Type: Number, Doc: "the frame that completed the row", Values: func(v []Value, e *Event) []Value { return append(v, Value{Number: int64(e.Frame)}) }},
		{Name: "frame.time", Type: Time, Doc: "when that frame was captured", Values: func(v []Value, e *Event) []Value { return append(v, Value{Number: e.Time}) }},
		{Name: "frame.time_relative", Type: Duration, Doc: "time since the first frame of the input", Values: func(v []Value, e *Event) []Value { return append(v, Value{Number: e.Elapsed}) }},
		{Name: "frame.protocols", Type: Text, Doc: "what the row travelled in, from the outside in", Values: func(v []Value, e *Event) []Value { return named(v, e.Layers) }},
		protocol("ip", "the row travelled over IPv4", func(e *Event) bool { return e.address(e.Sender).Is4() }),
		address("ip.src", "IPv4 address that the row came from", netip.Addr.Is4, true, false),
		address("ip.dst", "IPv4 address that the row went to", netip.Addr.Is4, false, true),
		address("ip.addr", "either of the two", netip.Addr.Is4, true, true),
		protocol("ipv6", "the row travelled over IPv6", func(e *Event) bool { return e.address(e.Sender).Is6() }),
		address("ipv6.src", "IPv6 address that the row came from", netip.Addr.Is6, true, false),
		address("ipv6.dst", "IPv6 address that the row went to", netip.Addr.Is6, false, true),
		address("ipv6.addr", "either of the two", netip.Addr.Is6, true, true),
		protocol("tcp", "the row is of a TCP connection", func(e *Event) bool { return e.Conn != nil && e.Conn.Number >= 0 }),
		{Name: "tcp.stream", Type: Number, Doc: "number of the connection, from 0", Values: func(v []Value, e *Event) []Value {
			if e.Conn == nil || e.Conn.Number < 0 {
				return v
			}
			return append(v, Value{Number: int64(e.Conn.Number)})
		}},
		port("tcp.srcport", "port that the row came from", true, false),
		port("tcp.dstport", "port that the row went to", false, true),
		port("tcp.port", "either of the two", true, true),
		protocol("xmpp", "the row is of XMPP", func(e *Event) bool { return e.Protocol == "XMPP" }),
	}
}

func rowFacts() []FieldDef {
	return []FieldDef{
		{Name: "no", Type: Number, Doc: "number of the row, from 1", Values: func(v []Value, e *Event) []Value { return append(v, Value{Number: int64(e.No)}) }},
		{Name: "frame", Type: Number, Doc: "the frame that completed the row", Values: func(v []Value, e *Event) []Value { return append(v, Value{Number: int64(e.Frame)}) }},
		{Name: "first_frame", Type: Number, Doc: "the frame in which the row's first byte came", Values: func(v []Value, e *Event) []Value { return append(v, Value{Number: int64(e.FirstFrame)}) }},
		{Name: "time", Type: Time, Doc: "when the frame was captured that completed the row", Values: func(v []Value, e *Event) []Value { return append(v, Value{Number: e.Time}) }},
		{Name: "elapsed", Type: Duration, Doc: "time since the first frame of the input", Values: func(v []Value, e *Event) []Value { return append(v, Value{Number: e.Elapsed}) }},
		{Name: "source", Type: Text, Doc: "address and port that the row came from", Values: func(v []Value, e *Event) []Value { return e.end(v, e.Sender) }},
		{Name: "destination", Type: Text, Doc: "address and port that the row went to", Values: func(v []Value, e *Event) []Value { return e.end(v, e.Sender.Other()) }},
		{Name: "stream", Type: Number, Doc: "number of the connection, from 0", Values: func(v []Value, e *Event) []Value {
			if e.Conn == nil || e.Conn.Number < 0 {
				return v
			}
			return append(v, Value{Number: int64(e.Conn.Number)})
		}},
		{Name: "sender", Type: Text, Doc: "who sent it: client or server", OneOf: "client server", Values: func(v []Value, e *Event) []Value {
			if e.Conn == nil || e.Conn.Number < 0 {
				return v
			}
			return named(v, e.Sender.String())
		}},
		{Name: "protocol", Type: Text, Doc: "the Protocol column", Values: func(v []Value, e *Event) []Value { return named(v, e.Protocol) }},
		{Name: "layers", Type: Text, Doc: "what the row travelled in", Values: func(v []Value, e *Event) []Value { return named(v, e.Layers) }},
		{Name: "kind", Type: Text, Doc: "name of the element, or what else the row is: stream, /stream, keepalive, tls, gap, malformed, unfinished, end", Values: func(v []Value, e *Event) []Value { return named(v, e.Kind) }},
		{Name: "xmlns", Type: Text, Doc: "namespace of the element", Values: func(v []Value, e *Event) []Value { return named(v, e.XMLNS) }},
		{Name: "type", Type: Text, Doc: "the element's type", Values: func(v []Value, e *Event) []Value { return named(v, e.Type) }},
		{Name: "id", Type: Text, Doc: "the element's id", Values: func(v []Value, e *Event) []Value { return given(v, e.ID) }},
		{Name: "from", Type: JID, Doc: "who the element says it is from", Values: func(v []Value, e *Event) []Value { return given(v, e.From) }},
		{Name: "to", Type: JID, Doc: "who the element says it is to", Values: func(v []Value, e *Event) []Value { return given(v, e.To) }},
		{Name: "info", Type: Text, Doc: "the Info column", Values: func(v []Value, e *Event) []Value { return given(v, e.Info) }},
		{Name: "length", Type: Number, Doc: "bytes of the row's unit, after decryption and decompression", Values: func(v []Value, e *Event) []Value { return append(v, Value{Number: int64(e.Length)}) }},
		{Name: "xml", Type: Text, Doc: "the row's unit as XML, secrets replaced", Values: func(v []Value, e *Event) []Value { return given(v, e.XML) }},
		{Name: "missing", Type: Number, Doc: "bytes known to be lost", Values: func(v []Value, e *Event) []Value {
			if e.Missing == 0 {
				return v
			}
			return append(v, Value{Number: e.Missing})
		}},
		{Name: "request", Type: Number, Doc: "number of the row that the row answers", Values: func(v []Value, e *Event) []Value { return known(v, int64(e.Request), e.Request) }},
		{Name: "response", Type: Number, Doc: "number of the row, where it answers one", Values: func(v []Value, e *Event) []Value { return known(v, int64(e.No), e.Request) }},
		{Name: "rtt", Type: Duration, Doc: "time since the row that the row answers", Values: func(v []Value, e *Event) []Value { return known(v, e.RTT, e.Request) }},
		{Name: "sent", Type: Number, Doc: "number of the row in which the same stanza came to the server", Values: func(v []Value, e *Event) []Value { return known(v, int64(e.Sent), e.Sent) }},
		{Name: "transit", Type: Duration, Doc: "time that the stanza took through the server", Values: func(v []Value, e *Event) []Value { return known(v, e.Transit, e.Sent) }},
		{Name: "login.phase", Type: Text, Doc: "the phase of a login that the row ends: tcp, tls, sasl, bind, session, roster or presence", OneOf: "tcp tls sasl bind session roster presence", Values: func(v []Value, e *Event) []Value { return named(v, e.Phase) }},
		{Name: "login.time", Type: Duration, Doc: "time that the phase took", Values: func(v []Value, e *Event) []Value {
			if e.Phase == "" {
				return v
			}
			return append(v, Value{Number: e.Lasted})
		}},
		{Name: "finding", Type: Text, Doc: "id of a finding on the row", Values: func(v []Value, e *Event) []Value {
			for i := range e.Notes {
				v = named(v, e.Notes[i].ID)
			}
			return v
		}},
		{Name: "finding.severity", Type: Text, Doc: "severity of a finding on the row: chat, note, warning or error", OneOf: "chat note warning error", Values: func(v []Value, e *Event) []Value {
			for i := range e.Notes {
				v = named(v, e.Notes[i].Severity.String())
			}
			return v
		}},
	}
}

// named appends a text that is unknown when it is empty.
func named(v []Value, s string) []Value {
	if s == "" {
		return v
	}
	return append(v, Value{Text: unsafe.Slice(unsafe.StringData(s), len(s))})
}

// known appends a number that is known when there is such a row.
func known(v []Value, n int64, row int) []Value {
	if row == 0 {
		return v
	}
	return append(v, Value{Number: n})
}

// given appends a text that is unknown when it is nil.
func given(v []Value, b []byte) []Value {
	if b == nil {
		return v
	}
	return append(v, Value{Text: b})
}

// address returns the address of one end, the zero Addr where the row is of no
// connection.
func (e *Event) address(s Sender) netip.Addr {
	if e.Conn == nil {
		return netip.Addr{}
	}
	return e.Conn.Addr[s&1].Addr().Unmap()
}

// end appends one end as text.
func (e *Event) end(v []Value, s Sender) []Value {
	if e.Conn == nil {
		return v
	}
	return named(v, e.Conn.Text[s&1])
}

func protocol(name, doc string, is func(*Event) bool) FieldDef {
	return FieldDef{Name: name, Type: Presence, Doc: doc, Values: func(v []Value, e *Event) []Value {
		if !is(e) {
			return v
		}
		return append(v, Value{Number: 1})
	}}
}

func address(name, doc string, is func(netip.Addr) bool, from, to bool) FieldDef {
	return FieldDef{Name: name, Type: Address, Doc: doc, Values: func(v []Value, e *Event) []Value {
		if a := e.address(e.Sender); from && is(a) {
			v = append(v, Value{Addr: a})
		}
		if a := e.address(e.Sender.Other()); to && is(a) {
			v = append(v, Value{Addr: a})
		}
		return v
	}}
}

func port(name, doc string, from, to bool) FieldDef {
	return FieldDef{Name: name, Type: Number, Doc: doc, Values: func(v []Value, e *Event) []Value {
		if e.Conn == nil || e.Conn.Number < 0 {
			return v
		}
		if from {
			v = append(v, Value{Number: int64(e.Conn.Addr[e.Sender&1].Port())})
		}
		if to {
			v = append(v, Value{Number: int64(e.Conn.Addr[e.Sender.Other()&1].Port())})
		}
		return v
	}}
}
