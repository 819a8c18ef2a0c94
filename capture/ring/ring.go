// Package ring writes frames to capture files while they are captured: to one
// file or to a series, compressed or not, with an end where the user wants one.
//
// A Ring stands between the source and whoever looks into the frames (see
// capture.Tee), so that a frame is kept before anything is made of it. It never
// stands in the way: a disk that is full, or a frame that the format cannot
// hold, is said once and counted, and the frames go on.
//
// The files hold whole records only. What has been flushed is a complete file,
// whatever becomes of the program; flushing once a second is the caller's part,
// since only the caller knows of time while no frames come.
package ring

import (
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"sync"
	"time"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
)

// Limits say when a file ends and the next one begins. Those that are 0 do not
// count.
type Limits struct {
	Duration time.Duration // since the file was opened
	Interval time.Duration // the clock on the wall shows a multiple of it
	Size     int64         // bytes, of a compressed file before compression
	Packets  int
}

// Options say what to write, and when to stop.
type Options struct {
	Name   string   // the file, or what the names of a series are made of; "-" is Stdout
	Stdout *os.File // written to and not closed
	Format pcapfile.Format

	Switch Limits // with any of them set, a series of files is written
	Keep   int    // files of the series to keep; older ones are deleted; 0 keeps all
	Files  int    // no more frames are wanted after so many files; 0 is no limit
	Size   int64  // nor after so many bytes in all of them; 0 is no limit

	// Inputs are the files that are being read. None of them is written to.
	Inputs []fs.FileInfo
	// Now is the clock of a capture that is being taken. Without it, time is
	// what the frames say it is.
	Now func() time.Time
	// Statistics returns what was counted on the interfaces, by the number
	// that frames have; it may be nil.
	Statistics func() []pcapfile.Statistics
	// Say tells the user what went wrong, in a line; it may be nil.
	Say func(text string)
}

// Ring writes frames to files. It is a capture.Writer, and may be used by
// several goroutines.
type Ring struct {
	o      Options
	series bool

	mu      sync.Mutex
	now     time.Time // by the frames, where o.Now is nil
	file    *file     // nil before the first one and after the last
	writer  *pcapfile.Writer
	until   time.Time // when the file ends; zero if time does not end it
	packets int       // in the file
	spent   bool      // the next frame begins another file
	full    bool      // no more frames are wanted
	opened  int       // files so far
	size    int64     // bytes of the files before
	names   []string  // of files that exist, oldest first, where old ones are deleted
	lost    int       // frames that were not written
	unfit   int       // and those that the format cannot hold
	failing bool      // it has been said that frames are lost
	broken  error     // why standard output takes no more
	extras  extras
}

var _ capture.Writer = (*Ring)(nil)

// New opens the first file and returns a Ring that writes to it. A series whose
// clock is that of the frames opens it with the first of them.
func New(o Options) (*Ring, error) {
	r := &Ring{o: o, series: o.Switch != Limits{}}
	if r.o.Say == nil {
		r.o.Say = func(string) {}
	}
	if r.series && o.Now == nil {
		return r, nil
	}
	if err := r.open(); err != nil {
		return nil, err
	}
	return r, nil
}

// WriteFrame implements capture.Writer. It returns an error where the first
// file cannot be made, and io.EOF where there are enough frames.
func (r *Ring) WriteFrame(f *capture.Frame) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.o.Now == nil {
		r.now = time.Unix(0, f.Time)
	}
	if err := r.advance(); err != nil {
		return err
	}
	r.packets++
	r.file.waiting++
	if err := r.writer.WriteFrame(f); err != nil {
		r.file.waiting--
		if r.unfit++; r.unfit == 1 {
			r.o.Say(fmt.Sprintf("frame %d is not written to %s, nor are others like it: %v", f.Number, r.file.name, err))
		}
	}
	size := r.writer.Size()
	r.spent = reached(int64(r.packets), int64(r.o.Switch.Packets)) || reached(size, r.o.Switch.Size)
	r.full = r.full || r.spent && r.opened == r.o.Files || reached(r.size+size, r.o.Size)
	return nil
}

