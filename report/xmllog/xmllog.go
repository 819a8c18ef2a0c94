// Package xmllog writes rows as one XML document: what was said, unit by unit, as
// it was, with when, where and by whom. Package stanzalog reads it again.
//
// An element that means the same where it stands in the document as it did in its
// stream stands there as it was:
//
//	<t:unit no='13' time='2026-11-05T12:00:00.5Z' frame='20' stream='0' sender='client' …><presence/></t:unit>
//
// All else, such as the header of a stream, is text (as='text'), or in base64 where
// XML has no characters for its bytes (as='base64').
package xmllog

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"talktrace/capture/stanzalog"
	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
	"talktrace/report"
)

const (
	bufferSize = 64 << 10

	// declarations are those that the headers of streams make.
	declarations = "xmlns='" + xmlstream.NSClient + "' xmlns:stream='" + xmlstream.NSStreams + "' xmlns:db='jabber:server:dialback'"
)

// Writer writes rows as a document. Rows without XML, and those that BOSH makes of
// its bodies, are left out; of what was lost there is an element of its own:
//
//	<t:lost no='14' … bytes='1448'/>
type Writer struct {
	out    *bufio.Writer
	parser *xmlstream.Parser
	intern dissect.Interner
	arena  dissect.Arena
	line   []byte
	begun  bool
}

var _ report.Writer = (*Writer)(nil)

// New makes a writer to w. It wants rows with their XML (dissect.Options.XML).
func New(w io.Writer) *Writer {
	t := &Writer{out: bufio.NewWriterSize(w, bufferSize)}
	t.parser = xmlstream.NewParser(&t.intern)
	return t
}

// Write takes the next row.
func (w *Writer) Write(e *dissect.Event) error {
	w.begin()
	w.line = w.line[:0]
	switch {
	case e.Kind == dissect.KindGap:
		w.lost(e, e.Missing)
	case len(e.XML) == 0, e.Protocol == "BOSH":
		return nil
	default:
		w.unit(e)
		if n := Unkept(e); n > 0 {
			w.lost(e, n)
		}
	}
	_, err := w.out.Write(w.line)
	return err
}

// begin writes the root's start tag, once.
func (w *Writer) begin() {
	if !w.begun {
		w.begun = true
		_, _ = w.out.WriteString("<?xml version='1.0' encoding='UTF-8'?>\n<t:log xmlns:t='" + stanzalog.Space + "' " + declarations + ">\n") // it fails again
	}
}

// unit makes the line of a row.
func (w *Writer) unit(e *dissect.Event) {
	space, whole := w.stands(e)
	w.line = append(w.line, "<t:unit"...)
	w.place(e)
	switch {
	case whole:
		if space != "" {
			w.line = append(w.line, " xmlns='"...)
			w.line = escaped(w.line, []byte(space))
			w.line = append(w.line, '\'')
		}
		w.line = append(append(w.line, '>'), e.XML...)
	case writable(e.XML):
		w.line = append(w.line, " as='text'>"...)
		w.line = escaped(w.line, e.XML)
	default:
		w.line = append(w.line, " as='base64'>"...)
		w.line = base64.StdEncoding.AppendEncode(w.line, e.XML)
	}
	w.line = append(w.line, "</t:unit>\n"...)
}

// lost makes the line that says how much is missing.
func (w *Writer) lost(e *dissect.Event, n int64) {
	w.line = append(w.line, "<t:lost"...)
	w.place(e)
	w.line = append(w.line, " bytes='"...)
	w.line = strconv.AppendInt(w.line, n, 10)
	w.line = append(w.line, "'/>\n"...)
}

// Unkept returns how many bytes of a row were seen and are not in its XML: of what
// is no XML only the beginning is kept. It is 0 where a secret was replaced, since
// that is of another length.
func Unkept(e *dissect.Event) int64 {
	if e.Kind != dissect.KindMalformed || bytes.Contains(e.XML, []byte(dissect.Redacted)) {
		return 0
	}
	return int64(max(e.Length-len(e.XML), 0))
}

// place appends the attributes that tell of when, where and by whom.
func (w *Writer) place(e *dissect.Event) {
	w.line = append(w.line, " no='"...)
	w.line = strconv.AppendInt(w.line, int64(e.No), 10)
	w.line = append(w.line, "' time='"...)
	w.line = time.Unix(0, e.Time).UTC().AppendFormat(w.line, time.RFC3339Nano)
	w.line = append(w.line, "' frame='"...)
	w.line = strconv.AppendInt(w.line, int64(e.Frame), 10)
	w.line = append(w.line, "' stream='"...)
	w.line = strconv.AppendInt(w.line, int64(e.Conn.Number), 10)
	w.line = append(w.line, "' sender='"+e.Sender.String()...)
	w.line = append(w.line, "' client='"+e.Conn.Text[dissect.Client]+"' server='"+e.Conn.Text[dissect.Server]+"'"...)
}

// stands reports whether the unit is an element that means the same in the
// document, and within which default namespace; "" is the document's own.
func (w *Writer) stands(e *dissect.Event) (space string, whole bool) {
	switch e.Kind {
	case dissect.KindStream, dissect.KindStreamClose, dissect.KindKeepalive, dissect.KindMalformed, dissect.KindUnfinished:
		return "", false
	}
	// Nothing in a unit may look like the beginning or the end of one.
	if !writable(e.XML) || hasOwn(e.XML) {
		return "", false
	}
	if e.XMLNS != xmlstream.NSClient && e.XMLNS != xmlstream.NSStreams {
		space = e.XMLNS
	}
	scope := e.XMLNS
	if e.XMLNS == xmlstream.NSStreams {
		scope = xmlstream.NSClient
	}
	w.arena.Reset()
	split := xmlstream.NewSplitter(xmlstream.AssumedScope(scope), len(e.XML))
	split.Feed(e.XML, xmlstream.Origin{})
	var u xmlstream.Unit
	if !split.Next(w.parser, &w.arena, &u) || u.Tree == nil || u.Kind != xmlstream.Element || u.Length != len(e.XML) || u.Tree.Cut || u.Flags != 0 {
		return "", false
	}
	return space, true
}

// hasOwn reports whether bytes hold a tag in the prefix of the document's own
// elements.
func hasOwn(b []byte) bool {
	return bytes.Contains(b, []byte("<t:")) || bytes.Contains(b, []byte("</t:"))
}

// writable reports whether bytes are UTF-8 and characters that XML has (XML 1.0
// section 2.2). A carriage return is none that survives being read.
func writable(b []byte) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1, r < ' ' && r != '\t' && r != '\n', r == 0xfffe, r == 0xffff:
			return false
		}
		b = b[n:]
	}
	return true
}

// escaped appends text for an element or an attribute.
func escaped(dst, text []byte) []byte {
	for _, c := range text {
		switch c {
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		case '&':
			dst = append(dst, "&amp;"...)
		case '\'':
			dst = append(dst, "&#39;"...)
		case '\n':
			dst = append(dst, "&#10;"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// Flush writes out what has been written so far.
func (w *Writer) Flush() error { return w.out.Flush() }

// Close ends the document.
func (w *Writer) Close() error {
	w.begin()
	_, _ = w.out.WriteString("</t:log>\n") // Flush fails again
	return w.out.Flush()
}
