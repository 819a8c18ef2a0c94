package analysis

import (
	"strconv"

	"talktrace/dissect"
)

func init() { watch(judge, func(a *Analysis) watcher { return &losses{a: a} }) }

var (
	captureLoss = kind(Kind{
		ID: "capture-loss", Severity: dissect.Warning, Title: "bytes of a connection are missing",
		Why:    "What was in them is not in the trace, and what is said about the connection may be wrong for lack of it.",
		Source: "RFC 9293 section 3.4",
	})
	captureResync = kind(Kind{
		ID: "capture-resync", Severity: dissect.Remark, Title: "parts of stanzas could not be read around a loss, or at the start",
		Why:    "Reading goes on with the next stanza that is certainly whole; what lies before it is left out.",
		Source: "RFC 6120 section 4.2",
	})
	captureCut = kind(Kind{
		ID: "capture-cut", Severity: dissect.Warning, Title: "frames were not captured whole",
		Why:    "The program that captured kept only so many bytes of a frame, so all stanzas that are longer are lost; -s 0 has tcpdump and talktrace keep all.",
		Source: "pcap(3PCAP), snapshot length",
	})
	xmlMalformed = kind(Kind{
		ID: "xml-malformed", Severity: dissect.Error, Title: "bytes that are no XML",
		Why:    "A stream ends with the first mistake in its XML, and so does everything that is under way in it.",
		Source: "RFC 6120 section 11.3",
	})
)

// losses adds up what is missing of connections.
type losses struct {
	a   *Analysis
	cut cut
}

// cut is what the capture did not keep of frames.
type cut struct {
	place        // the first of them
	conn         int
	frames, kept int
	conns        int
	bytes        int64
	latest       int // frame
}

// add counts a loss of this kind.
func (c *cut) add(r *Row) {
	if c.frames == 0 {
		c.place, c.conn = r.place(), r.Conn.Number
	}
	if r.Frame != c.latest {
		c.frames++
		c.latest = r.Frame
	}
	c.kept = max(c.kept, r.Cut)
	c.bytes += r.Missing
}

// missing is what is missing of a connection.
type missing struct {
	first place // the first loss
	gaps  int
	bytes int64

	cutOff  bool  // bytes were cut off by the capture
	damaged place // the first bytes that could not be read
	parts   int
	length  int
	cut     [2]fragment // the beginning of a stanza that each side may have lost the rest of
}

// fragment is a part of a stanza.
type fragment struct {
	place
	length int
}

// add counts bytes that could not be read.
func (m *missing) add(f fragment) {
	if m.parts == 0 {
		m.damaged = f.place
	}
	m.parts++
	m.length += f.length
}

func newMissing() *missing { return &missing{} }

// Row implements watcher.
func (w *losses) Row(r *Row) {
	switch r.Kind {
	case dissect.KindGap:
		w.gap(keep(r.Session, w, newMissing), r)
	case dissect.KindMalformed, dissect.KindUnfinished:
		f := fragment{r.place(), r.Length}
		switch {
		case !r.Session.Whole || r.Session.Lost:
			keep(r.Session, w, newMissing).add(f)
		case r.Kind == dissect.KindUnfinished: // by a loss, or by the end
			keep(r.Session, w, newMissing).cut[r.Sender] = f
		default:
			r.Note(xmlMalformed, "the %s sent %d bytes that are no XML", r.Sender, r.Length)
		}
	}
}

// gap counts a loss.
func (w *losses) gap(m *missing, r *Row) {
	if r.Cut > 0 {
		if !m.cutOff {
			m.cutOff = true
			w.cut.conns++
		}
		w.cut.add(r)
	} else {
		if m.gaps == 0 {
			m.first = r.place()
		}
		m.gaps++
		m.bytes += r.Missing
	}
	if f := &m.cut[r.Sender]; f.length > 0 {
		m.add(*f)
		*f = fragment{}
	}
}

// End implements watcher.
func (w *losses) End(*Row) {
	if c := w.cut; c.frames > 0 {
		w.a.late(captureCut, c.place, c.conn, "%s of %s cut at %s, so that %s missing; capture with -s 0", count(int64(c.frames), "frame", "frames"),
			count(int64(c.conns), "connection", "connections"), count(int64(c.kept), "byte", "bytes"), count(c.bytes, "byte is", "bytes are"))
	}
	for _, n := range w.a.numbers() {
		m, ok := w.a.conns[n].kept(w).(*missing)
		if !ok {
			continue
		}
		if m.gaps > 0 {
			w.a.late(captureLoss, m.first, n, "%s missing, in %s", count(m.bytes, "byte is", "bytes are"), count(int64(m.gaps), "place", "places"))
		}
		if m.parts > 0 {
			w.a.late(captureResync, m.damaged, n, "%s could not be read, in %s", count(int64(m.length), "byte", "bytes"), count(int64(m.parts), "place", "places"))
		}
	}
}

// count says how many there are.
func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(n, 10) + " " + many
}
