package deflate

import (
	"runtime"
	"testing"

	"talktrace/dissect"
)

// TestMemoryOfStream says what a compressed stream costs while both of its sides
// speak: two windows of 32 KiB (RFC 1951 section 2) and the codes of two blocks.
func TestMemoryOfStream(t *testing.T) {
	const streams, most = 100, 100 << 10
	stream := compressed(t, texts()["mixed"], 6, 900)
	stream = stream[:len(stream)-20] // in the middle of a block with codes of its own
	ctx := dissect.NewContext(dissect.Options{})
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	layers := make([]*Layer, streams)
	before := heap()
	for i := range layers {
		layers[i] = New("tcp", sink{}, Limits{})
		for _, from := range []dissect.Sender{dissect.Client, dissect.Server} {
			layers[i].Data(ctx, from, dissect.Bytes{Data: stream, Frame: 1})
		}
		ctx.Arena.Reset()
	}
	ctx.Arena = dissect.Arena{}
	each := (heap() - before) / streams
	runtime.KeepAlive(layers)
	if each > most {
		t.Errorf("a stream holds %d bytes, more than %d", each, most)
	}
	if each < 2*windowSize {
		t.Errorf("a stream holds %d bytes, less than its windows: what was measured?", each)
	}
	t.Logf("%d bytes for each stream", each)
}
