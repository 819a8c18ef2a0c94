package chat

import (
	"strconv"
	"strings"
)

// call is a session that two have arranged, or are about to.
type call struct {
	told     map[string]bool // steps that have been told
	files    string          // what it is about, where it is no call
	answered int64           // when
}

// step is what is done with a session, in the words of all protocols.
type step string

const (
	calls    step = "calls"
	rings    step = "rings"
	answers  step = "answers"
	declines step = "declines"
	ends     step = "ends"
)

// announced are the steps of calls that messages announce (XEP-0353).
var announced = map[string]step{
	"propose": calls, "ringing": rings, "proceed": answers, "accept": answers,
	"reject": declines, "retract": ends, "finish": ends,
}

// arranged are the steps of sessions, of Jingle (XEP-0166) and of Google Talk.
var arranged = map[string]step{
	"session-initiate": calls, "session-accept": answers, "session-terminate": ends,
	"initiate": calls, "accept": answers, "reject": declines, "terminate": ends,
}

// called takes in a message that announces a call.
func (w *Writer) called(s *stanza) bool {
	c := s.child(s.n, "urn:xmpp:jingle-message:", "")
	if c < 0 {
		return false
	}
	w.arrange(s, c, announced[string(s.t.Local(c))], attr(s.t, c, "id"))
	return true
}

// session takes in an iq that arranges a session.
func (w *Writer) session(s *stanza) {
	if c := s.child(s.n, "urn:xmpp:jingle:", "jingle"); c >= 0 {
		w.arrange(s, c, arranged[attr(s.t, c, "action")], attr(s.t, c, "sid"))
		return
	}
	if c := s.child(s.n, "http://www.google.com/session", "session"); c >= 0 {
		w.arrange(s, c, arranged[attr(s.t, c, "type")], attr(s.t, c, "id"))
	}
}

// arrange tells of a step of a session, once.
func (w *Writer) arrange(s *stanza, n int32, what step, sid string) {
	if what == "" {
		return
	}
	key := sid + "\x00" + s.pair()
	c, ok := w.calls.get(key)
	if !ok {
		c = &call{told: map[string]bool{}}
		w.calls.put(key, c)
	}
	if c.told[string(what)] {
		return
	}
	c.told[string(what)] = true
	media, files := subject(s, n)
	if files != "" {
		c.files = files
	}
	l := &line{at: s.e.Time, talk: s.talk(), who: bare(s.from), name: short(s.from, s.to)}
	other := short(s.to, s.from)
	switch what {
	case calls:
		l.text = " 📞 calls " + other
		if c.files != "" {
			l.text = " 📎 offers " + other + " " + c.files
		} else if media != "" {
			l.text += " (" + media + ")"
		}
	case rings:
		l.text = " 📞 is being rung"
	case answers:
		c.answered = s.e.Time
		if l.text = " 📞 answers"; c.files != "" {
			l.text = " 📎 accepts " + c.files
		}
	case declines:
		if l.text = " 📞 declines"; c.files != "" {
			l.text = " 📎 declines " + c.files
		}
	case ends:
		w.over(s, n, c, l)
	}
	w.add(l, s.from, s.to)
}

// over tells how a session ends.
func (w *Writer) over(s *stanza, n int32, c *call, l *line) {
	why := ""
	if r := s.child(n, "", "reason"); r >= 0 {
		for x := s.t.Nodes[r].Child; x >= 0; x = s.t.Nodes[x].Next {
			if name := string(s.t.Local(x)); name != "text" {
				why = " (" + name + ")"
				break
			}
		}
	}
	switch {
	case c.files != "":
		l.text = " 📎 ends the transfer" + why
	case c.answered == 0:
		l.text = " 📞 gives up" + why
	default:
		l.text = " 📞 hangs up after " + strconv.FormatInt((s.e.Time-c.answered+5e8)/1e9, 10) + " s" + why
	}
}

// subject says what a session is about: which media, or which files.
func subject(s *stanza, n int32) (media, files string) {
	var all []string
	for _, d := range descriptions(s, n) {
		space := s.t.Nodes[d].Space
		switch {
		case strings.Contains(space, "file-transfer"):
			name := text(s.t, s.child(max(0, s.child(d, "", "file")), "", "name"))
			files = strings.TrimSpace("the file " + name)
		case space == "http://www.google.com/session/share":
			files = "files"
		case space == "http://www.google.com/session/phone":
			all = append(all, "audio")
		case space == "http://www.google.com/session/video":
			all = append(all, "audio", "video")
		default:
			if m := attr(s.t, d, "media"); m != "" {
				all = append(all, m)
			}
		}
	}
	return strings.Join(all, ", "), files
}

// descriptions returns the descriptions of a session's contents, whether they
// stand in contents or by themselves.
func descriptions(s *stanza, n int32) (all []int32) {
	const most = 16
	for c := s.t.Nodes[n].Child; c >= 0 && len(all) < most; c = s.t.Nodes[c].Next {
		switch string(s.t.Local(c)) {
		case "description":
			all = append(all, c)
		case "content":
			if d := s.child(c, "", "description"); d >= 0 {
				all = append(all, d)
			}
		}
	}
	return all
}
