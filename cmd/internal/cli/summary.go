package cli

import (
	"fmt"
	"io"
	"time"

	"talktrace/capture/live"
	"talktrace/capture/pcapfile"
	"talktrace/dissect"
	"talktrace/reassembly"
	"talktrace/report/escape"
)

// notice tells the user something that is no error, in a line.
func notice(w io.Writer, text string) {
	line := escape.Text([]byte("talktrace: "), []byte(text))
	_, _ = w.Write(append(line, '\n')) // there is nowhere left to complain
}

// count counts a row.
func (t *tracer) count(e *dissect.Event) {
	t.rows.Store(int64(e.No))
	if e.Missing > 0 && e.Kind == dissect.KindGap { // an element may be named so
		t.gaps.Add(1)
		t.lost.Add(e.Missing)
		t.cut.count(e)
	}
	if e.Step == dissect.SealedData {
		t.sealed++
	}
}

// summarize says how much there was, where the rows do not say it themselves.
func (t *tracer) summarize(w io.Writer) {
	frames, connections, recognized := t.run.Progress()
	rows := t.rows.Load()
	tell := func(text string, _ bool) { notice(w, text) }
	if v := t.o.verb; v != nil && v.notice != nil {
		tell = v.notice
	}
	if n := t.run.Stats().Evicted; n > 0 {
		tell(count(int64(n), "connection")+" forgotten before the end, to stay within bounds", false)
	}
	if t.sealed > 0 {
		tell(t.unopened(), true)
	}
	if text := t.cut.text(t.run.Stats(), rows == 0); text != "" {
		tell(text, rows > 0)
	}
	switch {
	case t.in.live:
		tell(t.summary(), false)
	case frames == 0:
		tell("there are no frames in the input", false)
	case rows == 0 && recognized == 0 && connections > 0:
		tell(t.seen()+", none of them XMPP; "+t.byForce()+" decodes a port by force", false)
	case rows == 0 || t.quiet || t.o.choosy() && t.kept.Load() == 0:
		tell(t.seen()+", "+t.counted(), false)
	}
}

// byForce is what decodes a port whatever is spoken on it.
func (t *tracer) byForce() string {
	if v := t.o.verb; v != nil && v.ports != "" {
		return v.ports
	}
	return "-d tcp.port==PORT,xmpp"
}

// cutFrames are the frames of which the capture lacks bytes that were wanted.
type cutFrames struct{ frames, latest, kept int }

// count counts a loss, if it is of this kind.
func (c *cutFrames) count(e *dissect.Event) {
	if e.Cut == 0 {
		return
	}
	if e.Frame != c.latest {
		c.frames++
		c.latest = e.Frame
	}
	c.kept = max(c.kept, e.Cut)
}

// text says how many there are, and what would have kept them whole; nothing
// where there are none. Where nothing was recognized, what is cut may be why.
func (c *cutFrames) text(s reassembly.Stats, nothing bool) string {
	n := *c
	if nothing {
		n.frames, n.kept = s.Cut, s.Kept
	}
	if n.frames == 0 {
		return ""
	}
	were := " were"
	if n.frames == 1 {
		were = " was"
	}
	return count(int64(n.frames), "frame") + were + " cut at " + count(int64(n.kept), "byte") + " when they were captured; with -s 0, tcpdump and talktrace keep all"
}

// unopened says how much of TLS could not be read, and what would help.
func (t *tracer) unopened() string {
	text := count(t.sealed, "record") + " of TLS could not be opened"
	if t.o.keys.any() {
		return text + ": the keys given do not open their connections"
	}
	if v := t.o.verb; v != nil && v.keys != "" {
		return text + "; " + v.keys
	}
	return text + "; --keylog FILE opens them"
}

// seen says what has been read so far.
func (t *tracer) seen() string {
	frames, connections, _ := t.run.Progress()
	return count(frames, "frame") + ", " + count(connections, "TCP connection")
}

// choosy reports whether rows are chosen by what they are, not just by who sent
// them.
func (o *options) choosy() bool {
	return o.choosing.filter != nil || o.writing.stream != allConnections
}

// counted says how many rows there have been, and how many of them the filter
// has let through.
func (t *tracer) counted() string {
	text := count(t.rows.Load(), "row")
	if !t.o.choosy() {
		return text
	}
	return fmt.Sprintf("%d of %s shown", t.kept.Load(), text)
}

// summary says how much there has been so far. It may be called at any time.
func (t *tracer) summary() string {
	text := t.seen() + ", " + t.counted() + ", " + count(t.gaps.Load(), "gap")
	if lost := t.lost.Load(); lost > 0 {
		text += " (" + count(lost, "byte") + " lost)"
	}
	if all := t.in.statistics(); len(all) > 0 {
		var sum pcapfile.Statistics
		for _, s := range all {
			sum.Dropped += s.Dropped
			sum.Missed += s.Missed
		}
		text += fmt.Sprintf("; %d dropped by the kernel, %d by the interface", sum.Dropped, sum.Missed)
	}
	return text + fmt.Sprintf("; %.1f s", time.Since(t.begun).Seconds())
}

// count says how many of something there are.
func count(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// statistics returns what was counted on the interfaces, by the number that
// their frames have; nil where nobody counts.
func (in *input) statistics() []pcapfile.Statistics {
	counting, ok := in.captured.(interface{ Stats() []live.Stats })
	if !ok {
		return nil
	}
	var all []pcapfile.Statistics
	for _, s := range counting.Stats() {
		all = append(all, pcapfile.Statistics{Received: s.Received, Dropped: s.Dropped, Missed: s.Missed})
	}
	return all
}
