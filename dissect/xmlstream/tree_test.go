package xmlstream_test

import "testing"

func TestReferences(t *testing.T) {
	for reference, want := range map[string]string{
		"&lt;": "<", "&gt;": ">", "&amp;": "&", "&apos;": "'", "&quot;": "\"",
		"&#9;": "\t", "&#10;": "\n", "&#xD;": "\r", "&#32;": " ", "&#x20;": " ", "&#xd7FF;": "\ud7ff",
		"&#xE000;": "\ue000", "&#xfffd;": "\ufffd", "&#x10000;": "\U00010000", "&#x10FFFF;": "\U0010ffff",
		"&#65;": "A", "&#x00000041;": "A",
	} {
		done, u := parse(t, "<a b='"+reference+"'>"+reference+"</a>")
		if got := string(u.Tree.Text(nil, 0)); got != want {
			t.Errorf("%s is %q in text", reference, got)
		}
		if got := string(u.Tree.Value(nil, u.Tree.Attr(0, "b"))); got != want {
			t.Errorf("%s is %q in an attribute", reference, got)
		}
		done()
	}
	for _, reference := range []string{
		"&;", "&", "&lt", "&LT;", "&nbsp;", "&#;", "&#x;", "&#X41;", "&#0;", "&#8;", "&#11;", "&#12;", "&#31;", "&#xd800;", "&#xdfff;",
		"&#xfffe;", "&#xffff;", "&#x110000;", "&#4294967361;", "&#-1;", "&#a;", "&#xg;", "& lt;", "&#000000000000000065;",
	} {
		for _, element := range []string{"<a>" + reference + " padding beyond</a>", "<a b='" + reference + " padding beyond'/>"} {
			if got := splitAll(started(1<<20), header, element+"<presence/>"); len(got) < 2 || got[1] != "malformed 2-2 "+element {
				t.Errorf("%s passes: %q", element, got[1:])
			}
		}
	}
}

func TestAttributes(t *testing.T) {
	done, u := parse(t, "<a to='1' xml:lang='2' p:to='3' xmlns:p='urn:p' from=''/>")
	defer done()
	for _, tt := range []struct{ space, name, want string }{
		{"", "to", "1"},
		{"", "from", ""},
		{"", "lang", "none"},
		{"", "p", "none"},
		{"urn:p", "to", "3"},
		{"urn:p", "from", "none"},
		{"http://www.w3.org/XML/1998/namespace", "lang", "2"},
		{"http://www.w3.org/XML/1998/namespace", "to", "none"},
	} {
		a := u.Tree.AttrNS(0, tt.space, tt.name)
		if tt.space == "" {
			a = u.Tree.Attr(0, tt.name)
		}
		got := "none"
		if a != nil {
			got = string(u.Tree.Value(nil, a))
		}
		if got != tt.want {
			t.Errorf("{%s}%s is %s, want %s", tt.space, tt.name, got, tt.want)
		}
	}
}

func TestTwice(t *testing.T) {
	for _, element := range []string{
		"<a b='1' b='2'/>", "<a p:b='1' xmlns:p='urn:p' xmlns:q='urn:p' q:b='2'/>", "<a x:b='1' x:b='2'/>",
	} {
		if got := splitAll(started(1<<20), header, element); len(got) < 2 || got[1] != "malformed 2-2 "+element {
			t.Errorf("%s passes: %q", element, got[1:])
		}
	}
	for _, element := range []string{"<a b='1' c='2'/>", "<a b='1' p:b='2' xmlns:p='urn:p'/>", "<a x:b='1' b='2' y:b='3'/>"} {
		done, _ := parse(t, element)
		done()
	}
}
