// Package jsonl writes rows as JSON, one object a line (https://jsonlines.org),
// for programs. The keys and their order are a promise; a key that is unknown
// or does not apply is absent, and nothing is ever null.
package jsonl

import (
	"bufio"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"talktrace/dissect"
	"talktrace/report"
	"talktrace/report/escape"
)

const (
	bufferSize = 64 << 10
	piece      = 64 << 10 // bytes of XML that are escaped at once
	keep       = 1 << 20  // bytes of memory that are kept from row to row
)

// Options say what the rows are written from.
type Options struct {
	Start report.Start
	Names *report.Names // nil writes addresses as they are
	// Fields are written as "fields"; nil writes those that the row's own
	// dissection gave.
	Fields []dissect.Ref
}

// Writer writes rows as lines of JSON.
type Writer struct {
	out   *bufio.Writer
	opts  Options
	stamp report.Timestamp
	line  []byte
	group group
}

var _ report.Writer = (*Writer)(nil)

// New makes a writer of rows to w.
func New(w io.Writer, o Options) *Writer {
	return &Writer{
		out:   bufio.NewWriterSize(w, bufferSize),
		opts:  o,
		stamp: report.Timestamp{Layout: "2006-01-02T15:04:05", Zone: time.UTC},
	}
}

// Write takes the next row.
func (j *Writer) Write(e *dissect.Event) error {
	b := j.line[:0]
	b = append(b, `{"no":`...)
	b = strconv.AppendInt(b, int64(e.No), 10)
	b = number(b, "frame", int64(e.Frame))
	b = count(b, "first_frame", int64(e.FirstFrame))
	b = j.times(b, e.Time)
	b = j.ends(b, e)
	b = text(b, "protocol", []byte(e.Protocol))
	b = text(b, "layers", []byte(e.Layers))
	b = text(b, "kind", []byte(e.Kind))
	b = text(b, "xmlns", []byte(e.XMLNS))
	b = text(b, "type", []byte(e.Type))
	b = attribute(b, "id", e.ID)
	b = attribute(b, "from", e.From)
	b = attribute(b, "to", e.To)
	b = text(b, "info", e.Info)
	b = count(b, "length", int64(e.Length))
	b, err := j.xml(b, e.XML)
	if err != nil {
		return err
	}
	b = count(b, "missing", e.Missing)
	b = facts(b, e.TLS, e.Time)
	b = pairs(b, e)
	b = notes(b, e.Notes)
	if b = j.fields(b, e); len(b) > keep {
		if _, err := j.out.Write(b); err != nil {
			return err
		}
		b = b[:0]
	}
	b = append(b, "}\n"...)
	if j.line = b; cap(b) > keep {
		j.line = nil
	}
	_, err = j.out.Write(b)
	return err
}

// times appends the time of the row, and how long it came after the first frame.
func (j *Writer) times(b []byte, t int64) []byte {
	start, precision := j.opts.Start()
	digits := report.Digits(t, precision)
	b = append(b, `,"time":"`...)
	b = j.stamp.Append(b, t, digits)
	b = append(b, `Z","elapsed":`...)
	return report.AppendSeconds(b, t-start, digits)
}

// ends appends the two ends of the connection, where the row is of one.
func (j *Writer) ends(b []byte, e *dissect.Event) []byte {
	if e.Conn == nil {
		return b
	}
	b = append(b, `,"source":"`...)
	b = j.end(b, e, e.Sender)
	b = append(b, `,"destination":"`...)
	b = j.end(b, e, e.Sender.Other())
	if e.Conn.Number < 0 {
		return b
	}
	b = number(b, "stream", int64(e.Conn.Number))
	return text(b, "sender", []byte(e.Sender.String()))
}

// end appends one end of the connection and the closing quote.
func (j *Writer) end(b []byte, e *dissect.Event, side dissect.Sender) []byte {
	text, port := j.opts.Names.End(e, side)
	b = escape.JSON(b, []byte(text))
	if port != 0 {
		b = strconv.AppendUint(append(b, ':'), uint64(port), 10)
	}
	return append(b, '"')
}

// xml appends the bytes of the unit. Large ones go out in pieces, so that a
// stranger's stanza, which may grow sixfold in JSON, does not fill the memory.
func (j *Writer) xml(b, v []byte) ([]byte, error) {
	if v == nil {
		return b, nil
	}
	b = append(b, `,"xml":"`...)
	for len(v) > piece {
		n := piece
		for n > piece-utf8.UTFMax && !utf8.RuneStart(v[n]) {
			n--
		}
		b = escape.JSON(b, v[:n])
		v = v[n:]
		if _, err := j.out.Write(b); err != nil {
			return b, err
		}
		b = b[:0]
	}
	b = escape.JSON(b, v)
	return append(b, '"'), nil
}

// pairs appends which earlier rows the row belongs to, and the seconds between.
func pairs(b []byte, e *dissect.Event) []byte {
	if e.Request != 0 {
		b = number(b, "request", int64(e.Request))
		b = number(b, "response", int64(e.No))
		b = report.AppendSeconds(append(b, `,"rtt":`...), e.RTT, 9)
	}
	if e.Sent != 0 {
		b = number(b, "sent", int64(e.Sent))
		b = report.AppendSeconds(append(b, `,"transit":`...), e.Transit, 9)
	}
	return b
}

func notes(b []byte, list []dissect.Note) []byte {
	if len(list) == 0 {
		return b
	}
	b = append(b, `,"notes":[`...)
	for i, n := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"severity":"`...)
		b = append(b, n.Severity.String()...)
		b = append(b, '"')
		b = text(b, "id", []byte(n.ID))
		b = text(b, "text", []byte(n.Text))
		b = append(b, '}')
	}
	return append(b, ']')
}

func number(b []byte, key string, v int64) []byte {
	b = append(b, `,"`...)
	b = append(b, key...)
	b = append(b, `":`...)
	return strconv.AppendInt(b, v, 10)
}

// count appends a key whose value does not apply when it is 0.
func count(b []byte, key string, v int64) []byte {
	if v == 0 {
		return b
	}
	return number(b, key, v)
}

// text appends a key whose value is unknown when it is empty.
func text(b []byte, key string, v []byte) []byte {
	if len(v) == 0 {
		return b
	}
	return attribute(b, key, v)
}

// attribute appends a key whose value is unknown when it is nil: an attribute
// may be there and be empty.
func attribute(b []byte, key string, v []byte) []byte {
	if v == nil {
		return b
	}
	b = append(b, `,"`...)
	b = append(b, key...)
	b = append(b, `":"`...)
	b = escape.JSON(b, v)
	return append(b, '"')
}

// Flush writes out what has been written so far.
func (j *Writer) Flush() error { return j.out.Flush() }

// Close writes out the rest.
func (j *Writer) Close() error { return j.out.Flush() }
