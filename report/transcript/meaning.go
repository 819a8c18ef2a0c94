package transcript

import (
	"regexp"
	"strconv"
	"strings"

	"talktrace/dissect"
)

// A meaning is what a value is for, where the value itself is another one in
// each run. Its values are called by it: id:1, id:2.
const (
	meansTime     = "time"     // written as "stamp"
	meansPort     = "port"     // port:a, port:b
	meansID       = "id"       // of stanzas, messages, archives, sessions of Jingle
	meansStream   = "stream"   // ids of streams
	meansSession  = "session"  // what a session is taken up again with (XEP-0198, XEP-0124)
	meansResource = "resource" // of the addresses that clients are given
	meansNonce    = "nonce"    // what is made up to be hard to guess
	meansURL      = "url"      // places for uploads; the host is kept
	meansVersion  = "version"  // of a roster
	meansHash     = "hash"     // of certificates
	meansIdle     = "idle"     // rows that come when they come, which are left out: white space, empty bodies of BOSH, TLS session tickets
	meansSet      = "set"      // the order of what has none: features, mechanisms, the items of a roster; it is sorted
)

// Meanings lists what Options.Keep knows.
func Meanings() []string {
	return []string{
		meansTime, meansPort, meansID, meansStream, meansSession, meansResource, meansNonce, meansURL, meansVersion, meansHash, meansIdle, meansSet,
	}
}

// meanings are those of fields that neither their type nor the end of their
// name tells.
var meanings = map[string]string{
	"x509.sha256":                                     meansHash,
	"xmpp.sm.id":                                      meansSession,
	"xmpp.sm.previd":                                  meansSession,
	"xmpp.dialback.id":                                meansStream,
	"xmpp.roster.ver":                                 meansVersion,
	"xmpp.muclight.version":                           meansVersion,
	"xmpp.upload.put":                                 meansURL,
	"xmpp.upload.get":                                 meansURL,
	"xmpp.rsm.first":                                  meansID,
	"xmpp.rsm.last":                                   meansID,
	"xmpp.rsm.after":                                  meansID,
	"xmpp.rsm.before":                                 meansID,
	"xmpp.mam.queryid":                                meansID,
	"xmpp.message.thread":                             meansID,
	"xmpp.message.thread.parent":                      meansID,
	"xmpp.conference.thread":                          meansID,
	"xmpp.muc-user-x.invite.thread":                   meansID,
	"xmpp.muc-user-x.decline.thread":                  meansID,
	"xmpp.pubsub.retract":                             meansID,
	"xmpp.jingle-message.migrated":                    meansID,
	"xmpp.sxe.session":                                meansID,
	"xmpp.omemo.key.rid":                              meansID,
	"xmpp.omemo.device":                               meansID,
	"xmpp.mix.participant-id":                         meansID,
	"xmpp.iq.bind.resource":                           meansResource,
	"xmpp.legacyauth.resource":                        meansResource,
	"xmpp.channel.localport":                          meansPort,
	"xmpp.channel.remoteport":                         meansPort,
	"xmpp.register.key":                               meansNonce,
	"xmpp.legacyauth.digest":                          meansNonce,
	"xmpp.component.handshake.digest":                 meansNonce,
	"xmpp.omemo.identity-key":                         meansNonce,
	"xmpp.jingle.content.transport.ufrag":             meansNonce,
	"xmpp.jingle.content.transport.pwd":               meansNonce,
	"xmpp.jingle.content.transport.dstaddr":           meansNonce,
	"xmpp.jingle.content.transport.fingerprint.value": meansNonce,
	"xmpp.jingle.content.description.encryption.zrtp-hash.value": meansNonce,
	"xmpp.jingle.content.transport.candidate.port":               meansPort,
	"xmpp.jingle.content.transport.candidate.rel-port":           meansPort,
	"xmpp.jingle.content.transport.remote-candidate.port":        meansPort,
	"xmpp.jingle.content.transport.candidate.foundation":         meansNonce,
	"xmpp.jingle.content.description.ssrc":                       meansNonce,
	"xmpp.jingle.content.security.fingerprint":                   meansNonce,
	"xmpp.jingle.source.ssrc":                                    meansNonce,
	"xmpp.jingle.source.parameter.value":                         meansNonce,
	"xmpp.jingle.ssrc-group.ssrc":                                meansNonce,
	"xmpp.gtalk.session.candidate.port":                          meansPort,
	"xmpp.gtalk.session.candidate.username":                      meansNonce,
	"xmpp.gtalk.session.candidate.password":                      meansNonce,
	"xmpp.gtalk.session.description.src-id":                      meansNonce,
	"xmpp.gtalk.mail-signature":                                  meansNonce,
	"xmpp.command.sessionid":                                     meansID,
	"xmpp.bosh.authid":                                           meansStream,
	"xmpp.bosh.rid":                                              meansNonce, // the first one is made up, and who polls counts on
	"xmpp.bosh.ack":                                              meansNonce,
	"xmpp.bosh.report":                                           meansNonce,
	"xmpp.bosh.key":                                              meansNonce,
	"xmpp.bosh.newkey":                                           meansNonce,
	"xmpp.bosh.time":                                             meansTime,
	"xmpp.last.seconds":                                          meansTime,
	"xmpp.expire.stored":                                         meansTime,
	"xmpp.oauth.timestamp":                                       meansTime,
	"xmpp.oauth.nonce":                                           meansNonce,
	"xmpp.oauth.signature":                                       meansNonce,
	"xmpp.services.username":                                     meansNonce, // tells until when it is valid
	"xmpp.turn.username":                                         meansNonce,
	"xmpp.push.node":                                             meansNonce,
	"xmpp.muc.unique.name":                                       meansNonce,
	"xmpp.muc.affiliations.since":                                meansVersion,
	"xmpp.jingle.content.description.payload-type.id":            "", // numbers of codecs
	"xmpp.jingle.content.description.rtp-hdrext.id":              "",
	"xmpp.jingle.content.transport.channel.id":                   "",
}

