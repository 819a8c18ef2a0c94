package websocket

import (
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// sink takes messages and does nothing with them.
type sink struct{ n int }

func (s *sink) Element(_ *dissect.Context, _ dissect.Sender, b dissect.Bytes, _ xmlstream.Scope) {
	s.n += len(b.Data)
}

func (s *sink) Data(*dissect.Context, dissect.Sender, dissect.Bytes) {}
func (s *sink) Gap(*dissect.Context, dissect.Sender, int64)          {}
func (s *sink) End(*dissect.Context, dissect.Sender, dissect.End)    {}

func BenchmarkLayer(b *testing.B) {
	text := "<message to='juliet@capulet.example/balcony' type='chat'><body>" + strings.Repeat("wherefore ", 20) + "</body></message>"
	packed := newDeflater().message(text)
	for _, test := range []struct {
		name string
		part part
	}{
		{"masked", client(fromClient(text))},
		{"plain", server(fromServer(text))},
		{"deflate", server(frame(dissect.Server, fin|rsv1|opText, packed))},
	} {
		b.Run(test.name, func(b *testing.B) {
			l := New(Config{Via: "tcp:http", Sure: true}, func(string) Stream { return &sink{} })
			c := dissect.NewContext(dissect.Options{})
			data := dissect.Bytes{Data: []byte(test.part.Data), Frame: 1}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				l.Data(c, test.part.From, data)
				c.Arena.Reset()
			}
		})
	}
}
