package scrub

import (
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// FuzzStream scrubs what a client says, in two pieces with or without a hole
// between them. Nothing changes its length, markup stays where it is in whole
// elements, and both rounds read the same.
func FuzzStream(f *testing.F) {
	f.Add([]byte(header+opening), []byte(secret+closing), false)
	f.Add([]byte("<presence/><iq><password>a&#x41;</password>"), []byte("<![CDATA[<x]]>]]></iq>"), true)
	f.Add([]byte(header+"<a xmlns:b='c' b:d=\"e"), []byte("\xff&;<b:\x16\x03\x01\x00\x02"), false)
	f.Fuzz(func(t *testing.T, a, b []byte, hole bool) {
		r := &redactor{Options: all(), known: newIndex(), sought: newIndex(), names: newIndex()}
		r.ctx = dissect.NewContext(dissect.Options{Fields: addressFields()})
		s := &side{}
		s.add(1, 1000, true, nil)
		s.add(2, 1001, false, a)
		next := uint32(1001 + len(a))
		if hole {
			next += 7
		}
		s.add(3, next, false, b)
		s.assemble()
		v := &conversation{handshake: true}
		covered := 0
		for _, r.second = range [...]bool{false, true} {
			for k := range s.runs {
				s.runs[k].new = append([]byte(nil), s.runs[k].data...)
			}
			covered = 0
			d := reader{
				ctx: r.ctx, side: s,
				element:  func(t *xmlstream.Tree, in *run, off int) { covered += len(t.Raw); r.element(t, in, off) },
				doubtful: func(in *run, from, to int) { covered += to - from; r.doubtful(in, from, to) },
			}
			if err := d.read(v); err != nil {
				t.Fatal(err)
			}
		}
		readable := 0
		for k := range s.runs {
			readable += s.runs[k].open
			if k == 0 {
				covered += min(prelude(s.runs[k].data), s.runs[k].open)
			}
			if len(s.runs[k].new) != len(s.runs[k].data) {
				t.Fatalf("%d bytes became %d", len(s.runs[k].data), len(s.runs[k].new))
			}
		}
		if covered < readable {
			t.Errorf("%d of %d bytes were looked at", covered, readable)
		}
	})
}
