package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"talktrace/capture"
	"talktrace/dissect"
	"talktrace/dissect/engine"
	"talktrace/dissect/tls"
)

// way is one direction of the connections between two addresses.
type way struct {
	flow   string // CLIENT>SERVER
	sender dissect.Sender
}

// lossy are the captures that hold less than their truth.
var lossy = []string{"capture-loss", "midstream", "cut-file", "snaplen96"}

// TestTruth holds every capture's rows against what the endpoints themselves
// kept of the conversation: every stream header, element and close, byte for
// byte, in order, and nothing else.
func TestTruth(t *testing.T) {
	total := 0
	forEachCapture(t, func(t *testing.T, name string, file []byte) {
		keys := keysOf(t, name)
		want, n := truth(t, name, keys != nil)
		total += n
		got := traced(t, name, file, keys)
		for w, units := range got {
			if slices.Contains(lossy, name) {
				within(t, w, want[w], units)
			} else if i := firstUnlike(want[w], units); i >= 0 {
				t.Errorf("%s %s: unit %d\nwant %s\ngot  %s", w.flow, w.sender, i, at(want[w], i), at(units, i))
			}
		}
		for w, units := range want {
			if len(units) > 0 && got[w] == nil {
				t.Errorf("%s %s: no rows, want %d", w.flow, w.sender, len(units))
			}
		}
	})
	if total < 3000 {
		t.Errorf("the truth has no more than %d units", total)
	}
}

// keysOf returns the keys of a capture's TLS connections, nil if there are none.
func keysOf(t *testing.T, name string) *tls.Keys {
	t.Helper()
	if strings.HasSuffix(name, "-dsb") {
		return tls.NewKeys() // they are in the capture
	}
	log, err := os.ReadFile(filepath.Join(captureDir, name+".keys"))
	if err != nil {
		return nil
	}
	keys := tls.NewKeys()
	if stats, err := keys.AddLog(bytes.NewReader(log)); err != nil || keys.Len() == 0 {
		t.Fatal("no keys:", stats, err)
	}
	return keys
}

// truth reads what the endpoints kept; what went through TLS only if it can be
// opened.
func truth(t *testing.T, name string, opened bool) (map[way][]string, int) {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(captureDir, strings.TrimSuffix(name, "-dsb")+".truth.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	units, n := make(map[way][]string), 0
	for line := range bytes.Lines(file) {
		var u struct {
			Flow, Dir, Layer, Kind string
			XML                    *string
			SHA256                 string
		}
		if err := json.Unmarshal(line, &u); err != nil {
			t.Fatal(err)
		}
		if u.Layer != "plain" && !opened || u.Kind != "open" && u.Kind != "element" && u.Kind != "close" {
			continue
		}
		w := way{flow: u.Flow, sender: dissect.Server}
		if u.Dir == "c2s" || u.Dir == "i2r" {
			w.sender = dissect.Client
		}
		unit := "sha256 " + u.SHA256
		if u.XML != nil {
			unit = *u.XML
		}
		units[w] = append(units[w], unit)
		n++
	}
	return units, n
}

// longest is the length up to which the truth keeps units as they are.
const longest = 4096

// traced returns the units that the trace has rows of.
func traced(t *testing.T, name string, file []byte, keys *tls.Keys) map[way][]string {
	t.Helper()
	run, err := newRun(file, engine.Options{
		Options: dissect.Options{XML: true, ShowSecrets: true}, Keys: keys,
	})
	if err != nil {
		t.Fatal(err)
	}
	units := make(map[way][]string)
	for e, err := range run.Events() {
		if err != nil {
			var input *capture.Error
			if name != "cut-file" || !errors.As(err, &input) {
				t.Fatal(err)
			}
			break
		}
		switch e.Kind {
		case "body": // of BOSH; the truth has what is in it
			continue
		case dissect.KindKeepalive, dissect.KindTLS, dissect.KindGap, dissect.KindMalformed, dissect.KindUnfinished, dissect.KindEnd, dissect.KindProxy:
			continue
		}
		if e.Length != len(e.XML) {
			t.Errorf("row %d: length %d, but %d bytes", e.No, e.Length, len(e.XML))
		}
		w := way{flow: e.Conn.Text[dissect.Client] + ">" + e.Conn.Text[dissect.Server], sender: e.Sender}
		unit := string(e.XML)
		if len(unit) > longest {
			sum := sha256.Sum256(e.XML)
			unit = "sha256 " + hex.EncodeToString(sum[:])
		}
		units[w] = append(units[w], unit)
	}
	return units
}

// within checks that all units are in the truth, in its order.
func within(t *testing.T, w way, want, units []string) {
	t.Helper()
	for _, unit := range units {
		i := slices.Index(want, unit)
		if i < 0 {
			t.Errorf("%s %s: nobody sent %s here", w.flow, w.sender, unit)
			return
		}
		want = want[i+1:]
	}
}

// firstUnlike returns the index of the first unit that differs, or -1.
func firstUnlike(a, b []string) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return -1
}

func at(units []string, i int) string {
	if i < len(units) {
		return units[i]
	}
	return "nothing"
}
