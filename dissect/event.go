// Package dissect is the contract between those who find out what happened on
// the wire and those who show it: what an Event is, and the Context in which
// the layers below this folder build events.
package dissect

import (
	"net/netip"
)

// Sender says which end of a connection sent something. Between servers the
// initiating entity is the client.
type Sender uint8

// The two ends.
const (
	Client Sender = iota
	Server
)

// Other returns the opposite end.
func (s Sender) Other() Sender { return s ^ 1 }

func (s Sender) String() string {
	if s == Client {
		return "client"
	}
	return "server"
}

// Conn is a TCP connection as rows speak of it.
type Conn struct {
	Number int               // tcp.stream, from 0
	Addr   [2]netip.AddrPort // by Sender
	Text   [2]string         // Addr as text
	// Opened are the times of the TCP handshake, nanoseconds since 1970: of the
	// first SYN, of the SYN-ACK, and of what the initiator sent next; 0 where it
	// was not captured.
	Opened [3]int64
	// Relayed is set where the server's address is that of a proxy: what is said
	// of the server's name is not of that address.
	Relayed bool

	kept map[string]any // see Context.Kept
}

// The kinds of rows that are not named after an element.
const (
	KindStream      = "stream"
	KindStreamClose = "/stream"
	KindKeepalive   = "keepalive"
	KindTLS         = "tls"
	KindGap         = "gap"
	KindMalformed   = "malformed"
	KindUnfinished  = "unfinished"
	KindEnd         = "end"
	KindProxy       = "proxy"
)

// Severity grades a Note, with Wireshark's words.
type Severity uint8

// The severities, mildest first.
const (
	Chat Severity = iota
	Remark
	Warning
	Error
)

func (s Severity) String() string {
	return [...]string{"chat", "note", "warning", "error"}[s]
}

// A Note is a finding on a row.
type Note struct {
	Severity Severity
	ID       string // stable, for scripts
	Text     string // one sentence
}

// Event is one thing that happened on the wire: a row.
//
// The byte slices belong to the engine and are valid until the consumer asks
// for the next event; the strings may be kept. Clone makes an event that may
// be kept as a whole.
type Event struct {
	No         int   // row number, from 1
	Frame      int   // the frame that completed it
	FirstFrame int   // the frame in which its first byte came
	Time       int64 // of Frame, nanoseconds since 1970-01-01 UTC
	Elapsed    int64 // from the first frame of the input to Time, in nanoseconds
	Conn       *Conn
	Sender     Sender
	Protocol   string // the Protocol column: XMPP, TLSv1.3, TCP, …
	Layers     string // what it travelled in: tcp:xmpp, tcp:tls, …
	Kind       string // local name of a first-level element, or one of the Kind constants
	XMLNS      string // namespace of the element
	Type       string // the element's type attribute
	ID         []byte // attributes of the element's start tag, entities resolved; nil where absent
	From       []byte
	To         []byte
	Info       []byte // the Info column: UTF-8 from the wire, not yet escaped for a terminal
	Length     int    // bytes of the unit, after decryption and decompression
	XML        []byte // the unit's bytes, secrets replaced unless asked for; nil where there are none or nobody wants them
	Raw        []byte // the same byte for byte, with stars over the secrets; nil like XML
	Before     []byte // white space before the unit that is no row of its own; with XML
	After      []byte // and behind it
	Missing    int64  // bytes known to be lost
	Cut        int    // bytes that the capture kept of Frame, of a gap that is the rest of it; else 0
	Sealed     string // why the content of a TLS record could not be read; empty for all other rows
	Step       Step   // what a TLS record begins with, of a row of KindTLS
	How        End    // how the connection ended, of a row of KindEnd
	Payload    Payload
	// What the row belongs to, where somebody has looked (dissect/analysis).
	Request int    // number of the row that it answers; 0 for none
	RTT     int64  // nanoseconds since that row
	Sent    int    // number of the row in which the same stanza came to the server; 0 for none
	Transit int64  // nanoseconds since that row
	Phase   string // of a login, where the row ends one: tcp, tls, sasl, bind, session, roster, presence
	Lasted  int64  // nanoseconds that the phase took

	Notes  []Note
	Fields []Field   // what the unit says, in the order of the tree, as far as it was asked for
	Parts  []Part    // where the unit's bytes came from; nil where all came with Frame
	Names  []Name    // what is learnt with this event about the names of addresses; mostly nil
	TLS    *TLSFacts // what the handshake messages of the row say; nil where there are none or nobody wants them
}

// Step is what a TLS record begins with, as far as somebody who follows a handshake
// wants to know (RFC 8446 sections 4 and 6).
type Step uint8

// The steps.
const (
	OtherStep   Step = iota // any other message, or one that cannot be read
	ClientHello             // the first word of the client
	Finished                // the last one of a side, as far as it can be read
	Ticket                  // NewSessionTicket: what a later handshake can be shortened by
	Alert                   // an error, or a warning
	CloseNotify             // the alert that nothing more will be said
	SealedData              // application data that stayed closed, or has nothing in it that is a row of its own
)

// Payload is what a stanza is about, where somebody wants to know: the child that
// says most of it.
type Payload struct {
	Space  string // its namespace; that of the stanza for a text or a status, empty where there is only an envelope
	Inner  string // the same of the stanza that it holds, if it holds one
	Length int    // its bytes as XML
}

// Name is a name for an address that the capture itself tells: a DNS answer,
// a name block of a capture file, a TLS server name, a stream's own "to".
type Name struct {
	Addr netip.Addr
	Name string
}

// Source and Destination return the addresses as text, in the sense of the
// Source and Destination columns.
func (e *Event) Source() string { return e.Conn.Text[e.Sender] }

// Destination is the other end.
func (e *Event) Destination() string { return e.Conn.Text[e.Sender.Other()] }

// Clone returns a copy of the event that shares no bytes with the engine.
func (e *Event) Clone() *Event {
	c := *e
	for _, p := range []*[]byte{&c.ID, &c.From, &c.To, &c.Info, &c.XML, &c.Raw, &c.Before, &c.After} {
		if *p != nil {
			*p = append(make([]byte, 0, len(*p)), *p...)
		}
	}
	c.Notes = append([]Note(nil), e.Notes...)
	c.Names = append([]Name(nil), e.Names...)
	c.Parts = append([]Part(nil), e.Parts...)
	c.Fields = append([]Field(nil), e.Fields...)
	for i := range c.Fields {
		c.Fields[i].Text = append([]byte(nil), c.Fields[i].Text...)
	}
	return &c
}
