package tls

import (
	"fmt"
	"slices"

	"talktrace/dissect"
)

// take deals with a record whose turn it is: it opens it where that is called
// for and possible, and tells of it.
func (l *Layer) take(c *dissect.Context, from dissect.Sender, rec []byte, frame int) {
	if l.isSealed(from, rec) {
		l.takeSealed(c, from, rec, frame)
	} else {
		l.tell(c, from, frame, clearRecord(rec))
	}
	if l.early.state != earlyUndecided && len(l.early.kept) > 0 {
		l.releaseEarly(c)
	}
}

// takeSealed is take for a record that is protected.
func (l *Layer) takeSealed(c *dissect.Context, from dissect.Sender, rec []byte, frame int) {
	contentType, plain, ok := l.open(c, from, rec)
	switch {
	case !ok:
		l.stayClosed(c, from, rec, frame)
	case l.sides[from].seal.closed:
		l.malformed(c, from, rec, frame, "a record behind close_notify", noteAfterClose)
	case contentType == applicationData && l.sides[from].seal.stage == stageEarly:
		l.takeEarly(c, from, rec, plain, frame)
	case contentType == applicationData && l.options.Inner != nil:
		l.deliver(c, from, plain, frame)
	default:
		l.tell(c, from, frame, told{contentType, plain, len(rec), true})
	}
}

// isSealed reports whether a record is protected.
func (l *Layer) isSealed(from dissect.Sender, rec []byte) bool {
	s := &l.sides[from]
	switch {
	case rec[0]&0x80 != 0:
		return false
	case l.is13() || l.server == nil:
		// Before the server has spoken, only early data is.
		return rec[0] == applicationData
	case s.changed:
		return true
	}
	// The ChangeCipherSpec was lost.
	if rec[0] == applicationData || rec[0] == handshake && len(rec) > headerSize && l.isUnreadable(from, rec[headerSize:]) {
		behind := s.seal.behind
		l.changeCipher(from)
		s.seal.behind = max(behind, 1)
		return true
	}
	return false
}

func (l *Layer) is13() bool { return l.server != nil && l.server.Version >= versionTLS13 }

// open opens a sealed record into the arena.
func (l *Layer) open(c *dissect.Context, from dissect.Sender, rec []byte) (contentType byte, plain []byte, ok bool) {
	s := &l.sides[from].seal
	if s.dead {
		return 0, nil, false
	}
	if !l.findKey(c, from) {
		return 0, nil, false
	}
	if s.opener != nil {
		for n := 0; n <= s.behind; n++ {
			if contentType, plain, ok = s.opener.open(c.Arena.Begin(len(rec)), s.seq+uint64(n), rec); ok {
				s.succeed(n)
				return contentType, c.Arena.Done(plain), true
			}
		}
	}
	for n := 0; n <= s.behind && s.ahead.opener != nil; n++ {
		if contentType, plain, ok = s.ahead.opener.open(c.Arena.Begin(len(rec)), uint64(n), rec); ok {
			l.jump(from)
			s.succeed(n)
			return contentType, c.Arena.Done(plain), true
		}
	}
	return 0, nil, false
}

// findKey makes sure that a direction has its openers, if their keys are known.
// It reports whether it has any.
func (l *Layer) findKey(c *dissect.Context, from dissect.Sender) bool {
	s := &l.sides[from].seal
	if s.opener == nil && s.ahead.opener == nil && !s.dead {
		stamp := l.options.Keys.stamp(c.Frame)
		if stamp != 0 && stamp == s.looked {
			return false
		}
		s.looked = stamp
		if l.is13() || l.server == nil {
			l.findKey13(c, from)
		} else {
			l.findKey12(c, from)
		}
	}
	if l.is13() && !s.dead {
		l.lookAhead(c, from)
	}
	return s.opener != nil || s.ahead.opener != nil
}

// The findings on records that cannot be opened.
var (
	noteWrongKey = dissect.Note{
		Severity: dissect.Warning, ID: "tls-wrong-key",
		Text: "the key known for this connection does not open it",
	}
	noteDamaged = dissect.Note{
		Severity: dissect.Error, ID: "tls-bad-mac",
		Text: "the record does not pass its integrity check",
	}
	noteOutOfStep = dissect.Note{
		Severity: dissect.Warning, ID: "tls-out-of-step",
		Text: "several records in a row could not be opened; this direction is given up",
	}
	noteStateLost = dissect.Note{
		Severity: dissect.Warning, ID: "tls-state-lost",
		Text: "the cipher's state runs on from record to record: nothing behind the loss can be opened",
	}
	noteAfterClose = dissect.Note{
		Severity: dissect.Warning, ID: "tls-data-after-close",
		Text: "its sender had said close_notify",
	}
	noteUnsupported = dissect.Note{
		Severity: dissect.Remark, ID: "tls-unsupported-cipher",
		Text: "the key is known, but the cipher is not supported",
	}
)

// stayClosed tells of a sealed record that was not opened, and decides what that
// means for those to come.
func (l *Layer) stayClosed(c *dissect.Context, from dissect.Sender, rec []byte, frame int) {
	s := &l.sides[from].seal
	s.unread += int64(len(rec))
	switch {
	case s.dead:
	case s.opener == nil:
		// Without a key: count, for there may be one later.
		if s.seq++; l.is13() || l.server == nil {
			s.seq = 0
			s.fallBehind(1)
		}
		if s.ahead.opener != nil {
			l.giveUpAfter(s, maxUntried)
		}
	case s.stage == stageEarly:
		// It may be data that the server refuses, or be sealed with the keys
		// that come next.
		l.giveUpAfter(s, maxUntried)
	case !s.opened && s.behind == 0:
		s.dead = true
		l.notes = append(l.notes, noteWrongKey)
	case s.behind == 0:
		s.opener.pass(rec)
		s.behind = 1 // it may have been one that the receiver did not count
		l.giveUpAfter(s, maxFailed)
		l.malformed(c, from, rec, frame, fmt.Sprintf("damaged record, %d bytes", len(rec)-headerSize), noteDamaged)
		return
	default:
		s.opener.pass(rec)
		s.fallBehind(1)
		l.giveUpAfter(s, maxFailed)
	}
	l.tell(c, from, frame, clearRecord(rec))
}

// giveUpAfter gives a direction up after so many failures in a row.
func (l *Layer) giveUpAfter(s *seal, failures int) {
	if s.failed++; s.failed >= failures {
		s.dead = true
		l.notes = append(l.notes, noteOutOfStep)
	}
}

// malformed emits the row of a record that must not be shown as what it says.
func (l *Layer) malformed(c *dissect.Context, from dissect.Sender, rec []byte, frame int, info string, note dissect.Note) {
	e := c.Emit(from, dissect.KindMalformed)
	e.FirstFrame, e.Protocol, e.Layers, e.Length = frame, l.protocol(), l.layers, len(rec)
	e.Info = c.Arena.Printf("%s", info)
	if note.ID == noteDamaged.ID {
		e.Sealed = whyDamaged
	}
	e.Notes, l.notes = slices.Concat(l.notes, []dissect.Note{note}), nil
}
