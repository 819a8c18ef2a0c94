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
		Why:    "Unless the two have no kind in common, the client has been shown another offer than the server has made; the server has to refuse.",
		Source: "RFC 5802 section 6",
	})
	offerChanged = kind(Kind{
		ID: "scram-offer-changed", Severity: dissect.Error, Title: "the hash of the server's offer is not that of what was offered",
		Why:    "Mechanisms have been taken out or put in on the way, so that the client takes a weak one.",
		Source: "XEP-0474 section 6",
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
// offered (XEP-0474 section 6).
func (w *scram) compare(r *Row, said string, o *offer) {
	h := scramHash(r.Session.Mechanism)
	if h == nil {
		return
	}
	bindings := slices.Clone(o.bindings)
	slices.Sort(bindings)
	for _, marks := range [...][2]string{{"\x1e", "\x1f"}, {",", "|"}} { // the latter before version 0.4
		h.Reset()
		h.Write([]byte(strings.Join(o.mechanisms, marks[0])))
		if len(bindings) > 0 {
			h.Write([]byte(marks[1] + strings.Join(bindings, marks[0])))
		}
		if said == base64.StdEncoding.EncodeToString(h.Sum(nil)) {
			return
		}
	}
	r.once(offerChanged, "the offer in row %d is another one", o.no)
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
