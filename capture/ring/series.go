package ring

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"talktrace/capture/pcapfile"
)

// open opens the first file.
func (r *Ring) open() error {
	name := r.o.Name
	if r.series {
		name = r.seriesName()
	}
	f := &file{name: name, ring: r}
	if err := f.create(); err != nil {
		return fmt.Errorf("%s: %w", name, withoutPath(err))
	}
	r.begin(f)
	return nil
}

// replace ends the file and begins one of that name. Where that is not possible
// frames are lost until the next time.
func (r *Ring) replace(name string) {
	r.finish()
	for r.o.Keep > 0 && len(r.names) >= r.o.Keep {
		if err := os.Remove(r.names[0]); err != nil && !errors.Is(err, os.ErrNotExist) {
			r.o.Say(fmt.Sprintf("an old file stays: %v", err))
		}
		r.names = r.names[1:]
	}
	f := &file{name: name, ring: r}
	if err := f.create(); err != nil {
		f.failed(err)
	}
	r.begin(f)
}

// begin makes f the file that is written to.
func (r *Ring) begin(f *file) {
	r.file, r.packets, r.spent = f, 0, false
	r.opened++
	if r.series && r.o.Keep > 0 && f.out != nil {
		r.names = append(r.names, f.name)
	}
	r.until = r.ends(r.time())
	r.writer = pcapfile.NewWriter(f, r.o.Format)
	r.extras.write(r.writer)
}

// finish ends the file, if there is one.
func (r *Ring) finish() {
	if r.file == nil {
		return
	}
	if r.o.Statistics != nil {
		for i, s := range r.o.Statistics() {
			r.writer.SetStatistics(i, s)
		}
	}
	_ = r.writer.Close() // the file has said and counted what went wrong
	r.file.close()
	r.size += r.writer.Size()
	r.lost += r.file.lost
	if n := len(r.names); n > 0 && r.file.lost > 0 && r.file.good == 0 {
		// An empty file is not to push one out that holds something.
		_ = os.Remove(r.names[n-1])
		r.names = r.names[:n-1]
	}
	r.file = nil
}

// ends returns when a file ends that is opened now.
func (r *Ring) ends(now time.Time) (until time.Time) {
	if r.o.Switch.Duration > 0 {
		until = now.Add(r.o.Switch.Duration)
	}
	if every := r.o.Switch.Interval; every > 0 {
		// A multiple as the clock on the wall has it: days begin at midnight.
		_, east := now.Zone()
		shift := time.Duration(east) * time.Second
		next := time.Duration(now.UnixNano()) + shift
		next += every - mod(next, every) - shift
		if at := time.Unix(0, int64(next)); until.IsZero() || at.Before(until) {
			until = at
		}
	}
	return until
}

// mod is the remainder of a division that rounds down.
func mod(a, b time.Duration) time.Duration { return (a%b + b) % b }

// seriesName returns the name of the next file: number and time stand before
// the suffix, as dumpcap puts them.
func (r *Ring) seriesName() string {
	base, suffix := splitSuffix(r.o.Name)
	return fmt.Sprintf("%s_%05d_%s%s", base, r.opened+1, r.time().Format("20060102150405"), suffix)
}

// splitSuffix cuts a name before its suffix, that of compression included.
func splitSuffix(name string) (base, suffix string) {
	base = name
	for _, ext := range []string{".gz", ".zst"} {
		base = strings.TrimSuffix(base, ext)
	}
	if ext := filepath.Ext(base); ext != filepath.Base(base) { // not a hidden file's whole name
		base = strings.TrimSuffix(base, ext)
	}
	return base, name[len(base):]
}
