package chat

import (
	"bytes"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"talktrace/report"
	"talktrace/report/escape"
)

// line is a line of the log, or one that goes on over several.
type line struct {
	at    int64
	talk  string // title of the conversation; empty for what belongs to none
	who   string // whose doing it is: it gives the colour
	name  string // what they are called
	text  string // what follows the name
	tick  uint8
	row   int
	conn  int
	gone  bool // it has been written
	byOwn bool // the connection's client has sent it
}

// Ticks, each of which includes those before it.
const (
	unticked  uint8 = iota
	onServer        // the server has it
	received        // the other's client has it
	displayed       // and has shown it
)

var ticks = [...]string{"", "  ✓", "  ✓✓", "  ✓✓ read"}

// add appends a line, unless nobody wants it.
func (w *Writer) add(l *line, parties ...string) {
	if w.hidden {
		l.gone = true
		return
	}
	if w.o.With != "" {
		wanted := false
		for _, p := range parties {
			wanted = wanted || strings.EqualFold(bare(p), w.o.With)
		}
		if !wanted {
			l.gone = true
			return
		}
	}
	w.held = append(w.held, l)
	if l.row != 0 {
		w.byRow[l.row] = l
	}
}

// spill writes the oldest lines until no more than so many are held. It does so
// in bulk, so that it need not move the others each time.
func (w *Writer) spill(most int) error {
	if len(w.held) <= most+most/2 {
		return nil
	}
	n := len(w.held) - most
	for _, l := range w.held[:n] {
		if err := w.write(l); err != nil {
			return err
		}
	}
	kept := copy(w.held, w.held[n:])
	clear(w.held[kept:])
	w.held = w.held[:kept]
	return nil
}

// margin is what stands in front of a line's text: a time of day, or as many
// spaces.
const margin = 10

// write writes a line, with the day and the conversation where they change.
func (w *Writer) write(l *line) error {
	l.gone = true
	delete(w.byRow, l.row)
	b := w.scratch[:0]
	at := time.Unix(0, l.at).In(w.o.Zone)
	if day := at.Format("Monday, 2 January 2006"); day != w.day {
		if w.day != "" {
			b = append(b, '\n')
		}
		w.day = day
		b = append(append(b, day...), '\n')
	}
	if l.talk != "" && l.talk != w.talk {
		w.talk = l.talk
		title := escape.Fit(nil, escape.Text(nil, []byte(l.talk)), w.o.Width-6)
		b = append(append(b, "\n── "...), title...)
		b = append(b, ' ')
		for n := escape.Width(title) + 4; n < w.o.Width; n++ {
			b = append(b, "─"...)
		}
		b = append(b, '\n')
	}
	b = at.AppendFormat(b, "15:04:05  ")
	b = w.text(b, l)
	w.scratch = b
	_, err := w.out.Write(b)
	return err
}

// text appends the name and the text of a line, wrapped.
func (w *Writer) text(dst []byte, l *line) []byte {
	f := fold{dst: dst, at: margin, width: w.o.Width}
	if l.name != "" {
		name := escape.Text(nil, []byte(l.name))
		if w.o.Color {
			f.dst = append(f.dst, paint(l.who)...)
		}
		f.dst = append(f.dst, name...)
		f.at += escape.Width(name)
		if w.o.Color {
			f.dst = append(f.dst, report.Unpaint...)
		}
	}
	first := true
	for part := range strings.SplitSeq(strings.TrimRight(l.text, " \t\r\n"), "\n") {
		if !first {
			f.turn()
		}
		f.add(escape.Text(nil, []byte(strings.TrimSuffix(part, "\r"))))
		first = false
	}
	f.dst = append(f.dst, ticks[l.tick]...)
	return append(f.dst, '\n')
}

// fold puts words on lines.
type fold struct {
	dst       []byte
	at, width int
}

// turn begins another line.
func (f *fold) turn() {
	f.dst = append(bytes.TrimRight(f.dst, " "), '\n')
	for range margin {
		f.dst = append(f.dst, ' ')
	}
	f.at = margin
}

// add appends text. A word that is longer than a line stays whole: it may be an
// address to be copied.
func (f *fold) add(text []byte) {
	for len(text) > 0 {
		n := bytes.IndexByte(text[1:], ' ') + 1
		if n == 0 {
			n = len(text)
		}
		word := text[:n]
		text = text[n:]
		cells := escape.Width(word)
		if f.at+cells > f.width && f.at > margin && word[0] == ' ' {
			f.turn()
			word, cells = word[1:], cells-1
		}
		f.dst = append(f.dst, word...)
		f.at += cells
	}
}

// palette holds colours that can be told apart on white and on black.
var palette = [...]byte{27, 160, 28, 130, 91, 30, 162, 94, 61, 166}

// paint returns the escape sequence of somebody's colour.
func paint(who string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(who))
	return "\x1b[38;5;" + strconv.Itoa(int(palette[h.Sum32()%uint32(len(palette))])) + "m"
}

// Bounds on what is kept of a text, in bytes.
const (
	maxText    = 4 << 10 // to be shown
	maxExcerpt = 256     // to be referred to
)

// clip shortens a text that is longer than so many bytes.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	more := len(text) - most
	return strings.ToValidUTF8(text[:most], "") + "… (" + strconv.Itoa(more) + " bytes more)"
}

// excerpt returns the beginning of what was said, in quotes.
func excerpt(text string) string {
	text, _, more := strings.Cut(text, "\n")
	b := escape.Text(nil, []byte(text))
	const cells = 32
	if b = escape.Fit(nil, b, cells); more && !bytes.HasSuffix(b, []byte("…")) {
		b = append(b, "…"...)
	}
	return "“" + string(b) + "”"
}
