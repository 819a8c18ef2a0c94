package cli

import (
	"net/netip"
	"slices"
	"strings"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
)

// losses are what an input holds and the file that is written of it does not.
type losses struct {
	format pcapfile.Format
	kinds  []string // in the order in which they came up, each once
	latest string
}

const nanoseconds = "nanoseconds, which -F nsecpcap keeps"

// add takes note of a kind of thing that is lost.
func (l *losses) add(kind string) {
	if kind == l.latest {
		return
	}
	if l.latest = kind; !slices.Contains(l.kinds, kind) {
		l.kinds = append(l.kinds, kind)
	}
}

// name takes note of a name of an address.
func (l *losses) name(netip.Addr, string) {
	if l.format != pcapfile.PcapNG {
		l.add("names of addresses")
	}
}

// before returns a writer that sees frames before w does.
func (l *losses) before(w capture.Writer) capture.Writer {
	if l.format == pcapfile.PcapNG {
		return w
	}
	return &lossy{w, l}
}

// lossy writes frames to a pcap file.
type lossy struct {
	capture.Writer
	losses *losses
}

// WriteFrame implements capture.Writer.
func (w *lossy) WriteFrame(f *capture.Frame) error {
	if f.Comment != "" {
		w.losses.add("comments on frames")
	}
	if o := f.Origin; f.Interface > 0 || o != nil && (o.Name != "" || o.Description != "" || o.Filter != "") {
		w.losses.add("which interface frames came in on")
	}
	if w.losses.format == pcapfile.Pcap && f.Time%1000 != 0 {
		w.losses.add(nanoseconds)
	}
	return w.Writer.WriteFrame(f)
}

// tell says what was lost, if anything.
func (l *losses) tell(say func(text string)) {
	if len(l.kinds) > 0 {
		say("not written: " + strings.Join(l.kinds, "; "))
	}
}
