package tls

import (
	gotls "crypto/tls"
	"runtime"
	"slices"
	"testing"

	"talktrace/dissect"
)

// TestMemoryOfConnection says what a connection costs when it was opened and is
// idle, and what it costs at most while its records wait for a key.
func TestMemoryOfConnection(t *testing.T) {
	const connections, most = 50, 40 << 10
	parts, keys := talkWith(t, gotls.VersionTLS13, 0, 12)
	idle := parts[:len(parts)-2]
	growing := NewKeys()
	growing.SetGrowing(func() bool { return true })
	large := client(rec(applicationData, make([]byte, maxContent)...)...)
	small := client(rec(applicationData, make([]byte, maxWaitingSize-maxContent-1000)...)...)
	waiting := slices.Concat(parts[:nthLine(parts, dissect.Server, 1)], []part{small, large})
	for _, test := range []struct {
		name        string
		keys        *Keys
		parts       []part
		least, most int64
	}{
		{"idle", keys, idle, 1 << 10, most / 2},
		{"waiting", growing, waiting, maxContent, most},
	} {
		players := make([]*player, connections)
		before := heapInUse()
		for i := range players {
			players[i], _ = opened(test.keys)
			players[i].play(test.parts...)
			players[i].c = dissect.Context{}
		}
		each := (heapInUse() - before) / connections
		if waits := len(players[0].l.waiting.records) > 0; waits != (test.name == "waiting") {
			t.Errorf("%s: records wait: %v", test.name, waits)
		}
		runtime.KeepAlive(players)
		if each < test.least || each > test.most {
			t.Errorf("%s: a connection holds %d bytes, want %d to %d", test.name, each, test.least, test.most)
		}
		t.Logf("%s: %d bytes for each connection", test.name, each)
	}
}

func heapInUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
