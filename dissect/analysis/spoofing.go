package analysis

import (
	"bytes"
	"strings"

	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return &spoofing{} }) }

var (
	spoofedCarbon = kind(Kind{
		ID: "carbon-spoofed", Severity: dissect.Error, Title: "a carbon copy that is not from the user's own account",
		Why:    "A client that believes it shows a message as from whomever the stranger likes (CVE-2017-5589 and its kin).",
		Source: "XEP-0280, security considerations",
	})
	spoofedArchive = kind(Kind{
		ID: "archive-spoofed", Severity: dissect.Error, Title: "an archived message from an archive that was not asked",
		Why:    "A client that believes it takes in a history that a stranger has made up (CVE-2020-26547 and its kin).",
		Source: "XEP-0313, security considerations",
	})
	spoofedRoster = kind(Kind{
		ID: "roster-push-spoofed", Severity: dissect.Error, Title: "a change of the contact list that is not from the user's own account",
		Why:    "A client that believes it lets a stranger put himself among the contacts, under any name.",
		Source: "RFC 6121 section 2.1.6",
	})
	senderForged = kind(Kind{
		ID: "sender-not-own", Severity: dissect.Warning, Title: "a client sends under an address that is not its own",
		Why:    "A server that passes it on lets its users speak for others; others end the stream.",
		Source: "RFC 6120 section 8.1.2.1",
	})
)

var (
	copySent     = need("xmpp.carbons.sent")
	copyReceived = need("xmpp.carbons.received")
	archived     = need("xmpp.mam.result")
	askedArchive = need("xmpp.mam.query")
	rosterItem   = need("xmpp.query.item.jid")
)

// spoofing looks for stanzas that only certain others may send.
type spoofing struct{}

// archives are those that a client has asked.
type archives map[key]bool

const maxArchives = 256

func newArchives() *archives { a := archives{}; return &a }

// Row implements watcher.
func (w *spoofing) Row(r *Row) {
	if r.Session.Servers || r.Session.JID == "" {
		return
	}
	switch r.Kind {
	case "message", "presence", "iq":
	default:
		return
	}
	if r.Sender == dissect.Client {
		w.client(r)
		return
	}
	switch r.Kind {
	case "message":
		w.message(r)
	case "iq":
		if item := rosterItem.in(r); item != nil && r.Type == "set" && fromSpace(item, "jabber:iq:roster") && !isOwn(r) {
			r.Note(spoofedRoster, "it is from %.80s", r.From)
		}
	}
}

// client looks at what the client sends.
func (w *spoofing) client(r *Row) {
	if askedArchive.own(r) != nil && r.Kind == "iq" && r.Type == "set" {
		if asked := *keep(r.Session, w, newArchives); len(asked) < maxArchives {
			asked[keyOf(bytes.ToLower(r.To))] = true
		}
	}
	c := r.Session
	if len(r.From) == 0 || strings.EqualFold(string(r.From), c.Bare()) {
		return
	}
	if bare, resource, full := strings.Cut(string(r.From), "/"); !strings.EqualFold(bare, c.Bare()) || full && c.Bare()+"/"+resource != c.JID && strings.Contains(c.JID, "/") {
		r.once(senderForged, "it is %.80s, and sends as %.80s", c.JID, r.From)
	}
}

// message looks at what comes as a copy of a message.
func (w *spoofing) message(r *Row) {
	switch {
	case copySent.own(r) != nil || copyReceived.own(r) != nil:
		if !isOwn(r) {
			r.Note(spoofedCarbon, "it is from %.80s", r.From)
		}
	case archived.own(r) != nil && !isOwn(r):
		asked, ok := r.Session.kept(w).(*archives)
		if ok && ((*asked)[keyOf(bytes.ToLower(r.From))] || len(*asked) >= maxArchives) {
			return
		}
		if ok || r.Session.Whole && !r.Session.Lost {
			r.Note(spoofedArchive, "it is from %.80s", r.From)
		}
	}
}

// isOwn reports whether a stanza that came to a client is from its own account,
// which may be named by no address at all.
func isOwn(r *Row) bool {
	return len(r.From) == 0 || strings.EqualFold(string(r.From), r.Session.Bare()) || string(r.From) == r.Session.JID
}

// End implements watcher.
func (*spoofing) End(*Row) {}
