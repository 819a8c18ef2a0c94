package engine

import (
	"net/netip"
	"testing"

	"talktrace/dissect"
)

// rows is a layer that makes a row of a kind for each chunk: that of its bytes.
type rows struct{}

func (rows) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	c.Emit(from, string(b.Data)).Info = c.Arena.Copy(b.Data)
}
func (rows) Gap(*dissect.Context, dissect.Sender, int64)       {}
func (rows) End(*dissect.Context, dissect.Sender, dissect.End) {}

func TestDoubtful(t *testing.T) {
	for _, tt := range []struct {
		name   string
		chunks []string
		want   int
	}{
		{"nothing but TLS", []string{"tls", "tls", "gap"}, 0},
		{"a row from inside", []string{"tls", "tls", "message", "tls"}, 4},
		{"from inside at last", append(repeat("tls", maxDoubtful), "message"), maxDoubtful + 1},
		{"too late", append(repeat("tls", maxDoubtful+1), "message", "message"), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := dissect.NewContext(dissect.Options{})
			c.Conn = &dissect.Conn{Addr: [2]netip.AddrPort{}}
			d := &doubtful{layer: rows{}}
			for i, chunk := range tt.chunks {
				c.Frame, c.Time = i+1, int64(i)
				d.Data(c, dissect.Client, dissect.Bytes{Data: []byte(chunk), Frame: i + 1})
			}
			if len(c.Events) != tt.want {
				t.Fatalf("%d rows, want %d", len(c.Events), tt.want)
			}
			for i := range c.Events {
				if e := &c.Events[i]; e.Frame != i+1 || e.Kind != tt.chunks[i] || string(e.Info) != tt.chunks[i] {
					t.Errorf("row %d is %s of frame %d, %q", i, e.Kind, e.Frame, e.Info)
				}
			}
		})
	}
}

func repeat(s string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = s
	}
	return list
}
