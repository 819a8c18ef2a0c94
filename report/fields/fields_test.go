package fields

import (
	"bytes"
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/report/internal/reporttest"
)

func options(t *testing.T, names []string, set ...string) Options {
	t.Helper()
	o := Default()
	for _, name := range names {
		r, ok := dissect.LookupRef(name)
		if !ok {
			t.Fatalf("no field %s", name)
		}
		o.Fields = append(o.Fields, r)
	}
	for _, s := range set {
		if err := o.Set(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return o
}

func write(t *testing.T, o Options, e *dissect.Event) string {
	t.Helper()
	var out bytes.Buffer
	w := New(&out, o)
	if err := w.Write(e); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if c := reporttest.Controls(bytes.ReplaceAll(out.Bytes(), []byte("\t"), nil)); c != nil {
		t.Errorf("control characters %q", c)
	}
	return out.String()
}

func TestOptions(t *testing.T) {
	e := reporttest.Events()[3]
	e.Frame, e.Kind, e.Info = 7, "message", []byte("say \"hi\"\x1b[2J")
	for _, tt := range []struct {
		names, set []string
		want       string
	}{
		{[]string{"frame.number", "kind"}, nil, "7\tmessage\n"},
		{[]string{"frame.number", "kind"}, []string{"separator=/s", "header=y"}, "frame.number kind\n7 message\n"},
		{[]string{"info"}, []string{"quote=d"}, `"say ""hi""\x1b[2J"` + "\n"},
		{[]string{"info", "missing", "kind"}, []string{"separator=;", "quote=s"}, `'say "hi"\x1b[2J';;'message'` + "\n"},
		{[]string{"kind"}, []string{"bom=y"}, "\ufeffmessage\n"},
	} {
		if got := write(t, options(t, tt.names, tt.set...), e); got != tt.want {
			t.Errorf("%v %v: %q, want %q", tt.names, tt.set, got, tt.want)
		}
	}
}

func TestOccurrence(t *testing.T) {
	e := reporttest.Events()[3]
	for set, want := range map[string]int{"occurrence=a": 2, "occurrence=f": 1, "occurrence=l": 1} {
		line := write(t, options(t, []string{"tcp.port"}, set, "aggregator=|"), e)
		if got := strings.Count(line, "|") + 1; got != want {
			t.Errorf("%s: %d values in %q, want %d", set, got, line, want)
		}
	}
}

func TestMistakes(t *testing.T) {
	for _, s := range []string{"header", "header=maybe", "separator=ab", "separator=", "quote=x", "occurrence=", "nothing=y"} {
		o := Default()
		if err := o.Set(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}
