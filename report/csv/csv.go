// Package csv writes rows as comma-separated values (RFC 4180, with line feeds)
// for spreadsheets. Text that a spreadsheet would take for a formula begins
// with an apostrophe; control characters are shown as in package text, so a
// record never spans lines.
package csv

import (
	"bufio"
	"io"
	"strconv"
	"time"

	"talktrace/dissect"
	"talktrace/report"
	"talktrace/report/escape"
)

const (
	bufferSize = 64 << 10
	keep       = 1 << 20 // bytes of memory that are kept from row to row
)

const header = "no,frame,first_frame,time,elapsed,source,destination,stream,sender," +
	"protocol,layers,kind,xmlns,type,id,from,to,info,length,missing\n"

// Options say what the rows are written from.
type Options struct {
	Start report.Start
	Names *report.Names // nil writes addresses as they are
}

// Writer writes rows as records of comma-separated values.
type Writer struct {
	out    *bufio.Writer
	opts   Options
	stamp  report.Timestamp
	headed bool
	line   []byte
	end    []byte
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
func (c *Writer) Write(e *dissect.Event) error {
	if err := c.head(); err != nil {
		return err
	}
	b := strconv.AppendInt(c.line[:0], int64(e.No), 10)
	b = number(b, int64(e.Frame))
	b = number(b, int64(e.FirstFrame))
	b = c.times(b, e.Time)
	b = c.ends(b, e)
	b = field(b, []byte(e.Protocol))
	b = field(b, []byte(e.Layers))
	b = field(b, []byte(e.Kind))
	b = field(b, []byte(e.XMLNS))
	b = field(b, []byte(e.Type))
	b = field(b, e.ID)
	b = field(b, e.From)
	b = field(b, e.To)
	b = field(b, e.Info)
	b = number(b, int64(e.Length))
	if e.Missing > 0 {
		b = number(b, e.Missing)
	} else {
		b = append(b, ',')
	}
	b = append(b, '\n')
	if c.line = b; cap(b) > keep {
		c.line = nil
	}
	_, err := c.out.Write(b)
	return err
}

// head writes the names of the columns, once.
func (c *Writer) head() error {
	if c.headed {
		return nil
	}
	c.headed = true
	_, err := c.out.WriteString(header)
	return err
}

// times appends the time of the row, and how long it came after the first frame.
func (c *Writer) times(b []byte, t int64) []byte {
	start, precision := c.opts.Start()
	digits := report.Digits(t, precision)
	b = c.stamp.Append(append(b, ','), t, digits)
	return report.AppendSeconds(append(b, 'Z', ','), t-start, digits)
}

// ends appends the two ends of the connection, its number and who sent the row.
func (c *Writer) ends(b []byte, e *dissect.Event) []byte {
	for _, side := range []dissect.Sender{e.Sender, e.Sender.Other()} {
		text, port := c.opts.Names.End(e, side)
		c.end = append(c.end[:0], text...)
		if port != 0 {
			c.end = strconv.AppendUint(append(c.end, ':'), uint64(port), 10)
		}
		b = field(b, c.end)
	}
	if e.Conn == nil || e.Conn.Number < 0 {
		return append(b, ",,"...)
	}
	b = number(b, int64(e.Conn.Number))
	return field(b, []byte(e.Sender.String()))
}

func number(b []byte, v int64) []byte { return strconv.AppendInt(append(b, ','), v, 10) }

func field(b, v []byte) []byte { return escape.CSV(append(b, ','), v) }

// Flush writes out what has been written so far.
func (c *Writer) Flush() error { return c.out.Flush() }

// Close writes out the rest. A file without rows still has its header.
func (c *Writer) Close() error {
	if err := c.head(); err != nil {
		return err
	}
	return c.out.Flush()
}
