// Package settings reads files of options and rules, written in TOML.
package settings

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"talktrace/dissect"
)

// Error is a mistake in a file.
type Error struct {
	File string
	Line int // from 1; 0 where it is not known
	Text string
	Hint string // what to write instead; may be empty
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Text
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Text)
}

// mark is the byte order mark that some editors begin a file with.
const mark = "\ufeff"

// Load reads a file into a struct, which names what may stand in it with tags of
// the toml package. A mistake in the file is an *Error.
func Load(file string, into any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return Decode(file, text, into)
}

// Decode is Load for a text; file is what the text is called in errors.
func Decode(file string, text []byte, into any) error {
	d := toml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte(mark)))).DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		return nil
	}
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		first := &strict.Errors[0]
		line, _ := first.Position()
		e := &Error{File: file, Line: line, Text: fmt.Sprintf("there is no key %q", strings.Join(first.Key(), "."))}
		e.Hint = nearest(first.Key(), reflect.TypeOf(into))
		return e
	}
	var broken *toml.DecodeError
	if errors.As(err, &broken) {
		line, _ := broken.Position()
		return &Error{File: file, Line: line, Text: plainly(strings.TrimPrefix(broken.Error(), "toml: "))}
	}
	return &Error{File: file, Text: strings.TrimPrefix(err.Error(), "toml: ")}
}

// plainly says of a value of another type than is due what type that is, and not
// what it is called in the program.
func plainly(text string) string {
	found, rest, ok := strings.Cut(text, " into struct field ")
	if !ok {
		return text
	}
	_, due, _ := strings.Cut(rest, " of type ")
	switch {
	case due == "string":
		due = "text in quotes"
	case due == "[]string":
		due = "a list of texts in quotes"
	case strings.HasSuffix(due, "bool"):
		due = "true or false"
	case strings.HasPrefix(due, "[]"):
		due = "a list of tables"
	case strings.Contains(due, "."):
		due = "a table"
	}
	return strings.TrimPrefix(found, "cannot decode ") + " where " + due + " is due"
}

// Locate returns the line, from 1, on which a key of a table has its value; 0
// where it is not written on a line of its own. The table is named as between
// brackets; it is empty for what stands before all tables.
func Locate(text []byte, table, key string) int {
	number, now := 0, ""
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte(mark))) {
		number++
		trimmed := strings.TrimSpace(string(line))
		if strings.HasPrefix(trimmed, "[") && !strings.Contains(trimmed, "=") {
			name, _, _ := strings.Cut(strings.TrimLeft(trimmed, "["), "]")
			if now = strings.ReplaceAll(strings.ReplaceAll(name, `"`, ""), "'", ""); now == table && key == "" {
				return number
			}
			continue
		}
		if name, _, ok := strings.Cut(trimmed, "="); ok && now == table && key != "" && strings.TrimSpace(name) == key {
			return number
		}
	}
	return 0
}

// nearest says which key was most likely meant, or which there are.
func nearest(key []string, t reflect.Type) string {
	for _, part := range key[:max(len(key)-1, 0)] {
		t = inside(t, part)
	}
	names := keys(t)
	if len(names) == 0 || len(key) == 0 {
		return ""
	}
	if name := dissect.Nearest(key[len(key)-1], names); name != "" {
		return "did you mean " + name + "?"
	}
	return "there are " + strings.Join(names, ", ")
}

// inside returns the type of what stands under a key.
func inside(t reflect.Type, key string) reflect.Type {
	t = plain(t)
	if t.Kind() == reflect.Map {
		return t.Elem()
	}
	if t.Kind() == reflect.Struct {
		for f := range fields(t) {
			if tag(f) == key {
				return plain(f.Type)
			}
		}
	}
	return t
}

// plain returns what pointers point to, and what lists are of.
func plain(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t
}

// keys lists what may stand in a table.
func keys(t reflect.Type) []string {
	t = plain(t)
	if t.Kind() != reflect.Struct {
		return nil
	}
	var names []string
	for f := range fields(t) {
		names = append(names, tag(f))
	}
	slices.Sort(names)
	return names
}

// fields calls yield for the fields of a struct, those of embedded ones too.
func fields(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for _, f := range reflect.VisibleFields(t) {
			if f.IsExported() && !f.Anonymous && !yield(f) {
				return
			}
		}
	}
}

func tag(f reflect.StructField) string {
	if name, _, _ := strings.Cut(f.Tag.Get("toml"), ","); name != "" {
		return name
	}
	return strings.ToLower(f.Name)
}
