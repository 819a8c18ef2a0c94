package tls

import (
	"slices"

	"talktrace/dissect"
)

// early is data that a client sent right behind its ClientHello (RFC 8446
// section 2.3). It counts only if the server takes it, which is known later;
// until then it is kept.
type early struct {
	suite uint16 // that of its keys
	taken bool   // the server's EncryptedExtensions say so
	state earlyState
	kept  []earlyRecord
	size  int // of what is kept
}

type earlyState uint8

const (
	earlyUndecided earlyState = iota
	earlyAccepted
	earlyRefused
)

// earlyRecord is a record of early data that has been opened.
type earlyRecord struct {
	plain        []byte
	length       int // of the record
	first, frame int
	time         int64
}

// maxEarly bounds the early data that is kept until the server has decided.
const maxEarly = 20 << 10

// guessEarlySuite finds the suite of the early data. Before the server has
// spoken it is known only that the client offers it and that it goes with the
// secret's size; the first record shows which one it is.
func (l *Layer) guessEarlySuite(c *dissect.Context, rec []byte) {
	secret := l.options.Keys.find(&l.hello.Random, earlySecret, c.Frame)
	for _, id := range l.hello.Suites {
		suite, ok := SuiteByID(id)
		if o := newOpener13(suite, secret); ok && o != nil {
			if _, _, ok := o.open(nil, 0, rec); ok {
				l.early.suite = id
				l.sides[dissect.Client].seal.looked = 0
				return
			}
		}
	}
}

// takeEarly takes a record of early data that has been opened.
func (l *Layer) takeEarly(c *dissect.Context, from dissect.Sender, rec, plain []byte, frame int) {
	r := earlyRecord{plain: plain, length: len(rec), first: frame, frame: c.Frame, time: c.Time}
	switch {
	case l.early.state == earlyAccepted:
		l.deliverEarly(c, from, r)
	case l.early.state == earlyRefused || l.early.size+len(plain) > maxEarly:
		l.tellRefused(c, from, r)
	default:
		r.plain = slices.Clone(plain)
		l.early.size += len(plain)
		l.early.kept = append(l.early.kept, r)
	}
}

// decideEarly says what becomes of early data, unless that has been decided.
func (l *Layer) decideEarly(state earlyState) {
	if l.early.state == earlyUndecided {
		l.early.state = state
	}
}

// releaseEarly hands on what was kept, or tells that it did not count.
func (l *Layer) releaseEarly(c *dissect.Context) {
	kept := l.early.kept
	l.early.kept, l.early.size = nil, 0
	for _, r := range kept {
		if l.early.state == earlyAccepted {
			r.plain = c.Arena.Copy(r.plain)
			l.deliverEarly(c, dissect.Client, r)
		} else {
			l.tellRefused(c, dissect.Client, r)
		}
	}
}

// deliverEarly hands on a record of early data as of the frame that it came in.
func (l *Layer) deliverEarly(c *dissect.Context, from dissect.Sender, r earlyRecord) {
	at(c, r.frame, r.time, func() { l.deliver(c, from, r.plain, r.first) })
}

// tellRefused emits the row of early data that did not count.
func (l *Layer) tellRefused(c *dissect.Context, from dissect.Sender, r earlyRecord) {
	at(c, r.frame, r.time, func() {
		e := c.Emit(from, dissect.KindTLS)
		e.FirstFrame, e.Protocol, e.Layers, e.Length = r.first, l.protocol(), l.layers, r.length
		e.Info = c.Arena.Done(append(appendBytes(append(c.Arena.Begin(64), "early data, "...), len(r.plain)), ", not accepted by the server"...))
	})
}

// at calls do with the context set back to an earlier frame.
func at(c *dissect.Context, frame int, time int64, do func()) {
	now, then := c.Frame, c.Time
	c.Frame, c.Time = frame, time
	do()
	c.Frame, c.Time = now, then
}
