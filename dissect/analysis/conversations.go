package analysis

func init() {
	watch(sequel, func(a *Analysis) watcher {
		return &conversations{begun: newTable[place](a, "conversations", 16<<10)}
	})
}

var (
	jingleSID    = need("xmpp.jingle.sid")
	jingleAction = need("xmpp.jingle.action")
	inbandSID    = need("xmpp.ibb.sid")
	inbandOpen   = need("xmpp.ibb.open")
	socksSID     = need("xmpp.query.sid")
	offerID      = need("xmpp.si.id")
	commandID    = need("xmpp.command.sessionid")
	callID       = need("xmpp.jingle-message.id")
	callProposed = need("xmpp.jingle-message.propose")
	archiveFin   = need("xmpp.mam.fin")
	archiveID    = need("xmpp.mam.queryid")
)

// conversations finds the row with which began what a row goes on with: a Jingle
// session (XEP-0166), an ad-hoc command (XEP-0050), a bytestream (XEP-0047,
// XEP-0065), a query of an archive (XEP-0313), or a dialback (XEP-0220).
type conversations struct {
	begun *table[place]
}

// Row implements watcher.
func (w *conversations) Row(r *Row) {
	switch r.Kind {
	case "iq":
		if r.Type == "get" || r.Type == "set" {
			w.request(r)
		} else if id := commandID.ownText(r); id != nil && r.Request != 0 { // the first answer names the session
			w.begin(w.key(r, "command", id), place{no: r.Request, time: r.Time - r.RTT})
		}
	case "message":
		w.message(r)
	case "result", "verify":
		if r.XMLNS == "jabber:server:dialback" {
			w.dialback(r)
		}
	}
}

// request looks at a request that may begin a conversation or go on with one.
func (w *conversations) request(r *Row) {
	if id := jingleSID.ownText(r); id != nil {
		w.follow(r, w.key(r, "jingle", id), string(jingleAction.ownText(r)) == "session-initiate")
	} else if id := inbandSID.ownText(r); id != nil {
		w.follow(r, w.key(r, "ibb", id), inbandOpen.has(r))
	} else if id := offerID.ownText(r); id != nil {
		w.begin(w.key(r, "bytestream", id), r.place())
	} else if id := socksSID.ownText(r); id != nil {
		w.follow(r, w.key(r, "bytestream", id), false)
	} else if id := commandID.ownText(r); id != nil {
		w.follow(r, w.key(r, "command", id), false)
	} else if askedArchive.own(r) != nil {
		w.begin(w.key(r, "archive", archiveID.ownText(r)), r.place())
	}
}

// message looks at a message that belongs to a conversation.
func (w *conversations) message(r *Row) {
	if id := callID.ownText(r); id != nil {
		w.follow(r, w.key(r, "call", id), callProposed.has(r))
	} else if archived.own(r) != nil || archiveFin.own(r) != nil {
		if p, ok := w.begun.get(w.key(r, "archive", archiveID.ownText(r))); ok {
			r.pair(p)
		}
	} else if id := inbandSID.ownText(r); id != nil {
		w.follow(r, w.key(r, "ibb", id), false)
	}
}

// follow says which row began what the row belongs to, which is the row itself
// if there is none.
func (w *conversations) follow(r *Row, k key, anew bool) {
	if p, ok := w.begun.get(k); ok && !anew {
		r.pair(p)
		return
	}
	w.begin(k, r.place())
}

func (w *conversations) begin(k key, p place) { w.begun.put(k, p) }

// key names a conversation: ids are unique between two, who may both be on the
// wire, and each of them sees a row of its own.
func (w *conversations) key(r *Row, matter string, id []byte) key {
	return keyOf([]byte(matter), r.number(), id)
}

// dialback matches the verdict on a key with the row that showed it. The id of a
// result is that of the stream, and stands in the answer alone.
func (w *conversations) dialback(r *Row) {
	id := r.ID
	if r.Kind == "result" {
		id = nil
	}
	if r.Type == "" {
		w.begin(keyOf([]byte(r.Kind), r.number(), r.From, r.To, id), r.place())
	} else if p, ok := w.begun.get(keyOf([]byte(r.Kind), r.number(), r.To, r.From, id)); ok {
		r.pair(p)
	}
}

// End implements watcher.
func (w *conversations) End(*Row) {}
