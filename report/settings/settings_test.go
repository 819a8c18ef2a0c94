package settings

import (
	"errors"
	"testing"
)

type inner struct {
	Keep  []string `toml:"keep"`
	Order string   `toml:"order"`
}

type outer struct {
	inner
	Inner  inner            `toml:"inner"`
	Tables map[string]inner `toml:"table"`
	List   []inner          `toml:"list"`
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ text, want, hint string }{
		{"[inner]\nordr = 'x'", `f.toml:2: there is no key "inner.ordr"`, "did you mean order?"},
		{"[table.a]\n\n\nkeeps = ['x']", `f.toml:4: there is no key "table.a.keeps"`, "did you mean keep?"},
		{"[[list]]\nkep = ['x']", `f.toml:2: there is no key "list.kep"`, "did you mean keep?"},
		{"[inner]\nsomething = 1", `f.toml:2: there is no key "inner.something"`, "there are keep, order"},
		{"[inner]\nkeep = 3", "f.toml:2: TOML integer where a list of texts in quotes is due", ""},
		{"keep = [", "", ""},
		{"[inner]\norder = 'a'\norder = 'b'", "", ""},
	} {
		var o outer
		err := Decode("f.toml", []byte(c.text), &o)
		var e *Error
		if !errors.As(err, &e) || e.Line == 0 || c.want != "" && e.Error() != c.want || e.Hint != c.hint {
			t.Errorf("%q gives %v, %+v", c.text, err, e)
		}
	}
}

func TestLocate(t *testing.T) {
	const text = "# keep = 1\nkeep = ['a']\n[capture.one]\n keep = ['b']\n[capture.\"two three\"]\norder='x'\n"
	for _, c := range []struct {
		table, key string
		want       int
	}{{"", "keep", 2}, {"capture.one", "keep", 4}, {"capture.two three", "order", 6}, {"capture.two three", "", 5}, {"", "order", 0}} {
		if got := Locate([]byte(text), c.table, c.key); got != c.want {
			t.Errorf("%s in [%s] is at %d, not at %d", c.key, c.table, got, c.want)
		}
	}
}

func TestDecode(t *testing.T) {
	var o outer
	if err := Decode("f.toml", []byte("[table.a]\nkeep = ['id']\n[[list]]\norder = 'x'"), &o); err != nil || o.Tables["a"].Keep[0] != "id" || o.List[0].Order != "x" {
		t.Errorf("%v, %+v", err, o)
	}
	if err := Load("nowhere.toml", &o); err == nil {
		t.Error("a file that is not there has been read")
	}
}

// Whatever stands in a file, it is read or refused.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("keep = ['x']\n[table.a]\norder = 'y'"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var o outer
		var e *Error
		if err := Decode("f.toml", text, &o); err != nil && !errors.As(err, &e) {
			t.Errorf("%T: %v", err, err)
		}
	})
}
