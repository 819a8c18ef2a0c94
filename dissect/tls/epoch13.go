package tls

import (
	"talktrace/dissect"
)

// stage is where a direction is in the key schedule of TLS 1.3 (RFC 8446 section
// 7.1).
type stage uint8

const (
	stageClear stage = iota // also all of TLS 1.2 and before
	stageEarly
	stageHandshake
	stageApplication
)

// secretFor is the secret of a direction at a stage.
func secretFor(from dissect.Sender, at stage) (secretKind, bool) {
	switch {
	case at == stageEarly && from == dissect.Client:
		return earlySecret, true
	case at == stageHandshake:
		return clientHandshakeSecret + secretKind(from), true
	case at == stageApplication:
		return clientSecret + secretKind(from), true
	}
	return 0, false
}

// findKey13 gives a direction the opener of the stage it is at.
func (l *Layer) findKey13(c *dissect.Context, from dissect.Sender) {
	s := &l.sides[from].seal
	if l.server == nil && s.stage != stageEarly {
		return
	}
	s.epoch = l.epochAt(c, from, s.stage)
	if s.opener != nil || s.secret == nil || s.stage == stageEarly {
		return
	}
	s.dead = true
	if suite, ok := SuiteByID(l.server.Suite); ok && len(s.secret) == prfHash(suite)().Size() {
		l.notes = append(l.notes, noteUnsupported)
	} else {
		l.notes = append(l.notes, noteWrongKey)
	}
}

// epochAt returns what is known of a direction's stage.
func (l *Layer) epochAt(c *dissect.Context, from dissect.Sender, at stage) epoch {
	kind, ok := secretFor(from, at)
	if !ok || l.hello == nil {
		return epoch{stage: at}
	}
	e := epoch{stage: at, secret: l.options.Keys.find(&l.hello.Random, kind, c.Frame)}
	if e.secret == nil {
		return e
	}
	id := l.early.suite
	if at != stageEarly && l.server != nil {
		id = l.server.Suite
	}
	if suite, ok := SuiteByID(id); ok {
		e.opener = newOpener13(suite, e.secret)
	}
	return e
}

// lookAhead makes ahead the keys that may have come into use unseen: the message
// before the change was lost, or cannot be opened for want of its own key, or
// early data was refused (RFC 8446 section 4.2.10).
func (l *Layer) lookAhead(c *dissect.Context, from dissect.Sender) {
	s := &l.sides[from].seal
	switch {
	case s.ahead.opener != nil:
	case s.opener != nil && s.behind == 0 && s.stage != stageEarly:
	case s.stage < stageApplication:
		for at := max(s.stage, stageEarly) + 1; at <= stageApplication && s.ahead.opener == nil; at++ {
			s.ahead = l.epochAt(c, from, at)
		}
	case s.opener != nil:
		s.ahead = l.updatedEpoch(s)
	}
}

// updatedEpoch is the one that a KeyUpdate begins (RFC 8446 section 7.2).
func (l *Layer) updatedEpoch(s *seal) epoch {
	suite, ok := SuiteByID(l.server.Suite)
	if !ok {
		return epoch{}
	}
	secret := nextTrafficSecret(suite, s.secret)
	return epoch{opener: newOpener13(suite, secret), stage: stageApplication, secret: secret}
}

// jump makes those keys the ones in use.
func (l *Layer) jump(from dissect.Sender) {
	s := &l.sides[from].seal
	if s.stage == stageEarly { // without EndOfEarlyData
		l.decideEarly(earlyRefused)
	}
	if s.stage == stageApplication || s.stage == stageEarly && l.early.state == earlyAccepted {
		s.settle() // what was missed was data, or the message that ends it
	}
	s.epoch, s.ahead, s.seq = s.ahead, epoch{}, 0
}

// follow13 takes note of what a handshake message that has been opened means for
// the keys.
func (l *Layer) follow13(from dissect.Sender, message []byte) {
	s := &l.sides[from].seal
	switch message[0] {
	case encryptedExtensions:
		if l.early.taken {
			l.decideEarly(earlyAccepted)
		} else {
			l.decideEarly(earlyRefused)
		}
	case endOfEarlyData:
		if s.stage == stageEarly {
			l.decideEarly(earlyAccepted)
			s.enter(stageHandshake)
		}
	case finished:
		if s.stage == stageHandshake {
			s.enter(stageApplication)
		}
	case keyUpdate:
		if s.stage == stageApplication && s.opener != nil {
			next := l.updatedEpoch(s)
			s.enter(stageApplication)
			s.epoch = next
		}
	}
}

// startEpochs sets both directions to where they are behind a hello.
func (l *Layer) startEpochs(messageType byte) {
	client, server := &l.sides[dissect.Client].seal, &l.sides[dissect.Server].seal
	switch {
	case l.hello == nil: // it could not be read
	case messageType == clientHello && l.hello.has(extEarlyData) && l.server == nil:
		client.enter(stageEarly)
	case messageType == clientHello || !l.is13():
	case l.server.Retry:
		l.decideEarly(earlyRefused)
	default:
		server.enter(stageHandshake)
		if client.stage != stageEarly {
			behind := client.behind // of records captured before the ServerHello
			client.enter(stageHandshake)
			client.behind = behind
		}
		if !l.server.has(extPreSharedKey) {
			l.decideEarly(earlyRefused)
		}
	}
}
