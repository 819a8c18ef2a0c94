package xep

import (
	"strconv"

	"talktrace/dissect"
)

func init() {
	sid := dissect.FieldDef{Name: "xmpp.ibb.sid", Type: dissect.Text, Path: "@sid", Doc: "id of the bytestream"}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0047", Title: "In-Band Bytestreams", Label: "IBB",
		Doc:    "Sends bytes as base64 in stanzas, where there is no other way from one client to the other.",
		Spaces: []string{"http://jabber.org/protocol/ibb"},
		Elements: []dissect.Element{
			{Name: "open", Field: "xmpp.ibb.open", Info: "open[ {~@sid}][, blocks of {@block-size} bytes][, in {@stanza}s]", Doc: "begins a bytestream", Fields: []dissect.FieldDef{
				sid,
				{Name: "xmpp.ibb.block-size", Type: dissect.Number, Path: "@block-size", Doc: "at most so many bytes in a stanza"},
				{Name: "xmpp.ibb.stanza", Type: dissect.Text, Path: "@stanza", Doc: "what carries the data: iq or message"},
			}},
			{Name: "data", Field: "xmpp.ibb.data", Describe: describeBlock, Doc: "a block of bytes", Fields: []dissect.FieldDef{
				sid,
				{Name: "xmpp.ibb.seq", Type: dissect.Number, Path: "@seq", Doc: "number of the block, from 0, modulo 65536"},
				{Name: "xmpp.ibb.data.size", Type: dissect.Number, Path: ".", Decode: base64Size, Doc: "bytes in the block"},
			}},
			{Name: "close", Field: "xmpp.ibb.close", Info: "close[ {~@sid}]", Doc: "ends a bytestream", Fields: []dissect.FieldDef{sid}},
		},
	})
}

func describeBlock(l *dissect.Line, n int32) {
	l.Add("data").Labelled(" ", n, "seq").ID(" of ", n, "sid")
	l.Sep().Count(sizeOfBase64(l.Tree.Bytes(l.Tree.Nodes[n].Inner)), "byte", "bytes")
}

// base64Size decodes a text in base64 to the number of bytes that it stands
// for.
func base64Size(dst, text []byte, _ bool) ([]byte, bool) {
	return strconv.AppendInt(dst, int64(sizeOfBase64(text)), 10), true
}

// sizeOfBase64 is how many bytes a text in base64 (RFC 4648) stands for.
func sizeOfBase64(text []byte) int {
	digits := 0
	for _, c := range text {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '+', c == '/':
			digits++
		}
	}
	return digits * 3 / 4
}
