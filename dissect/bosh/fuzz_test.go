package bosh

import (
	"bytes"
	"encoding/xml"
	"testing"

	"talktrace/dissect"
)

// FuzzConn gives any bodies, a line each, to two connections: there is no
// panic, what waits has bounds, every row has its frames, and without leave no
// row shows the identifier of a session.
func FuzzConn(f *testing.F) {
	const sid = "5e55104"
	f.Add([]byte(request(1, "a") + "\n" + reply("b") + "\n" + request(3, "c") + "\n" + request(2, "d") + "\n"))
	f.Add([]byte("<body rid='1' wait='1'" + ns + "/>\n<body sid='5e55104' authid='5e55104' requests='9'" + ns + "/>\n<body sid='5e55104' rid='2'" + ns + "><a/></bo"))
	f.Add([]byte("<?xml version='1.0'?><b:body rid='7' sid='x' type='terminate' xmlns:b='http://jabber.org/protocol/httpbind'><x></b:body >"))
	f.Fuzz(func(t *testing.T, script []byte) {
		p := newPlayer()
		owed := map[int]func(*dissect.Context, int, []dissect.Bytes, int64){}
		for i, text := range bytes.Split(script, []byte("\n")) {
			number := i >> 1 & 1
			n := p.conn(number)
			pieces := p.pieces(string(text))
			if i&1 == 0 {
				owed[number] = n.Request(p.c, pieces, int64(i&8))
			} else if answer := owed[number]; answer != nil {
				answer(p.c, 200, pieces, int64(i&8))
			}
			for _, s := range n.waiting {
				for _, o := range s.orders {
					if len(o.waiting) > maxWaiting || o.size > maxWaitingBytes {
						t.Fatalf("%d messages of %d bytes wait", len(o.waiting), o.size)
					}
				}
			}
		}
		for _, n := range p.conns {
			for _, s := range n.waiting {
				n.End(p.c)
				if len(s.orders[0].waiting)+len(s.orders[1].waiting) > 0 {
					t.Fatal("messages wait behind the end")
				}
			}
		}
		for _, e := range p.c.Events {
			if e.Conn == nil || e.FirstFrame < 1 || e.FirstFrame > e.Frame {
				t.Fatalf("frames %d to %d: %s", e.FirstFrame, e.Frame, e.Info)
			}
			if e.Protocol == "BOSH" && showsSID(e.XML, sid) {
				t.Fatalf("shows the sid: %s", e.XML)
			}
		}
	})
}

// showsSID reports whether an element has the identifier as its sid. Elsewhere
// it is what the fuzzer made of it.
func showsSID(element []byte, sid string) bool {
	token, err := xml.NewDecoder(bytes.NewReader(element)).Token()
	start, ok := token.(xml.StartElement)
	if err != nil || !ok {
		return false
	}
	for _, a := range start.Attr {
		if a.Name.Space == "" && a.Name.Local == "sid" && a.Value == sid {
			return true
		}
	}
	return false
}
