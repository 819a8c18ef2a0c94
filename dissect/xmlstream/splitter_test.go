package xmlstream_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"talktrace/dissect"
	. "talktrace/dissect/xmlstream"
)

const header = `<?xml version='1.0'?><stream:stream to='capulet.example' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`

// splitAll feeds the chunks, one frame each, and writes down the units.
func splitAll(s *Splitter, chunks ...string) []string {
	var a dissect.Arena
	p := NewParser(&dissect.Interner{})
	var out []string
	note := func(u *Unit) {
		out = append(out, fmt.Sprintf("%s %d-%d %s", kindNames[u.Kind], u.First.Frame, u.Last.Frame, u.Raw))
	}
	var u Unit
	for i, c := range chunks {
		if n, ok := strings.CutPrefix(c, "GAP "); ok {
			missing, _ := strconv.ParseInt(n, 10, 64)
			s.Settle(p, &a)
			for s.Next(p, &a, &u) {
				note(&u)
			}
			if s.Gap(missing, &a, &u) {
				note(&u)
			}
			continue
		}
		s.Feed([]byte(c), Origin{Frame: i + 1})
		for s.Next(p, &a, &u) {
			note(&u)
		}
	}
	s.Settle(p, &a)
	for s.Next(p, &a, &u) {
		note(&u)
	}
	for s.End(&a, &u) {
		note(&u)
	}
	return out
}

var kindNames = map[Kind]string{
	Header: "header", Element: "element", Close: "close", Space: "space", Text: "text",
	Comment: "comment", Instruction: "instruction", Malformed: "malformed", Unfinished: "unfinished",
}

func started(limit int) *Splitter { return NewSplitter(Scope{}, limit) }

