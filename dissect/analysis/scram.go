package analysis

import (
	"crypto/sha1" //nolint:gosec // SCRAM-SHA-1 is made of it
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"slices"
	"strings"

	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return &scram{} }) }

var (
	fewIterations = kind(Kind{
		ID: "scram-few-iterations", Severity: dissect.Warning, Title: "passwords are hashed fewer than 4096 times",
		Why:    "Whoever records the login can try out passwords faster than the standard allows.",
		Source: "RFC 7677 section 4",
	})
	bindingDenied = kind(Kind{
		ID: "scram-downgrade", Severity: dissect.Error, Title: "the client believes that there is no channel binding, and there is",
		Why:    "The client has been shown another offer than the server has made: somebody is in between.",
		Source: "RFC 5802 section 6",
	})
	offerChanged = kind(Kind{
		ID: "scram-offer-changed", Severity: dissect.Error, Title: "the hash of the server's offer is not that of what was offered",
		Why:    "Mechanisms have been taken out or put in on the way, so that the client takes a weak one.",
		Source: "XEP-0474 section 5",
	})
)

var (
	scramGS2        = need("xmpp.scram.gs2")
	scramIterations = need("xmpp.scram.iterations")
	scramOffer      = need("xmpp.scram.offer-hash")
)

// leastIterations is what RFC 7677 wants at least.
const leastIterations = 4096

// scram looks at logins by SCRAM.
type scram struct{}

// Row implements watcher.
func (w *scram) Row(r *Row) {
	switch r.Kind {
	case "auth", "authenticate", "response":
		o := r.offerOf()
		if scramGS2.is(r, "y") && o != nil && slices.ContainsFunc(o.mechanisms, isBinding) {
			r.once(bindingDenied, "the client says that the server has no mechanism with channel binding; row %d offers one", o.no)
		}
	case "challenge":
		if i := scramIterations.in(r); i != nil && !i.Odd && i.Number < leastIterations {
			r.once(fewIterations, "%d times", i.Number)
		}
		if said, o := scramOffer.text(r), r.offerOf(); said != nil && o != nil && !o.cut {
			w.compare(r, string(said), o)
		}
	}
}

// compare compares the hash of the offer that the server signs with what was
// offered (XEP-0474 section 5).
func (w *scram) compare(r *Row, said string, o *offer) {
	h := scramHash(r.Session.Mechanism)
	if h == nil {
		return
	}
	bindings := slices.Clone(o.bindings)
	slices.Sort(bindings)
	h.Write([]byte(strings.Join(o.mechanisms, "\x1e")))
	if len(bindings) > 0 {
		h.Write([]byte("\x1f" + strings.Join(bindings, "\x1e")))
	}
	if said != base64.StdEncoding.EncodeToString(h.Sum(nil)) {
		r.once(offerChanged, "the offer in row %d is another one", o.no)
	}
}

// scramHash returns the hash of a mechanism of SCRAM, nil where it is not known.
func scramHash(mechanism string) hash.Hash {
	name, _ := strings.CutPrefix(strings.TrimSuffix(mechanism, "-PLUS"), "SCRAM-")
	switch name {
	case "SHA-1":
		return sha1.New() //nolint:gosec // as above
	case "SHA-256":
		return sha256.New()
	case "SHA-512":
		return sha512.New()
	case "SHA3-512":
		return sha3.New512()
	}
	return nil
}

// End implements watcher.
func (*scram) End(*Row) {}
