package deflate

import (
	"bytes"
	stdflate "compress/flate"
	"io"
	"runtime"
	"slices"
	"testing"

	"github.com/klauspost/compress/flate"

	"talktrace/dissect"
)

// sink is a layer that does nothing.
type sink struct{}

func (sink) Data(*dissect.Context, dissect.Sender, dissect.Bytes) {}
func (sink) Gap(*dissect.Context, dissect.Sender, int64)          {}
func (sink) End(*dissect.Context, dissect.Sender, dissect.End)    {}

// BenchmarkLayer inflates a conversation flushed after each stanza, as frames
// of one stanza each, and as large ones. The rate is that of plain bytes.
func BenchmarkLayer(b *testing.B) {
	plain := texts()["stanzas"]
	for _, c := range []struct {
		name        string
		step, piece int
	}{{"stanza/frame", 90, 0}, {"1460/frame", 90, 1460}, {"unflushed/1460/frame", 1 << 20, 1460}} {
		stream := compressed(b, plain, 6, c.step)
		if c.piece == 0 {
			c.piece = len(stream) * c.step / len(plain)
		}
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(plain)))
			b.ReportAllocs()
			ctx := dissect.NewContext(dissect.Options{})
			for b.Loop() {
				l := New("tcp", sink{}, Limits{})
				for p := range slices.Chunk(stream, c.piece) {
					l.Data(ctx, dissect.Client, dissect.Bytes{Data: p, Frame: 1})
				}
				l.End(ctx, dissect.Client, dissect.EndFIN)
				if len(ctx.Events) > 0 {
					b.Fatal(string(ctx.Events[0].Info))
				}
				ctx.Arena.Reset()
			}
		})
	}
}

// BenchmarkInflater sets it beside readers that have the whole stream at hand.
func BenchmarkInflater(b *testing.B) {
	for _, name := range []string{"stanzas", "mixed", "run"} {
		plain := texts()[name]
		stream := compressed(b, plain, 6, 1<<20)
		bench := func(decoder string, run func() int) {
			b.Run(name+"/"+decoder, func(b *testing.B) {
				b.SetBytes(int64(len(plain)))
				for b.Loop() {
					if n := run(); n != len(plain) {
						b.Fatal(n)
					}
				}
			})
		}
		dst := make([]byte, 0, len(plain)+1)
		bench("ours", func() int {
			out, _, err := NewInflater(Zlib, Limits{}).Inflate(dst, stream)
			if err != nil {
				b.Fatal(err)
			}
			return len(out)
		})
		read := func(r io.Reader) int {
			n, err := io.ReadFull(r, dst[:len(plain)])
			if err != nil {
				b.Fatal(err)
			}
			return n
		}
		bench("klauspost", func() int { return read(flate.NewReader(bytes.NewReader(stream[2:]))) })
		bench("std", func() int { return read(stdflate.NewReader(bytes.NewReader(stream[2:]))) })
	}
}

// BenchmarkMemory tells what a stream holds with both directions at work.
func BenchmarkMemory(b *testing.B) {
	const streams = 200
	stream := compressed(b, texts()["mixed"], 6, 900)
	stream = stream[:len(stream)-20]
	ctx := dissect.NewContext(dissect.Options{})
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for b.Loop() {
		layers := make([]*Layer, streams)
		before := heap()
		for i := range layers {
			layers[i] = New("tcp", sink{}, Limits{})
			layers[i].Data(ctx, dissect.Client, dissect.Bytes{Data: stream, Frame: 1})
			layers[i].Data(ctx, dissect.Server, dissect.Bytes{Data: stream, Frame: 1})
			ctx.Arena = dissect.Arena{}
		}
		b.ReportMetric(float64(heap()-before)/streams, "B/stream")
		for _, l := range layers {
			l.End(ctx, dissect.Client, dissect.EndFIN)
			l.End(ctx, dissect.Server, dissect.EndFIN)
		}
		b.ReportMetric(float64(heap()-before)/streams, "B/ended-stream")
		runtime.KeepAlive(layers)
	}
}
