package http

import (
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/internal/layertest"
)

// sink takes bodies and does nothing with them.
type sink struct{}

func (sink) Request(*dissect.Context, []dissect.Bytes, int64) func(*dissect.Context, int, []dissect.Bytes, int64) {
	return func(*dissect.Context, int, []dissect.Bytes, int64) {}
}

func (sink) Answer(*dissect.Context, int, []dissect.Bytes, int64) bool { return true }
func (sink) End(*dissect.Context)                                      {}

// BenchmarkExchange reads a request and its answer: of BOSH, and of a download
// that is none of ours.
func BenchmarkExchange(b *testing.B) {
	body := "<body rid='1' sid='x' xmlns='http://jabber.org/protocol/httpbind'>" + strings.Repeat("<message/>", 30) + "</body>"
	for _, test := range []struct{ name, request, answer string }{
		{"bosh", post(body), ok(body)},
		{"download", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", ok(strings.Repeat("x", 1<<20))},
	} {
		b.Run(test.name, func(b *testing.B) {
			l := New("tcp", Handlers{BOSH: func(string) BOSH { return sink{} }})
			c := dissect.NewContext(dissect.Options{})
			b.SetBytes(int64(len(test.request) + len(test.answer)))
			b.ReportAllocs()
			for b.Loop() {
				for from, text := range []string{test.request, test.answer} {
					for _, p := range layertest.Split(1448, []part{{Data: text}}) {
						l.Data(c, dissect.Sender(from), dissect.Bytes{Data: []byte(p.Data), Frame: 1})
					}
				}
			}
		})
	}
}
