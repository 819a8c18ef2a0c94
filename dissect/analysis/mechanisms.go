package analysis

import (
	"slices"
	"strings"

	"talktrace/dissect"
)

func init() {
	watch(judge, func(a *Analysis) watcher {
		return &mechanisms{offers: newTable[*offer](a, "servers", 8192)}
	})
}

var (
	plainOnly = kind(Kind{
		ID: "sasl-plain-only", Severity: dissect.Remark, Title: "passwords can be sent to the server only as they are",
		Why:    "The server gets to see every password, and so does whoever gets between under a false certificate.",
		Source: "RFC 6120 section 13.8.1",
	})
	weakMechanism = kind(Kind{
		ID: "sasl-weak-mechanism", Severity: dissect.Warning, Title: "a login by a mechanism that is obsolete",
		Why:    "What it sends lets passwords be guessed offline, and it does not protect against somebody in between.",
		Source: "RFC 6331",
	})
	weakerChosen = kind(Kind{
		ID: "sasl-weaker-chosen", Severity: dissect.Remark, Title: "the client takes a weaker mechanism than the best on offer",
		Why:    "It may know no better one; or it has been made to.",
		Source: "RFC 7677",
	})
	mechanismsVary = kind(Kind{
		ID: "sasl-mechanisms-vary", Severity: dissect.Warning, Title: "the same server offers other mechanisms on another connection",
		Why:    "Somebody on the way may have taken the strong ones out; or not all machines behind the name are set up alike.",
		Source: "XEP-0474",
	})
	bindingUntold = kind(Kind{
		ID: "channel-binding-untold", Severity: dissect.Remark, Title: "channel binding is on offer, but not which kind",
		Why:    "Clients have to guess the kind, and fail where they guess wrong.",
		Source: "XEP-0440",
	})
	bindingUnknown = kind(Kind{
		ID: "channel-binding-not-offered", Severity: dissect.Warning, Title: "the client uses a kind of channel binding that is not on offer",
		Why:    "The login will fail; or somebody on the way has changed the offer.",
		Source: "XEP-0440",
	})
	bindingFails = kind(Kind{
		ID: "channel-binding-mismatch", Severity: dissect.Error, Title: "the login is bound to another TLS connection",
		Why:    "The two sides are not on the same TLS connection: somebody is in between, or ends TLS for the server.",
		Source: "RFC 5802 section 6",
	})
)

var (
	bindingTypes = need("xmpp.channel-binding.type")
	scramBinding = need("xmpp.scram.channel-binding")
	scramError   = need("xmpp.scram.error")
)

// mechanisms looks at the SASL mechanisms that are on offer and in use.
type mechanisms struct {
	offers *table[*offer] // by server
}

// offer is what a server offers for a login.
type offer struct {
	place
	mechanisms []string // sorted
	bindings   []string
	cut        bool // there is more than is kept
}

// offerKey is the key under which a connection's offer is kept: one for each
// profile of SASL.
type offerKey struct{ second bool }

const nsSASL2 = "urn:xmpp:sasl:2"

func newOffer() *offer { return &offer{} }

// offerOf returns what the server has offered for logins such as the row's, nil
// where that is not known.
func (r *Row) offerOf() *offer {
	o, _ := r.Session.kept(offerKey{r.XMLNS == nsSASL2}).(*offer)
	return o
}

// What is kept of an offer. Names of mechanisms have 20 characters at most (RFC
// 4422 section 3.1).
const (
	maxOffered     = 64
	maxOfferedName = 64 // bytes
)

// Row implements watcher.
func (w *mechanisms) Row(r *Row) {
	switch r.Kind {
	case "features":
		if offeredMechanism.has(r) {
			w.features(r, offeredMechanism, false)
		}
		if sasl2Mechanism.has(r) {
			w.features(r, sasl2Mechanism, true)
		}
	case "auth", "authenticate":
		if r.Sender == dissect.Client {
			w.login(r)
		}
	case "challenge", "success":
		if e := scramError.text(r); strings.HasPrefix(string(e), "channel-binding") {
			r.once(bindingFails, "the server says: %.60s", e)
		}
	}
}

