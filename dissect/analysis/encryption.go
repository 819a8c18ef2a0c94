package analysis

import (
	"bytes"

	"talktrace/dissect"
)

func init() {
	watch(judge, func(a *Analysis) watcher { return &encryption{chats: newTable[place](a, "encrypted chats", 16<<10)} })
}

var encryptionDropped = kind(Kind{
	ID: "encryption-dropped", Severity: dissect.Warning, Title: "a chat that was encrypted end to end goes on unencrypted",
	Why:    "Neither side may have noticed; from here on the servers can read along.",
	Source: "XEP-0384, security considerations",
})

var omemo = need("xmpp.omemo")

// encryption follows which chats are encrypted end to end.
type encryption struct {
	chats *table[place] // the latest encrypted message, by the two accounts
	any   bool          // there was one
}

// Row implements watcher.
func (w *encryption) Row(r *Row) {
	if r.Kind != "message" || r.Type == "error" || r.Type == "headline" {
		return
	}
	if omemo.own(r) != nil {
		w.any = true
		w.chats.put(w.key(r), r.place())
		return
	}
	body := messageBody.own(r)
	if !w.any || body == nil || len(body.Text) == 0 || bytes.HasPrefix(body.Text, []byte("?OTR")) {
		return
	}
	k := w.key(r)
	if p, ok := w.chats.get(k); ok && p.no != 0 {
		w.chats.put(k, place{}) // until there is another encrypted one
		r.Note(encryptionDropped, "row %d was encrypted", p.no)
	}
}

// key names the chat that a message belongs to, whoever has sent it. In a room
// all are one side.
func (w *encryption) key(r *Row) key {
	a, b := w.end(r, r.From), w.end(r, r.To)
	if r.Type == "groupchat" {
		if r.Sender == dissect.Server {
			b = a
		}
		return keyOf([]byte("room"), b)
	}
	if bytes.Compare(a, b) > 0 {
		a, b = b, a
	}
	return keyOf(a, b)
}

// end names one end of a chat; the client's own is left out.
func (w *encryption) end(r *Row, jid []byte) []byte {
	if jid = bare(jid); len(jid) == 0 {
		jid = bare([]byte(r.Session.JID))
	}
	return bytes.ToLower(jid)
}

// End implements watcher.
func (w *encryption) End(*Row) {}