// reached reports whether n has come up to a limit, if there is one.
func reached(n, limit int64) bool { return limit > 0 && n >= limit }

// trouble says that a file cannot be written, if it has not been said yet. Where
// it is standard output, nothing is left to do.
func (r *Ring) trouble(f *file, err error) {
	if f.keep {
		r.broken, r.full = fmt.Errorf("standard output: %w", withoutPath(err)), true
		return
	}
	if !r.failing {
		r.o.Say(fmt.Sprintf("%s: %v; frames are no longer written", f.name, withoutPath(err)))
	}
	r.failing = true
}

// relief says that what was said before is over.
func (r *Ring) relief(f *file) {
	if r.failing {
		r.o.Say(f.name + ": frames are written again")
	}
	r.failing = false
}

// Full implements capture.Writer.
func (r *Ring) Full() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.full
}

// advance begins another file where it is time.
func (r *Ring) advance() error {
	switch {
	case r.full:
		return io.EOF
	case r.file == nil:
		return r.open()
	case !r.spent && !r.late():
		return nil
	case r.opened == r.o.Files:
		r.full = true
		return io.EOF
	}
	r.replace(r.seriesName())
	return nil
}

// late reports whether time has ended the file.
func (r *Ring) late() bool { return !r.until.IsZero() && !r.time().Before(r.until) }

func (r *Ring) time() time.Time {
	if r.o.Now != nil {
		return r.o.Now()
	}
	return r.now
}

// Flush makes the files complete as they are. It also begins another file where
// the clock ends one that holds frames.
func (r *Ring) Flush() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil {
		return
	}
	if r.packets > 0 && r.late() && r.o.Now != nil {
		_ = r.advance() // io.EOF, which Full tells as well
	}
	r.flush()
}

func (r *Ring) flush() {
	_ = r.writer.Flush() // the file has said and counted what went wrong
	r.file.flush()
}

// Rotate ends the file and begins another one: the next of a series, or one of
// the same name where the file has been moved away. Where it has not, the new
// file is called as that of a series. Standard output goes on as it is.
func (r *Ring) Rotate() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil || r.full || r.o.Name == "-" {
		return
	}
	name := r.o.Name
	if _, err := os.Lstat(name); r.series || err == nil {
		name = r.seriesName()
	}
	if r.opened == r.o.Files {
		r.full = true
		return
	}
	r.replace(name)
}

// Close completes the last file. The error says why standard output could not
// be written to, or how many frames are missing from the files, if any.
func (r *Ring) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finish()
	r.full = true
	if r.broken != nil {
		return r.broken
	}
	if missing := r.lost + r.unfit; missing > 0 {
		return &LossError{Name: r.o.Name, Frames: missing}
	}
	return nil
}

// LossError says that frames could not be written.
type LossError struct {
	Name   string
	Frames int
}

func (e *LossError) Error() string {
	if e.Frames == 1 {
		return e.Name + ": one frame could not be written"
	}
	return fmt.Sprintf("%s: %d frames could not be written", e.Name, e.Frames)
}

// WriteSecrets writes a Decryption Secrets Block into this file and those that
// follow; as a capture.Hooks.Secrets. Formats without one leave it out.
func (r *Ring) WriteSecrets(kind uint32, data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.extras.addSecrets(kind, data)
	if r.file != nil {
		_ = r.writer.WriteSecrets(kind, data) // the format has no place for it, or the file has said what is wrong
	}
}

// WriteName writes a name into this file and those that follow; as a
// capture.Hooks.Name. Formats without names leave it out.
func (r *Ring) WriteName(addr netip.Addr, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.extras.addName(addr, name) && r.file != nil {
		_ = r.writer.WriteName(addr, name) // likewise
	}
}
