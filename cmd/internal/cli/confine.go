package cli

import (
	"os"
	"path/filepath"
	"slices"
	"time"

	"talktrace/capture/sandbox"
	"talktrace/report/fixture"
)

// confine gives up what decoding does not need, once the inputs are open and
// before any of their frames is looked at. On interfaces it also ends being
// root. On files, where root may have been called for to read them, it does not
// unless it is told to; and nothing is refused for the lack of a sandbox.
func (o *options) confine(s Streams) error {
	capturing := len(o.interfaces) > 0 && len(o.pipes()) == 0
	if o.capturing.noSandbox {
		if capturing {
			notice(s.Err, "no sandbox: traffic is decoded with all rights of this process")
		}
		return nil
	}
	if s.Confine == nil {
		return nil
	}
	_ = time.Local.String() // reads the time zone, wherever TZ says that it is
	missing, err := s.Confine(sandbox.Policy{
		User:     o.capturing.user,
		KeepUser: !capturing,
		Read:     o.readable(),
		Write:    o.writable(),
		Capture:  capturing && o.capturing.wait,
	})
	switch {
	case err != nil && (capturing || o.capturing.user != ""):
		return misuse("--no-sandbox goes on without it", "sandbox: %w", err)
	case err != nil:
		notice(s.Err, "sandbox: "+err.Error())
	case capturing:
		for _, what := range missing {
			notice(s.Err, "sandbox: "+what)
		}
	}
	return nil
}

// confineTo gives up what is not needed to read captures and what belongs to
// them, and, to update, to write what is expected of them.
func confineTo(s Streams, fixtures []fixture.Fixture, update bool) {
	if s.Confine == nil {
		return
	}
	_ = time.Local.String() // as above
	p := sandbox.Policy{KeepUser: true}
	for i := range fixtures {
		f := &fixtures[i]
		// Keys may lie elsewhere than the capture and its expectation.
		p.Read = slices.Concat(p.Read, []string{f.Capture, f.Expected, filepath.Dir(f.Capture)}, f.Options.KeyLog, f.Options.RSAKey)
		if !update {
			continue
		}
		p.Write = append(p.Write, filepath.Dir(f.Expected))
		if linked, err := filepath.EvalSymlinks(f.Expected); err == nil {
			p.Write = append(p.Write, filepath.Dir(linked))
		}
	}
	slices.Sort(p.Read)
	slices.Sort(p.Write)
	p.Read, p.Write = slices.Compact(p.Read), slices.Compact(p.Write)
	if _, err := s.Confine(p); err != nil {
		notice(s.Err, "sandbox: "+err.Error())
	}
}

// readable are the files that are opened later. Of those that may be replaced,
// or are yet to be made, it is their folders.
func (o *options) readable() (paths []string) {
	if o.choosing.filter != nil && o.writing.name != "" && o.rereadable() {
		paths = append(paths, o.files...)
	}
	if o.capturing.follow {
		paths = append(paths, filepath.Dir(o.files[0]))
	}
	for _, name := range o.keys.logs { // they grow, or are not there yet
		if _, err := os.Stat(name); err != nil {
			name = filepath.Dir(name)
		}
		paths = append(paths, name)
	}
	return paths
}

// writable are the folders in which files are made, at the start and whenever
// one follows another.
func (o *options) writable() []string {
	if o.folder != "" {
		return []string{o.folder}
	}
	if o.writing.name == "" || o.writing.name == "-" {
		return nil
	}
	return []string{filepath.Dir(o.writing.name)}
}