// meaningOf returns the meaning of a field's values, "" where they are the same
// in each run.
func meaningOf(def *dissect.FieldDef, e *dissect.Event) string {
	if def.Type == dissect.Time {
		return meansTime
	}
	if m, known := meanings[def.Name]; known {
		return m
	}
	if def.Name == "xmpp.id" && (e.Kind == dissect.KindStream || e.Kind == "open") {
		return meansStream
	}
	for _, end := range [...]string{".id", ".sid", ".cid"} {
		if strings.HasSuffix(def.Name, end) && def.Name != "xmpp.bob.cid" && strings.HasPrefix(def.Name, "xmpp.") {
			return meansID
		}
	}
	return ""
}

// dateTime matches a point in time as XMPP writes it (XEP-0082), and nothing else.
var dateTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`)

// ephemeral is the first of the ports that systems give out by themselves.
const ephemeral = 32768

// meaningOfValue returns the meaning of a value whose field may hold much else.
func meaningOfValue(name, value string) string {
	switch name {
	case chosenValue: // of a form, such as the start and the end of what an archive is asked for
		if dateTime.MatchString(value) {
			return meansTime
		}
	case "xmpp.query.streamhost.port": // of a client that listens, or of a proxy
		if port, err := strconv.Atoi(value); err == nil && port >= ephemeral {
			return meansPort
		}
	}
	return ""
}

// wellKnown reports whether the id of an item is one that the protocol or an
// application gives it: a word such as "current", an address, a namespace.
func wellKnown(name, value string) bool {
	if !strings.HasPrefix(name, "xmpp.pubsub.") {
		return false
	}
	if strings.ContainsAny(value, "@/") || strings.HasPrefix(value, "urn:") {
		return true
	}
	if len(value) > 24 {
		return false
	}
	for _, c := range value {
		if (c < 'a' || c > 'z') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// tellsTLS reports whether a fact of rows is about their TLS handshake.
func tellsTLS(name string) bool {
	return strings.HasPrefix(name, "tls.") || strings.HasPrefix(name, "x509")
}
