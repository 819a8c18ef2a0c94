package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/engine"
	"talktrace/report/follow"
)

// TestFollowTruth holds the raw bytes of every conversation against what its
// ends say they sent: all of it, in order, with the white space between elements.
func TestFollowTruth(t *testing.T) {
	total := 0
	forEachCapture(t, func(t *testing.T, name string, file []byte) {
		if slices.Contains(lossy, name) {
			t.Skip("the capture holds less than its truth")
		}
		keys := keysOf(t, name)
		want := sent(t, name, keys != nil)
		run, err := newRun(file, engine.Options{
			Options: dissect.Options{XML: true, ShowSecrets: true}, Keys: keys,
			Ports: map[uint16]string{5281: "tls"}, // where Prosody has its WebSocket within TLS
		})
		if err != nil {
			t.Fatal(err)
		}
		got := map[way]*bytes.Buffer{}
		out := map[way]*follow.Raw{}
		for e, err := range run.Events() {
			if err != nil {
				t.Fatal(err)
			}
			w := way{flow: e.Conn.Text[dissect.Client] + ">" + e.Conn.Text[dissect.Server], sender: e.Sender}
			if out[w] == nil {
				got[w] = &bytes.Buffer{}
				out[w] = follow.NewRaw(got[w], follow.RawOptions{})
			}
			if err := out[w].Write(e); err != nil {
				t.Fatal(err)
			}
		}
		for w, units := range want {
			if out[w] == nil {
				t.Errorf("%s %s: nothing, want %d units", w.flow, w.sender, len(units))
				continue
			}
			if err := out[w].Close(); err != nil {
				t.Fatal(err)
			}
			total += len(units)
			if bad := unlike(got[w].Bytes(), units); bad != "" {
				t.Errorf("%s %s: %s", w.flow, w.sender, bad)
			}
		}
	})
	if total < 3000 {
		t.Errorf("the truth has no more than %d units", total)
	}
}

// kept is a unit as the truth holds it: its bytes, or a hash and how many.
type kept struct {
	xml, sha256 string
	length      int
}

// unlike says where bytes are not those of the units, one behind the other.
func unlike(b []byte, units []kept) string {
	for i, u := range units {
		n := len(u.xml)
		if u.sha256 != "" {
			n = u.length
		}
		if len(b) < n {
			return "it ends within " + u.xml
		}
		sum := sha256.Sum256(b[:n])
		if u.sha256 == "" && string(b[:n]) != u.xml || u.sha256 != "" && hex.EncodeToString(sum[:]) != u.sha256 {
			return "unit " + units[i].xml + " is not in its place; there is " + string(b[:n])
		}
		b = b[n:]
	}
	if len(b) > 0 {
		return "more than was sent: " + string(b)
	}
	return ""
}

// sent reads what the ends say they sent; what went through TLS only if it can
// be opened.
func sent(t *testing.T, name string, opened bool) map[way][]kept {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(captureDir, strings.TrimSuffix(name, "-dsb")+".truth.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	units := map[way][]kept{}
	for line := range bytes.Lines(file) {
		var u struct {
			Flow, Dir, Layer, Kind, XML, SHA256 string
			Len                                 int
		}
		if err := json.Unmarshal(line, &u); err != nil {
			t.Fatal(err)
		}
		if u.Layer != "plain" && !opened || u.Kind == "raw" { // no XML
			continue
		}
		w := way{flow: u.Flow, sender: dissect.Server}
		if u.Dir == "c2s" || u.Dir == "i2r" {
			w.sender = dissect.Client
		}
		units[w] = append(units[w], kept{u.XML, u.SHA256, u.Len})
	}
	return units
}
