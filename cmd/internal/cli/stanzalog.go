package cli

import (
	"errors"
	"io"
	"os"
	"time"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/capture/stanzalog"
)

// openCapture opens a capture file or, where that is none, a log with stanzas in
// it. Of a log there is no *pcapfile.File.
func (in *input) openCapture(name string, stdin *os.File, hooks capture.Hooks) (capture.Source, *pcapfile.File, error) {
	f, err := in.openFile(name, stdin, hooks)
	if err == nil || !errors.Is(err, pcapfile.ErrNotCapture) {
		return f, f, err
	}
	if log := openLog(name); log != nil {
		return log, nil, nil
	}
	return nil, nil, err
}

// openAgain opens a capture file, or a log, that can be read twice.
func openAgain(name string) (capture.Source, error) {
	f, err := pcapfile.Open(name, nil, capture.Hooks{})
	if err == nil {
		return f, nil
	}
	if log := openLog(name); log != nil && errors.Is(err, pcapfile.ErrNotCapture) {
		return log, nil
	}
	return nil, err
}

// logFile is a log that is closed when it has been read.
type logFile struct {
	*stanzalog.Log
	file io.Closer
}

func (l *logFile) Close() error { return l.file.Close() }

// openLog opens a file that is a log with stanzas in it; it returns nil where it
// is none, or cannot be read twice.
func openLog(name string) capture.Source {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	plain, err := pcapfile.Decompress(f)
	if err == nil {
		if log := stanzalog.New(plain, stanzalog.Options{Name: name, Written: info.ModTime(), Zone: time.Local}); log != nil {
			return &logFile{log, f}
		}
	}
	_ = f.Close() // the file is none of ours
	return nil
}