func TestSplit(t *testing.T) {
	late := func() *Splitter {
		s := NewSplitter(AssumedScope(NSClient), 1<<20)
		s.Late()
		return s
	}
	run := func() *Splitter {
		s := started(1 << 20)
		splitAllInto(s, header)
		return s
	}
	for _, tt := range []struct {
		name   string
		s      *Splitter
		chunks []string
		want   []string
	}{
		{"header", started(1 << 20), []string{header}, []string{"header 1-1 " + header}},
		{"header after a byte order mark", started(1 << 20), []string{"\xef\xbb\xbf" + header}, []string{"header 1-1 " + header}},
		{"byte order mark in two segments", started(1 << 20), []string{"\xef", "\xbb\xbf" + header, "\xef\xbb", "\xbf<a/>"}, []string{"header 2-2 " + header, "element 4-4 <a/>"}},
		{"byte order mark in three segments", started(1 << 20), []string{"\xef", "\xbb", "\xbf", header}, []string{"header 4-4 " + header}},
		{"half a byte order mark", run(), []string{"\xef\xbb", "<a/>"}, []string{"text 1-1 \xef\xbb", "element 2-2 <a/>"}},
		{"half a byte order mark, then blanks", run(), []string{"\xef", " <a/>"}, []string{"text 1-1 \xef", "element 2-2 <a/>"}},
		{"half a byte order mark in two segments", run(), []string{"\xef", "\xbb", "<a/>"}, []string{"text 1-2 \xef\xbb", "element 3-3 <a/>"}},
		{"half a byte order mark in the end", run(), []string{"<a/>\xef"}, []string{"element 1-1 <a/>", "text 1-1 \xef"}},
		{"half a byte order mark before a loss", run(), []string{"\xef", "GAP 5", "x</a><presence from='romeo@montague.example/orchard'/>", "<iq id='1'/>"}, []string{"text 1-1 \xef", "malformed 3-3 x</a>", "element 3-3 <presence from='romeo@montague.example/orchard'/>", "element 4-4 <iq id='1'/>"}},
		{"three stanzas in one segment", run(), []string{"<a/><b>x</b><c d='>'/>"}, []string{"element 1-1 <a/>", "element 1-1 <b>x</b>", "element 1-1 <c d='>'/>"}},
		{"a stanza over three segments", run(), []string{"<message><bo", "dy>x</body>", "</message><r/>"}, []string{"element 1-3 <message><body>x</body></message>", "element 3-3 <r/>"}},
		{"cut behind a >", run(), []string{"<message><body>", "x</body></message>"}, []string{"element 1-2 <message><body>x</body></message>"}},
		{"keepalives", run(), []string{" ", "\r\n", "\t", "<a/>\n", "\n<b/>"}, []string{"space 1-1  ", "space 2-2 \r\n", "space 3-3 \t", "element 4-4 <a/>", "element 5-5 <b/>"}},
		{"cdata", run(), []string{"<m><![CDATA[</m>]]></m><n/>"}, []string{"element 1-1 <m><![CDATA[</m>]]></m>", "element 1-1 <n/>"}},
		{"close", run(), []string{"</stream:stream>"}, []string{"close 1-1 </stream:stream>"}},
		{"close in pieces", run(), []string{"</stre", "am:stream>"}, []string{"close 1-2 </stream:stream>"}},
		{"restart", run(), []string{"<success/>" + header + "<x/>"}, []string{"element 1-1 <success/>", "header 1-1 " + header, "element 1-1 <x/>"}},
		{"restart inside an element", run(), []string{"<message><body>x" + header, "<x/>"}, []string{"malformed 1-1 <message><body>x", "header 1-1 " + header, "element 2-2 <x/>"}},
		{"restart inside an element, cut", run(), []string{"<message><body>x<?x", "ml version='1.0'?>" + header[21:], "<x/>"}, []string{"malformed 1-2 <message><body>x", "header 2-2 " + header, "element 3-3 <x/>"}},
		{"comment", run(), []string{"<!-- x --><a/>"}, []string{"comment 1-1 <!-- x -->", "element 1-1 <a/>"}},
		{"comment in pieces", run(), []string{"<!-", "- x", " -", "-", "><a/>"}, []string{"comment 1-5 <!-- x -->", "element 5-5 <a/>"}},
		{"instruction in pieces", run(), []string{"<?x", "ml-x ?", "><a/>"}, []string{"instruction 1-3 <?xml-x ?>", "element 3-3 <a/>"}},
		{"comment in an element in pieces", run(), []string{"<a><!-- <", "b> --", "></a>", "<c/>"}, []string{"element 1-3 <a><!-- <b> --></a>", "element 4-4 <c/>"}},
		{"control character in cdata", run(), []string{"<a><![CDATA[\x01]]></a><presence/><iq id='1'/>"}, []string{"malformed 1-1 <a><![CDATA[\x01]]></a>", "element 1-1 <presence/>", "element 1-1 <iq id='1'/>"}},
		{"mismatched end tag", run(), []string{"<message><body>x</message><presence/><iq id='1'/>"}, []string{"malformed 1-1 <message><body>x</message>", "element 1-1 <presence/>", "element 1-1 <iq id='1'/>"}},
		{"mismatched end tag in pieces", run(), []string{"<message><bo", "dy>x</mess", "age>", "<presence/>", "<iq id='1'/>"}, []string{"malformed 1-3 <message><body>x</message>", "element 4-4 <presence/>", "element 5-5 <iq id='1'/>"}},
		{"never closed", run(), []string{"<message to='a'><body>x"}, []string{"unfinished 1-1 <message to='a'><body>x"}},
		{"text", run(), []string{"hello", "<a/>"}, []string{"text 1-1 hello", "element 2-2 <a/>"}},
		{"doctype", run(), []string{"<!DOCTYPE x><presence/>"}, []string{"malformed 1-1 <!DOCTYPE x>", "element 1-1 <presence/>"}},
		{"gap at a boundary", run(), []string{"<a/>", "GAP 5", "<message to='x' id='123456789012345'/>", "<presence/>"}, []string{"element 1-1 <a/>", "element 3-3 <message to='x' id='123456789012345'/>", "element 4-4 <presence/>"}},
		{"one element cut after the other", run(), []string{"<message to='a'", "GAP 50", "<presence from='b'", "GAP 60", "<iq id='1'/><a/>"}, []string{"unfinished 1-1 <message to='a'", "unfinished 3-3 <presence from='b'", "element 5-5 <iq id='1'/>", "element 5-5 <a/>"}},
		{"gap inside", run(), []string{"<message to='x'><bo", "GAP 5", "y</body></message><presence/><iq id='1'/><a/>"}, []string{"unfinished 1-1 <message to='x'><bo", "malformed 3-3 y</body></message>", "element 3-3 <presence/>", "element 3-3 <iq id='1'/>", "element 3-3 <a/>"}},
		{"mid-stream in a nested stanza", late(), []string{"rd><message to='a'><body>1</body></message></forwarded></message><message to='c'/><presence/>"}, []string{"malformed 1-1 rd><message to='a'><body>1</body></message></forwarded></message>", "element 1-1 <message to='c'/>", "element 1-1 <presence/>"}},
		{"mid-stream in an archive", late(), []string{"<message to='a'/><message to='b'/></archive></iq>", "<iq id='2'/><presence/>"}, []string{"malformed 1-1 <message to='a'/><message to='b'/></archive></iq>", "element 2-2 <iq id='2'/>", "element 2-2 <presence/>"}},
		{"mid-stream in cdata", late(), []string{"<message to='a'/><presence/>]]></body></message><iq id='2'/>", "<presence/>"}, []string{"malformed 1-1 <message to='a'/><presence/>]]></body></message>", "element 1-1 <iq id='2'/>", "element 2-2 <presence/>"}},
		{"mid-stream in cdata over segments", late(), []string{"x<message to='a'/>", "<presence/>y", "]]></body></message><iq id='2'/>", "<presence/>"}, []string{"malformed 1-3 x<message to='a'/><presence/>y]]></body></message>", "element 3-3 <iq id='2'/>", "element 4-4 <presence/>"}},
		{"mid-stream in cdata, its end cut", late(), []string{"x<message to='a'/><presence/>]", "]", "></body></message><iq id='2'/>", "<presence/>"}, []string{"malformed 1-3 x<message to='a'/><presence/>]]></body></message>", "element 3-3 <iq id='2'/>", "element 4-4 <presence/>"}},
		{"mid-stream before cdata, its beginning cut", late(), []string{"x</body></message><message to='a'><body><![CD", "ATA[ ]]></body></message><presence/>", "<iq id='2'/>"}, []string{"malformed 1-1 x</body></message>", "element 1-2 <message to='a'><body><![CDATA[ ]]></body></message>", "element 2-2 <presence/>", "element 3-3 <iq id='2'/>"}},
		{"gap in cdata over segments", run(), []string{"<message to='a'><body><![CDATA[", "GAP 10", "x<message to='a'/>", "<presence/>y", "]]></body></message><iq id='2'/>", "<presence/>"}, []string{"unfinished 1-1 <message to='a'><body><![CDATA[", "malformed 3-5 x<message to='a'/><presence/>y]]></body></message>", "element 5-5 <iq id='2'/>", "element 6-6 <presence/>"}},
		{"mid-stream in pieces", late(), []string{"x</b", "ody></mess", "age>", "<message from='romeo@montague.example' id='1'/>"}, []string{"malformed 1-3 x</body></message>", "element 4-4 <message from='romeo@montague.example' id='1'/>"}},
		{"mid-stream, a stanza in pieces", late(), []string{"x</body></message><mess", "age from='romeo'", " id='1'/><presence/>", "<iq id='2'/>"}, []string{"malformed 1-1 x</body></message>", "element 1-3 <message from='romeo' id='1'/>", "element 3-3 <presence/>", "element 4-4 <iq id='2'/>"}},
		{"mid-stream keepalive", late(), []string{" ", "<message from='romeo@montague.example' id='1'/>"}, []string{"space 1-1  ", "element 2-2 <message from='romeo@montague.example' id='1'/>"}},
		{"mid-stream close", late(), []string{"xx</stream:stream>"}, []string{"malformed 1-1 xx", "close 1-1 </stream:stream>"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := splitAll(tt.s, tt.chunks...)
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// splitAllInto brings a Splitter into the state behind the chunk.
func splitAllInto(s *Splitter, chunk string) {
	var a dissect.Arena
	p := NewParser(&dissect.Interner{})
	var u Unit
	s.Feed([]byte(chunk), Origin{})
	for s.Next(p, &a, &u) {
	}
}
