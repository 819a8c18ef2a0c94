package tls

import (
	"testing"

	"talktrace/dissect"
)

// feed gives data to one side of a layer in segments of at most size bytes,
// emptying the batch now and then as the engine does.
func feed(p *player, data []byte, size int) {
	for len(data) > 0 {
		n := min(size, len(data))
		p.c.Frame++
		p.l.Data(&p.c, dissect.Server, dissect.Bytes{Data: data[:n], Frame: p.c.Frame})
		data = data[n:]
		if len(p.c.Events) > 1000 {
			p.c.Events = p.c.Events[:0]
			p.c.Arena.Reset()
		}
	}
}

// bulk returns records of application data of the given size, some 1 MB in all.
func bulk(content int) []byte {
	one := rec(applicationData, make([]byte, content)...)
	var data []byte
	for len(data) < 1<<20 {
		data = append(data, one...)
	}
	return data
}

// BenchmarkApplicationData reads small records whole in segments, and large ones
// that lie across segments.
func BenchmarkApplicationData(b *testing.B) {
	for _, test := range []struct {
		name             string
		content, segment int
	}{
		{"small", 300, 305 * 4},
		{"across", 300, 1448},
		{"large", 16 << 10, 1448},
		{"large-offload", 16 << 10, 64 << 10},
	} {
		b.Run(test.name, func(b *testing.B) {
			data := bulk(test.content)
			p := newPlayer()
			feed(p, data, test.segment)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				feed(p, data, test.segment)
			}
			b.ReportMetric(float64(len(data)/(test.content+headerSize)), "records/op")
		})
	}
}

// BenchmarkSearch looks for records where there are none.
func BenchmarkSearch(b *testing.B) {
	data := make([]byte, 1<<20)
	for i := range data {
		data[i] = "\x17\x03\x16\x03\x03\x40"[i%6]
	}
	p := newPlayer()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		feed(p, data, 1448)
	}
}
