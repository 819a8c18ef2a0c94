// Package fields writes the fields that somebody asks for, one line a row, as
// tshark's -T fields does.
package fields

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"talktrace/dissect"
	"talktrace/report"
	"talktrace/report/escape"
)

// Options say how the values are written. The names of tshark's -E options are
// in the comments.
type Options struct {
	Fields     []dissect.Ref
	Header     bool       // header: begin with a line of names
	Separator  string     // separator: between fields
	Aggregator string     // aggregator: between the values of a field
	Occurrence Occurrence // occurrence: which of the values
	Quote      string     // quote: around each field
	Mark       bool       // bom: begin with a byte order mark
}

// Occurrence says which values of a field are written.
type Occurrence uint8

// The occurrences.
const (
	All Occurrence = iota
	First
	Last
)

// Default are tshark's defaults.
func Default() Options { return Options{Separator: "\t", Aggregator: ","} }

// Set takes one of tshark's -E options, such as "separator=,".
func (o *Options) Set(option string) error {
	key, value, ok := strings.Cut(option, "=")
	if !ok {
		return fmt.Errorf("%q is no option: write it as name=value", option)
	}
	switch key {
	case "header":
		return yesNo(&o.Header, key, value)
	case "bom":
		return yesNo(&o.Mark, key, value)
	case "separator":
		return character(&o.Separator, key, value)
	case "aggregator":
		return character(&o.Aggregator, key, value)
	case "occurrence":
		i := strings.Index("afl", value)
		if len(value) != 1 || i < 0 {
			return fmt.Errorf("occurrence is %q: use f (first), l (last) or a (all)", value)
		}
		o.Occurrence = Occurrence(i)
	case "quote":
		marks := map[string]string{"d": `"`, "s": "'", "n": ""}
		mark, known := marks[value]
		if !known {
			return fmt.Errorf("quote is %q: use d (double), s (single) or n (none)", value)
		}
		o.Quote = mark
	default:
		return fmt.Errorf("%q is none of header, separator, occurrence, aggregator, quote, bom", key)
	}
	return nil
}

func yesNo(to *bool, key, value string) error {
	switch value {
	case "y":
		*to = true
	case "n":
		*to = false
	default:
		return fmt.Errorf("%s is %q: use y or n", key, value)
	}
	return nil
}

// character takes a separator: a character, or /t for a tab and /s for a space.
func character(to *string, key, value string) error {
	switch {
	case value == "/t":
		*to = "\t"
	case value == "/s":
		*to = " "
	case len([]rune(value)) == 1:
		*to = value
	default:
		return fmt.Errorf("%s is %q: use one character, /t for a tab or /s for a space", key, value)
	}
	return nil
}

// Writer writes the fields of rows.
type Writer struct {
	out    *bufio.Writer
	o      Options
	values []dissect.Value
	value  []byte
	line   []byte
	begun  bool
}

var _ report.Writer = (*Writer)(nil)

// New makes a writer of fields to w.
func New(w io.Writer, o Options) *Writer {
	return &Writer{out: bufio.NewWriterSize(w, 64<<10), o: o}
}

// Write takes the next row.
func (w *Writer) Write(e *dissect.Event) error {
	if err := w.begin(); err != nil {
		return err
	}
	w.line = w.line[:0]
	for i := range w.o.Fields {
		if i > 0 {
			w.line = append(w.line, w.o.Separator...)
		}
		w.field(&w.o.Fields[i], e)
	}
	w.line = append(w.line, '\n')
	_, err := w.out.Write(w.line)
	return err
}

// begin writes what goes before the first row.
func (w *Writer) begin() error {
	if w.begun {
		return nil
	}
	w.begun = true
	w.line = w.line[:0]
	if w.o.Mark {
		w.line = append(w.line, "\ufeff"...)
	}
	if w.o.Header {
		for i := range w.o.Fields {
			if i > 0 {
				w.line = append(w.line, w.o.Separator...)
			}
			w.line = append(w.line, w.o.Fields[i].Name...)
		}
		w.line = append(w.line, '\n')
	}
	_, err := w.out.Write(w.line)
	return err
}

// field appends the values of a field.
func (w *Writer) field(r *dissect.Ref, e *dissect.Event) {
	w.values = r.Append(w.values[:0], e)
	list := w.values
	if len(list) == 0 {
		return
	}
	switch w.o.Occurrence {
	case First:
		list = list[:1]
	case Last:
		list = list[len(list)-1:]
	}
	w.line = append(w.line, w.o.Quote...)
	for i, v := range list {
		if i > 0 {
			w.line = append(w.line, w.o.Aggregator...)
		}
		w.value = report.AppendValue(w.value[:0], r.Type, v)
		start := len(w.line)
		w.line = escape.Text(w.line, w.value)
		if w.o.Quote != "" {
			w.line = double(w.line, start, w.o.Quote)
		}
	}
	w.line = append(w.line, w.o.Quote...)
}

// double doubles the quotes in line[start:], so that they do not end the field.
func double(line []byte, start int, quote string) []byte {
	if !bytes.Contains(line[start:], []byte(quote)) {
		return line
	}
	text := bytes.ReplaceAll(line[start:], []byte(quote), []byte(quote+quote))
	return append(line[:start], text...)
}

// Flush writes out what has been written so far.
func (w *Writer) Flush() error { return w.out.Flush() }

// Close writes out the rest.
func (w *Writer) Close() error {
	if err := w.begin(); err != nil {
		return err
	}
	return w.out.Flush()
}
