// Package verify holds the traces of captures against what is expected of them:
// the text beside each capture, which a person has looked at.
package verify

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"talktrace/cmd/internal/settings"
)

// SettingsFile is the name of the file that holds the options of the captures
// beside it.
const SettingsFile = ".talktrace.toml"

// expectation is how the name of an expectation ends.
const expectation = ".trace"

// Options say how a capture is traced, and what of its trace is compared.
type Options struct {
	KeyLog   []string `toml:"keylog"`    // key logs; NAME stands for the capture's name. Without it, NAME.keys where there is one
	RSAKey   []string `toml:"rsa-key"`   // private keys of servers; likewise
	DecodeAs []string `toml:"decode-as"` // as -d
	Filter   string   `toml:"filter"`    // rows that are compared
	Fields   []string `toml:"fields"`    // below rows; none for none, otherwise all
	Keep     []string `toml:"keep"`      // meanings whose values stay what they are
	Order    string   `toml:"order"`     // capture, sender or sorted
	Findings *bool    `toml:"findings"`  // write what is wrong with rows; they are, where nothing is said
}

// file is what a settings file holds.
type file struct {
	Options
	Captures map[string]Options `toml:"capture"` // by name, where some want other options
}

// Fixture is a capture and what is expected of it.
type Fixture struct {
	Name     string // of the capture without its folder and endings
	Capture  string
	Expected string // the name of the expectation, whether it is there or not
	Options  Options
}

// endings are those of captures.
var (
	endings    = []string{".pcap", ".pcapng", ".cap"}
	compressed = []string{".gz", ".zst", ".lz4"}
)

// stem returns the name of a capture without its endings; "" of what is none.
func stem(name string) string {
	for _, end := range compressed {
		name = strings.TrimSuffix(name, end)
	}
	for _, end := range endings {
		if short, ok := strings.CutSuffix(name, end); ok {
			return short
		}
	}
	return ""
}

// Orphan is an expectation without a capture.
type Orphan struct{ Name, File string }

// Find returns the captures that are named, and those in the folders that are
// named and in the folders in them. A mistake in a settings file is a
// *settings.Error.
func Find(paths []string) ([]Fixture, []Orphan, error) {
	f := finder{settings: map[string]*file{}, taken: map[string]string{}}
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return nil, nil, err
		case info.IsDir():
			err = f.folder(path)
		case stem(filepath.Base(path)) == "":
			err = fmt.Errorf("%s: the name of a capture ends in %s, compressed or not", path, strings.Join(endings, ", "))
		default:
			err = f.add(path)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return f.fixtures, f.orphans(), nil
}

type finder struct {
	fixtures []Fixture
	texts    []string          // expectations in folders
	settings map[string]*file  // by folder
	taken    map[string]string // captures by their expectations
}

// folder adds what is in a folder, in the order of names.
func (f *finder) folder(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir():
			return nil
		case strings.HasSuffix(d.Name(), expectation):
			f.texts = append(f.texts, path)
		case stem(d.Name()) != "":
			return f.add(path)
		}
		return nil
	})
}

// add adds a capture.
func (f *finder) add(path string) error {
	dir, name := filepath.Dir(path), stem(filepath.Base(path))
	o, err := f.options(dir, name)
	if err != nil {
		return err
	}
	expected := filepath.Join(dir, name+expectation)
	if other := f.taken[expected]; other != "" {
		return fmt.Errorf("%s and %s would have the same expectation, %s", other, path, expected)
	}
	f.taken[expected] = path
	f.fixtures = append(f.fixtures, Fixture{Name: name, Capture: path, Expected: expected, Options: o})
	return nil
}

// options returns the options of a capture.
func (f *finder) options(dir, name string) (Options, error) {
	s := f.settings[dir]
	if s == nil {
		s = &file{}
		err := settings.Load(filepath.Join(dir, SettingsFile), s)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return Options{}, err
		}
		f.settings[dir] = s
	}
	o := s.with(name)
	for _, list := range []*[]string{&o.KeyLog, &o.RSAKey} {
		*list = slices.Clone(*list)
		for i, file := range *list {
			(*list)[i] = filepath.Join(dir, strings.ReplaceAll(file, "NAME", name))
		}
	}
	if usual := filepath.Join(dir, name+".keys"); o.KeyLog == nil {
		if _, err := os.Stat(usual); err == nil {
			o.KeyLog = []string{usual}
		}
	}
	return o, nil
}

// with returns the options of a capture: its own where it has some.
func (s *file) with(name string) Options {
	o, own := s.Options, s.Captures[name]
	for _, list := range []struct{ to, from *[]string }{
		{&o.KeyLog, &own.KeyLog}, {&o.RSAKey, &own.RSAKey}, {&o.DecodeAs, &own.DecodeAs}, {&o.Fields, &own.Fields}, {&o.Keep, &own.Keep},
	} {
		if *list.from != nil {
			*list.to = *list.from
		}
	}
	if own.Filter != "" {
		o.Filter = own.Filter
	}
	if own.Order != "" {
		o.Order = own.Order
	}
	if own.Findings != nil {
		o.Findings = own.Findings
	}
	return o
}

// orphans returns the expectations that are of no capture.
func (f *finder) orphans() []Orphan {
	var list []Orphan
	for _, text := range f.texts {
		if f.taken[text] == "" {
			list = append(list, Orphan{strings.TrimSuffix(filepath.Base(text), expectation), text})
		}
	}
	return list
}
