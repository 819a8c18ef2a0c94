package tls

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
)

// What AppendLog writes of the connections that were met opens every capture,
// whatever it was that opened it before: logs, premaster secrets, session ids, a
// private key. Nothing else is needed.
func TestAppendLog(t *testing.T) {
	for _, name := range captures(t) {
		keys := keysFor(t, name)
		met := make(map[[32]byte]int)
		keys.SetMet(func(conn int, random [32]byte) { met[random] = conn })
		conns, begun := readCapture(t, name)
		play := func(keys *Keys) (rows []string) {
			var context *dissect.Context
			for n, parts := range conns {
				p, _ := opened(keys)
				if context != nil {
					p.c = *context
					p.c.Events = nil
				}
				p.c.Time, p.c.Conn.Number = begun, n
				p.play(parts...)
				p.end(dissect.EndFIN)
				context = &p.c
				rows = append(rows, p.rows()...)
			}
			return rows
		}
		want := play(keys)
		var log []byte
		for _, random := range slices.SortedFunc(maps.Keys(met), func(a, b [32]byte) int { return slices.Compare(a[:], b[:]) }) {
			var has, again Secrets
			if met[random] >= len(conns) {
				t.Errorf("%s: met on connection %d", name, met[random])
			}
			log, has = keys.AppendLog(log, &random, 0)
			if more, now := keys.AppendLog(nil, &random, has); len(more) > 0 || now != has {
				t.Errorf("%s: said twice: %s", name, more)
			}
			if _, again = keys.AppendLog(nil, &[32]byte{}, 0); again != 0 {
				t.Errorf("%s: secrets of nobody", name)
			}
		}
		wantRows(t, play(keysOf(t, string(log))), want...)
		if t.Failed() {
			t.Fatalf("%s:\n%s", name, log)
		}
	}
}

// Where nobody wants to be told, derived secrets are not kept.
func TestDerivedUnwanted(t *testing.T) {
	keys := NewKeys()
	keys.derived(0, &[32]byte{}, []byte("secret"))
	if keys.Len() != 0 {
		t.Error("it is kept")
	}
}

// The labels that are written are those that are read.
func TestLabels(t *testing.T) {
	for kind, label := range secretLabels {
		if got, ok := secretLabel([]byte(label)); !ok || got != secretKind(kind) || strings.ToUpper(label) != label {
			t.Errorf("%s: %d, %v", label, got, ok)
		}
	}
}
