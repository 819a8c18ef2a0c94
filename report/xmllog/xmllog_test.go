package xmllog

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"talktrace/capture"
	"talktrace/capture/stanzalog"
	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

func row(kind, space, text string) *dissect.Event {
	return &dissect.Event{
		No: 1, Frame: 2, Kind: kind, XMLNS: space, XML: []byte(text), Protocol: "XMPP",
		Conn: &dissect.Conn{Text: [2]string{"192.0.2.1:40000", "192.0.2.2:5222"}},
	}
}

// Whatever was said, the document is well-formed, and its units are what was
// said when it is read again.
func TestThereAndBack(t *testing.T) {
	const client = xmlstream.NSClient
	rows := []*dissect.Event{
		row("stream", xmlstream.NSStreams, "<?xml version='1.0'?><stream:stream xmlns='jabber:client'>"),
		row("features", xmlstream.NSStreams, "<stream:features><a xmlns='b'/></stream:features>"),
		row("message", client, "<message><body>a\nb &amp; <![CDATA[<c>]]></body></message>"),
		row("message", client, "<message><body>\n</t:unit>\n<t:unit stream='7'><![CDATA[ ]]></body></message>"),
		row("message", client, "<message><![CDATA[\n<t:unit stream='7'>]]></message>"),
		row("message", client, "<m:message>unbound</m:message>"),
		row("message", client, "<message>\r\n</message>"),
		row("message", client, "<message>\xff\x00</message>"),
		row("message", client, "<message xmlns:m='a'><!-- b --></message>"),
		row("iq", "jabber:server", "<iq/>"),
		row("x", "a'b<&", "<x/>"),
		row("result", "jabber:server:dialback", "<db:result>a</db:result>"),
		row("keepalive", "", " \n"),
		row("malformed", "", "</a><b"),
		row("/stream", xmlstream.NSStreams, "</stream:stream>"),
	}
	var doc bytes.Buffer
	w := New(&doc)
	for _, e := range rows {
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	units := 0
	for d := xml.NewDecoder(bytes.NewReader(doc.Bytes())); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, doc.Bytes())
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Space == stanzalog.Space && start.Name.Local == "unit" {
			units++
		}
	}
	if units != len(rows) {
		t.Errorf("%d units of %d rows in\n%s", units, len(rows), doc.Bytes())
	}
	log := stanzalog.New(&doc, stanzalog.Options{Name: "x"})
	var f capture.Frame
	for _, e := range rows {
		said := ""
		for said == "" {
			if err := log.Next(&f); err != nil {
				t.Fatal(err)
			}
			said = string(f.Data[40:]) // behind the headers of IPv4 and TCP
		}
		if said != string(e.XML) {
			t.Errorf("%q, want %q", said, e.XML)
		}
	}
}

// A trace without rows is a document too.
func TestEmpty(t *testing.T) {
	var doc bytes.Buffer
	if err := New(&doc).Close(); err != nil || !strings.Contains(doc.String(), "<t:log ") || xml.Unmarshal(doc.Bytes(), new(struct{})) != nil {
		t.Errorf("%v: %s", err, doc.String())
	}
}

type file struct {
	bytes.Buffer
	closed bool
}

func (f *file) Close() error { f.closed = true; return nil }

func TestSplit(t *testing.T) {
	files := map[string]*file{}
	said := ""
	s := NewSplit(func(conn int, sender dissect.Sender) (io.WriteCloser, error) {
		if conn > 1 {
			return nil, io.ErrShortWrite
		}
		files[sender.String()] = &file{}
		return files[sender.String()], nil
	}, func(text string) { said += text })
	in, gap := row("iq", "", "<iq/>"), row(dissect.KindGap, "", "")
	in.Before, in.After = []byte("\n"), []byte(" ")
	gap.XML, gap.Missing = nil, 7
	out := row("presence", "", "<presence/>")
	out.Sender = dissect.Server
	for _, e := range []*dissect.Event{in, gap, out, in} {
		if err := s.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil || files["client"].String() != "\n<iq/> \n<iq/> " || files["server"].String() != "<presence/>" || !files["client"].closed {
		t.Errorf("%v: %v", err, files)
	}
	if !strings.HasPrefix(said, "7 bytes of the client are missing on connection 0") {
		t.Errorf("of the gap: %q", said)
	}
	other := row("iq", "", "<iq/>")
	other.Conn.Number = 2
	if err := s.Write(other); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("%v", err)
	}
}
