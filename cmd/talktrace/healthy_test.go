package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/dissect/engine"
)

// Why the lab's captures have findings above note, although nothing is wrong with
// them but how the lab was set up. Each is right where it is listed.
const (
	// Prosody and Ejabberd let clients of the lab log in with PLAIN without TLS,
	// so that the session can be read without keys.
	plainOffered = "plain-offered-in-clear"
	// Their clients take the offer; or they register an account, as clients do
	// that have none.
	password = "password-in-clear"
	// TLS is turned off in the server of most such captures.
	noTLS = "starttls-not-offered"
	// In others it is on, and the clients have been told not to use it.
	notUsed = "starttls-not-used"
	// The lab's servers sign their certificates themselves.
	selfSigned = "certificate-self-signed"
	// Bytes have been taken out of the capture, or were never captured.
	lost = "capture-loss"
)

// mistakes are what the client of errors-common does wrong, one after the other.
var mistakes = []string{
	password, plainOffered, noTLS, "stream-wrong-address", "xml-malformed", "stream-unreadable",
	"stream-policy-violation", "stream-conflict", "stream-unsupported", "stanza-before-bind",
}

// healthy are the captures with findings above note, by name.
var healthy = map[string][]string{
	"any-sll1":           {plainOffered, noTLS},
	"badnet-plain":       {plainOffered, noTLS},
	"bosh-plain":         {password, plainOffered},
	"bytestream":         {password, plainOffered, noTLS},
	"capture-loss":       {password, plainOffered, noTLS, lost},
	"carbons-csi":        {password, plainOffered, noTLS},
	"client-finch-tls":   {selfSigned},
	"client-mcabber-tls": {selfSigned},
	// The client answers for what it could do a moment ago with what it can do now.
	"client-profanity-plain": {plainOffered, noTLS, "caps-hash-wrong"},
	"compression-starttls":   {selfSigned, plainOffered},
	"compression-zlib":       {password, plainOffered, noTLS},
	"cut-file":               {password, plainOffered, noTLS},
	"directtls-alpn":         {selfSigned},
	"directtls-alpn-dsb":     {selfSigned},
	"dumpcap-pcapng":         {plainOffered, noTLS},
	"errors-common":          mistakes,
	"gtalk-plain":            {password, plainOffered, noTLS},
	"gtalk-ssltcp":           {plainOffered, noTLS},
	// The client closes the connection without a word.
	"gtalk-starttls12": {selfSigned, "tls-truncated"},
	"gzip-pcapng":      {plainOffered, notUsed},
	"ipv6":             {plainOffered, noTLS},
	"midstream":        {password, plainOffered, noTLS},
	"muc-plain":        {plainOffered, notUsed},
	// A session is resumed that was closed.
	"nanosecond":      {password, plainOffered, noTLS, "sm-resume-failed"},
	"noise-mixed":     {plainOffered, noTLS},
	"overlap-retrans": {plainOffered, noTLS},
	"plain-session":   {password, plainOffered, noTLS},
	"proxy-connect":   {selfSigned, plainOffered},
	"proxy-haproxy":   {password, plainOffered, noTLS},
	"proxy-socks5":    {password, plainOffered, noTLS},
	"raw-ip":          mistakes,
	// The client is made to use DIGEST-MD5, and removes its account in the end.
	"register-digestmd5": {password, plainOffered, notUsed, "digest-in-clear", "sasl-weak-mechanism", "stream-conflict"},
	"s2s-dialback-plain": {password, plainOffered, noTLS},
	"s2s-directtls":      {selfSigned},
	// Somebody writes to a domain that is not there.
	"s2s-external-bidi":    {selfSigned, password, plainOffered, notUsed, "remote-server-unreachable"},
	"scram-sha1-session":   {plainOffered, noTLS},
	"segmentation":         {plainOffered, noTLS},
	"server-ejabberd-tls":  {selfSigned, plainOffered},
	"sm-resume":            {password, plainOffered, noTLS, "sm-resume-failed"},
	"snaplen96":            {"capture-cut"},
	"starttls-coalesced12": {selfSigned},
	"starttls12-cbc-etm":   {selfSigned, plainOffered},
	"starttls12-gcm":       {selfSigned},
	"starttls13":           {selfSigned},
	"tls13-resumption":     {selfSigned},
	"verify-a":             {selfSigned},
	"verify-b":             {selfSigned},
	"vlan":                 {plainOffered, noTLS},
	"websocket-plain":      {password, plainOffered},
	"websocket-tls13":      {selfSigned},
}

// TestHealthy holds what is found in the captures of healthy sessions, graver
// than a note, against what is wrong with them on purpose.
func TestHealthy(t *testing.T) {
	forEachCapture(t, func(t *testing.T, name string, file []byte) {
		want := map[string]bool{}
		for _, id := range healthy[name] {
			want[id] = true
		}
		got := grave(t, name, file)
		for _, id := range slices.Sorted(maps.Keys(got)) {
			if !want[id] {
				t.Errorf("%s: %s", id, strings.Join(got[id], "\n\t"))
			}
		}
		for id := range want {
			if got[id] == nil {
				t.Errorf("%s is not found", id)
			}
		}
	})
}

// grave returns what is found graver than a note, by id.
func grave(t *testing.T, name string, file []byte) map[string][]string {
	t.Helper()
	run, err := newRun(file, engine.Options{
		Options: dissect.Options{Fields: dissect.AllFields(), TLS: true}, Keys: keysOf(t, name),
	})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	a := analysis.New(analysis.Options{Found: func(f analysis.Finding) {
		if f.Severity > dissect.Remark {
			found[f.ID] = append(found[f.ID], f.Text)
		}
	}})
	for e, err := range run.Events() {
		if err != nil {
			if name != "cut-file" {
				t.Fatal(err)
			}
			break
		}
		for _, n := range e.Notes {
			if n.Severity > dissect.Remark {
				found[n.ID] = append(found[n.ID], n.Text)
			}
		}
		a.Event(e)
	}
	a.End()
	return found
}