// features takes in an offer in one profile of SASL.
func (w *mechanisms) features(r *Row, list *field, second bool) {
	o := keep(r.Session, offerKey{second}, newOffer)
	o.place, o.cut = r.place(), false
	o.mechanisms, o.bindings = o.texts(list, r), o.texts(bindingTypes, r)
	slices.Sort(o.mechanisms)
	if r.sealed() && o.has("PLAIN") && !slices.ContainsFunc(o.mechanisms, func(m string) bool { return rank(m) > rank("PLAIN") }) {
		r.once(plainOnly, "")
	}
	if len(o.bindings) == 0 && slices.ContainsFunc(o.mechanisms, isBinding) {
		r.once(bindingUntold, "")
	}
	w.remember(r, o, second)
}

// texts returns the values that a row has of a field, within bounds.
func (o *offer) texts(f *field, r *Row) []string {
	var all []string
	f.each(r, func(x *dissect.Field) {
		if o.cut = o.cut || len(all) >= maxOffered || len(x.Text) > maxOfferedName; len(all) < maxOffered {
			all = append(all, string(x.Text[:min(len(x.Text), maxOfferedName)]))
		}
	})
	return all
}

// remember compares the offer with that of the server's other connections. What
// depends on the connection is left out: channel binding, and EXTERNAL.
func (w *mechanisms) remember(r *Row, o *offer, second bool) {
	name := r.server()
	if second {
		name += " by SASL2"
	}
	if r.sealed() {
		name += " within TLS"
	}
	constant := &offer{place: o.place}
	for _, m := range o.mechanisms {
		if !isBinding(m) && m != "EXTERNAL" {
			constant.mechanisms = append(constant.mechanisms, m)
		}
	}
	at := keyOf([]byte(name))
	known, ok := w.offers.get(at)
	if ok && !slices.Equal(known.mechanisms, constant.mechanisms) {
		r.once(mechanismsVary, "%.200s here, and %.200s in row %d", listed(constant.mechanisms), listed(known.mechanisms), known.no)
		return
	}
	w.offers.put(at, constant)
}

func listed(all []string) string {
	if len(all) == 0 {
		return "none"
	}
	return strings.Join(all, ", ")
}

// login looks at what a client has chosen.
func (w *mechanisms) login(r *Row) {
	m, o := r.Session.Mechanism, r.offerOf()
	if slices.Contains(guessable, m) {
		r.once(weakMechanism, "%s", m)
	}
	if o == nil {
		return
	}
	for _, better := range o.mechanisms {
		if rank(m) > 0 && rank(better) > rank(m) {
			r.once(weakerChosen, "%.40s, although there is %.40s", m, better)
			break
		}
	}
	if kind := string(scramBinding.text(r)); kind != "" && len(o.bindings) > 0 && !slices.Contains(o.bindings, kind) {
		r.once(bindingUnknown, "%.60s; on offer are %.200s", kind, listed(o.bindings))
	}
}

func (o *offer) has(mechanism string) bool { return slices.Contains(o.mechanisms, mechanism) }

// isBinding reports whether a mechanism is tied to the TLS connection.
func isBinding(mechanism string) bool { return strings.HasSuffix(mechanism, "-PLUS") }

// rank orders mechanisms that prove that one knows a password; 0 is for others,
// which are not to be compared.
func rank(mechanism string) int {
	switch m := strings.TrimSuffix(mechanism, "-PLUS"); {
	case m == "PLAIN" || m == "LOGIN":
		return 1
	case m == "CRAM-MD5" || m == "DIGEST-MD5":
		return 2
	case m == "SCRAM-SHA-1":
		return 3
	case strings.HasPrefix(m, "SCRAM-"):
		return 4
	}
	return 0
}

// End implements watcher.
func (w *mechanisms) End(*Row) {}
