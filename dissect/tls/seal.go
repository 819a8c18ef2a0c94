package tls

import "talktrace/dissect"

// seal is what is known of the protection of a direction's records.
type seal struct {
	epoch         // the keys that are in use
	ahead  epoch  // those that come next, where they had to be tried
	seq    uint64 // the number of the next record under these keys, if none was missed
	behind int    // by how many it may be higher
	failed int    // records in a row that could not be opened
	looked uint64 // the stamp of the keys when the epoch's key was not among them
	opened bool   // a record of this direction has been opened
	dead   bool   // no more records will be
	why    string // for Event.Sealed; empty where nothing more is known than that there is no key
	unread int64  // bytes that went by, or were lost, since the last record that was opened
	owed   int64  // bytes that the layer inside has to be told are lost
	closed bool   // its sender has said close_notify
}

// epoch is the time from one change of keys to the next. In TLS 1.3 it has a
// stage, and a secret that its keys follow from.
type epoch struct {
	opener opener // nil where there is no key, or none yet
	stage  stage
	secret []byte
}

const (
	// maxBehind bounds the numbers that are tried on a record after a loss.
	maxBehind = 256
	// maxFailed is how many records in a row may fail after some that did
	// not, before a direction is given up; maxUntried is how many where
	// there is no key for the records due but one for later ones.
	maxFailed  = 4
	maxUntried = 64
	// minRecord is the least that a sealed record takes on the wire.
	minRecord = headerSize + 8 + 1
)

// Why records stay closed, as Event.Sealed says it.
const (
	whyNoKey       = "no key"
	whyWrongKey    = "the key does not fit"
	whyUnsupported = "the cipher is not supported"
	whyLost        = "behind lost bytes"
	whyDamaged     = "damaged"
)

// sealed says why the record at hand stays closed, after the notes that it gets.
func (s *seal) sealed(notes []dissect.Note) string {
	for i := range notes {
		switch notes[i].ID {
		case noteWrongKey.ID:
			s.why = whyWrongKey
		case noteUnsupported.ID:
			s.why = whyUnsupported
		case noteStateLost.ID:
			s.why = whyLost
		}
	}
	switch {
	case s.why != "":
		return s.why
	case s.opener == nil:
		return whyNoKey
	case !s.opened:
		return whyWrongKey
	}
	return whyDamaged
}

// lose says that n bytes went by, or were lost, in which nobody knows the
// records. It reports whether what comes behind them can be opened, as far as the
// cipher goes.
func (s *seal) lose(n int64) bool {
	s.fallBehind(n/minRecord + 1)
	if s.opener == nil || s.dead || s.opener.lose() {
		return true
	}
	s.dead, s.why = true, whyLost
	return false
}

// fallBehind says that as many as n records may have gone uncounted.
func (s *seal) fallBehind(n int64) { s.behind = int(min(int64(s.behind)+n, maxBehind)) }

// enter begins an epoch whose keys are not yet known.
func (s *seal) enter(at stage) {
	s.epoch, s.ahead = epoch{stage: at}, epoch{}
	s.seq, s.behind, s.failed, s.looked = 0, 0, 0, 0
}

// succeed takes note that the record that was missed by n has been opened.
func (s *seal) succeed(n int) {
	if s.unread > 0 && n > 0 {
		lost := s.unread - int64(n)*int64(headerSize+s.opener.overhead())
		s.owed += max(lost, 1)
	}
	s.seq += uint64(n) + 1
	s.unread, s.behind, s.failed, s.opened = 0, 0, 0, true
}

// settle says that no more records come.
func (s *seal) settle() {
	s.owed += s.unread
	s.unread = 0
}
