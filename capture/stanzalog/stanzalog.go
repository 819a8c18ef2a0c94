// Package stanzalog reads what people have where they have no capture: logs of
// servers and clients that hold the XML of their streams. It makes frames of
// them, as they could have been captured, so that all else is as with a capture.
//
// Logs tell less than captures do. They know of stanzas, not of segments, so each
// that is logged is a segment of its own. Where they do not name the addresses,
// these are from the blocks for documentation (RFC 5737): the clients are
// 192.0.2.1 and so on, the server of the first log is 198.51.100.1. The TCP handshake is made up
// too. What the log says is at lines that the comment of each frame names.
//
// The formats are told by the content:
//
//   - prosody, where mod_stanza_debug is loaded (prosody.go)
//   - ejabberd at the level debug (ejabberd.go)
//   - nbxmpp, and so Gajim, at the level INFO (nbxmpp.go)
//   - Loudmouth, and so mcabber (loudmouth.go)
//   - slixmpp, Pidgin, profanity, Smack and others that put a mark before each
//     stanza (marked.go)
//   - the stanza log of talktrace itself (own.go)
package stanzalog

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"talktrace/capture"
)

// ErrNoStanzas says that a log was recognized, and holds no stanzas.
var ErrNoStanzas = errors.New("the log holds no stanzas")

const (
	// headSize is how many bytes of a file are looked at to tell what it is.
	headSize = 64 << 10
	// maxRecord bounds what is kept of an entry of a log.
	maxRecord = 16 << 20
	// maxSessions bounds the connections that are known at a time.
	maxSessions = 1 << 14
	// fewEntries is how many entries of a connection may stand before the one
	// that says that there is one: servers log from many processes.
	fewEntries = 2
)

// Options say what a log does not say itself.
type Options struct {
	Name    string         // of the file, for errors
	Number  int            // of the log, from 0, where several are read at once: each has a server of its own
	Written time.Time      // when it was last written to: gives the year to dates that have none
	Zone    *time.Location // of times that name none; nil is UTC
}

// entry is what a record of a log says of a connection.
type entry struct {
	key    string // which connection
	begins bool   // it is a new one
	ends   bool   // it is over
	reply  bool   // the server sent it
	turned bool   // who logged it is the server, and says so of what it sends: see session
	torn   bool   // the log does not have all of it
	// missing are the bytes before data that were lost.
	missing int64
	data    []byte
	time    int64 // nanoseconds since 1970-01-01 UTC; 0 where it is not known
	digits  int   // of a second that time has
	addr    [2]netip.AddrPort
}

// format is a kind of log.
type format struct {
	name string
	hint string // what makes such a log hold stanzas
	// starts reports whether a line begins a record; others continue one.
	starts func(line []byte) bool
	// speaks reports whether a line is only found in this kind of log.
	speaks func(line []byte) bool
	// entry reads a record, and returns false where it is not about a stanza.
	entry func(l *clock, record []byte) (entry, bool)
	whole bool // each entry is a stanza, or a header, and ends as these do
	anew  bool // that a connection is another one is told by its header alone
}

// formats are tried in this order. They are of one log, for they keep what they
// have to know of what came before.
func formats() []format {
	return append([]format{ownFormat(), ejabberdFormat(), nbxmppFormat(), loudmouthFormat(), prosodyFormat()}, markFormats()...)
}

// Log is a log that is being read. It is a capture.Source.
type Log struct {
	o        Options
	format   format
	lines    *lines
	clock    clock
	sessions map[string]*session
	pending  []segment // made of the latest record
	packet   []byte
	opened   int // connections so far
	frames   int
	err      error
}

var _ capture.Source = (*Log)(nil)

// New returns a Log if that is what r holds; else it returns nil, and has read
// from r. It does not wait for more of r than tells.
func New(r io.Reader, o Options) *Log {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	in := plainText(bufio.NewReaderSize(r, headSize))
	f, c, ok := recognize(in)
	if !ok {
		return nil
	}
	return &Log{o: o, format: f, lines: &lines{in: in, strip: c.strip}, clock: newClock(o), sessions: make(map[string]*session)}
}

// Next implements capture.Source.
func (l *Log) Next(f *capture.Frame) error {
	for len(l.pending) == 0 {
		if l.err != nil {
			return l.err
		}
		l.err = l.advance()
	}
	s := &l.pending[0]
	l.packet = s.append(l.packet[:0])
	l.frames++
	*f = capture.Frame{
		Number: l.frames, Time: s.time, Precision: s.digits, Data: l.packet, Length: len(l.packet), Link: capture.LinkRaw,
		Comment: fmt.Sprintf("line %d of %s", s.line, l.o.Name),
	}
	l.pending = l.pending[1:]
	return nil
}

// Buffered implements capture.Buffered.
func (l *Log) Buffered() bool { return len(l.pending) > 0 || l.lines.in.Buffered() > 0 }

// Close implements capture.Source. The reader is not closed.
func (l *Log) Close() error { return nil }

// advance reads a record.
func (l *Log) advance() error {
	record, line, err := l.lines.record(l.format.starts)
	switch {
	case errors.Is(err, io.EOF) && l.frames == 0:
		return &capture.Error{File: l.o.Name, Err: fmt.Errorf("%w, as a log of %s", ErrNoStanzas, l.format.name), Hint: l.format.hint}
	case errors.Is(err, io.EOF):
		return io.EOF
	case err != nil:
		return &capture.Error{File: l.o.Name, Frame: l.frames, Err: err}
	}
	l.clock.outer = l.lines.when
	e, ok := l.format.entry(&l.clock, record)
	if !ok {
		return nil
	}
	e.time = max(e.time, 0)
	e.torn = e.torn || l.lines.cut || l.format.whole && unfinished(e.data)
	s := l.sessions[e.key]
	again := s != nil && l.format.anew && !e.begins && s.anew(&e) // which is said by what begins it
	if e.ends {
		delete(l.sessions, e.key)
		return nil
	}
	if s != nil && e.begins && !s.announced && s.entries <= fewEntries {
		s.announced = true // somebody else has logged what was said a little sooner
		return nil
	}
	if s == nil || e.begins || again {
		if len(l.sessions) >= maxSessions {
			clear(l.sessions)
		}
		l.opened++
		s = newSession(l.o.Number, l.opened, &e)
		l.sessions[e.key] = s
	}
	s.announced = s.announced || e.begins || again
	s.entries++
	s.heard(&e)
	l.pending = s.say(l.pending[:0], &e, line)
	return nil
}

// unfinished reports whether a text that should be a stanza does not end as one.
func unfinished(data []byte) bool {
	data = bytes.TrimRight(data, " \t\r\n")
	return len(data) > 0 && data[len(data)-1] != '>'
}
