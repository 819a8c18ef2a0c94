package filter

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"

	"talktrace/dissect"
)

// writer makes expressions up.
type writer struct{ *rand.Rand }

func pick[T any](w writer, of ...T) T { return of[w.IntN(len(of))] }

func (w writer) node(depth int) node {
	if depth == 0 {
		return w.test()
	}
	switch w.IntN(5) {
	case 0:
		return &negation{w.node(depth - 1)}
	case 1, 2:
		l := &logical{word: pick(w, wordAnd, wordOr, wordXor)}
		for len(l.of) < 2+w.IntN(2) {
			l.add(w.node(depth - 1)) // takes the parts of those with the same word
		}
		return l
	}
	return w.test()
}

func (w writer) test() node {
	switch w.IntN(4) {
	case 0:
		return &existence{pick[operand](w, &field{name: "play"}, &field{name: "tcp.port"}, w.slice(&field{name: "id"}))}
	case 1:
		m := &membership{all: w.IntN(3) == 0, left: &field{name: "tcp.port"}}
		for range 1 + w.IntN(3) {
			x := element{from: w.number(0)}
			if w.IntN(2) == 0 {
				x.to = w.number(1 << 20)
			}
			m.set = append(m.set, x)
		}
		return m
	case 2:
		return &relation{op: op(w.IntN(int(contains))), all: w.IntN(2) == 0, left: &field{name: pick(w, "tcp.port", "no")}, right: w.number(0)}
	}
	left := w.text()
	if w.IntN(2) == 0 {
		return &relation{op: op(w.IntN(int(matches) + 1)), all: w.IntN(2) == 0, left: left, right: w.literal()}
	}
	return &relation{op: op(w.IntN(int(contains) + 1)), all: w.IntN(2) == 0, left: left, right: w.text()}
}

func (w writer) number(least int) *literal {
	return &literal{kind: word, text: string(span{from: least + w.IntN(1<<16), to: 1, count: true}.append(nil))}
}

// literal is a string of any letters, of which none means something in regular
// expressions.
func (w writer) literal() *literal {
	var text []byte
	for range w.IntN(8) {
		text = append(text, pick(w, "a", "B", "é", "\"", "\x00", "\xff", "'", " ", "\n", "…")...)
	}
	if w.IntN(5) == 0 {
		return &literal{kind: char, text: pick(w, "a", "'", "\x80")}
	}
	return &literal{kind: quoted, text: string(text)}
}

func (w writer) text() operand {
	var o operand = &field{name: pick(w, "id", "from", "from.bare", "play.line", "xmpp", "kind")}
	if w.IntN(3) == 0 {
		o = &call{name: pick(w, "lower", "upper", "string"), of: o}
	}
	if w.IntN(3) == 0 {
		o = w.slice(o)
	}
	return o
}

func (w writer) slice(of operand) *slice {
	s := &slice{of: of}
	for range 1 + w.IntN(3) {
		s.spans = append(s.spans, pick(w,
			span{from: w.IntN(9), to: 1 + w.IntN(9), count: true}, span{from: -w.IntN(9), rest: true},
			span{from: w.IntN(4), to: 4 + w.IntN(4)}, span{from: -9, to: -1 - w.IntN(4)}, span{from: 1, to: -w.IntN(2) - 1}))
	}
	return s
}

// TestSpelling prints expressions and reads them again.
func TestSpelling(t *testing.T) {
	w := writer{rand.New(rand.NewPCG(1, 2))}
	e := row()
	held := 0
	for range 5000 {
		n := w.node(w.IntN(4))
		printed := string(n.append(nil))
		again, err := parse(printed)
		if err != nil {
			t.Fatalf("%s: %v", printed, err)
		}
		forget(reflect.ValueOf(again))
		if !reflect.DeepEqual(n, again) {
			t.Fatalf("%s is read as %s", printed, again.append(nil))
		}
		f, err := Compile(printed)
		if err != nil {
			continue // a regular expression that is none
		}
		if f.Match(e) {
			held++
		}
	}
	if held < 500 || held > 4500 {
		t.Errorf("%d of 5000 hold: that says little", held)
	}
}

// forget sets the places in an expression to 0.
func forget(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			forget(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			forget(v.Index(i))
		}
	case reflect.Struct:
		switch x := v.Addr().Interface().(type) {
		case *field:
			x.at = 0
		case *literal:
			x.at = 0
		case *slice:
			x.at = 0
			forget(reflect.ValueOf(x.of))
		case *call:
			x.at = 0
			forget(reflect.ValueOf(x.of))
		case *logical:
			forget(reflect.ValueOf(x.of))
		case *negation:
			forget(reflect.ValueOf(x.of))
		case *existence:
			forget(reflect.ValueOf(x.of))
		case *relation:
			forget(reflect.ValueOf(x.left))
			forget(reflect.ValueOf(x.right))
		case *membership:
			forget(reflect.ValueOf(x.left))
			for _, el := range x.set {
				el.from.at = 0
				if el.to != nil {
					el.to.at = 0
				}
			}
		}
	}
}

// FuzzCompile reads anything. What is a filter is one in its fixed spelling too,
// and the same one; what is none says where.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		`kind == "message" and not (tcp.port in {5222, 80..90} or xmpp)`, `all id[0,2-4,-3:] matches r"a\.b" ^^ 1 < no < 5`,
		`lower(string(frame.time)) contains "\x41\u00e9\101"`, `ip.src == 192.0.2.0/24 || play.stage in {2001:db8::1..2001:db8::9}`, `play.tragic != true and '\n' == id[-1]`,
	} {
		f.Add(s)
	}
	e, nothing := row(), &dissect.Event{}
	f.Fuzz(func(t *testing.T, s string) {
		Complete(s, nil)
		compiled, err := Compile(s)
		if err != nil {
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Offset < 0 || e.Offset > len(s) {
				t.Fatalf("%q: %v", s, err)
			}
			e.Excerpt()
			return
		}
		printed := compiled.String()
		again, err := Compile(printed)
		if err != nil {
			if len(printed) > MaxLength {
				return
			}
			t.Fatalf("%q, printed as %q: %v", s, printed, err)
		}
		if again.String() != printed || again.Match(e) != compiled.Match(e) || again.Match(nothing) != compiled.Match(nothing) {
			t.Fatalf("%q, printed as %q, is another: %q", s, printed, again)
		}
	})
}
