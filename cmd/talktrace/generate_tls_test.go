package main_test

import (
	"bytes"
	gotls "crypto/tls"
	"maps"
	"strings"
	"testing"

	"talktrace/capture/traffic"
	"talktrace/dissect"
	"talktrace/dissect/engine"
	"talktrace/dissect/tls"
)

// keyLog is a key log that whoever reads the capture knows as far as it is
// written.
type keyLog struct{ keys *tls.Keys }

func (k keyLog) Write(b []byte) (int, error) {
	_, err := k.keys.AddLog(bytes.NewReader(b))
	return len(b), err
}

// TestTracesAllWithinTLS traces made-up traffic within TLS: each unit is a row,
// whatever TCP did to the records on their way, and none without the keys.
func TestTracesAllWithinTLS(t *testing.T) {
	for _, suite := range []uint16{gotls.TLS_AES_128_GCM_SHA256, gotls.TLS_AES_256_GCM_SHA384, gotls.TLS_CHACHA20_POLY1305_SHA256} {
		for _, orderly := range []bool{true, false} {
			o := traffic.Options{Stanzas: 8000, Connections: 20, Seed: 4, Orderly: orderly, TLS: suite}
			keys := tls.NewKeys()
			o.KeyLog = keyLog{keys}
			src := traffic.New(o)
			rows, records := rowsOf(t, src, keys)
			if want := src.Counts(); !maps.Equal(rows, want) || records < 6*o.Connections {
				t.Errorf("%#x, orderly %v: %d rows for records\n got %v\nwant %v", suite, orderly, records, rows, want)
			}
			o.KeyLog = nil
			if rows, _ := rowsOf(t, traffic.New(o), tls.NewKeys()); rows["message"]+rows["iq"]+rows["auth"] > 0 {
				t.Errorf("%#x: without keys there are %v", suite, rows)
			}
		}
	}
}

// rowsOf returns how many rows of each kind a trace has; those for records of
// TLS are counted apart.
func rowsOf(t *testing.T, src *traffic.Source, keys *tls.Keys) (rows map[string]int, records int) {
	t.Helper()
	rows = make(map[string]int)
	for e, err := range engine.Events(src, engine.Options{Keys: keys}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind == dissect.KindTLS {
			records++
			continue
		}
		rows[e.Kind]++
		if keys.Len() > 0 && (len(e.Notes) > 0 || e.Kind != "stream" && e.Kind != "features" && e.Kind != "starttls" && e.Kind != "proceed" && !strings.Contains(e.Layers, ":tls")) {
			t.Fatalf("row %d, frame %d: %s in %s, notes %v", e.No, e.Frame, e.Kind, e.Layers, e.Notes)
		}
	}
	return rows, records
}
