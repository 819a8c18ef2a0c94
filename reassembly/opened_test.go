package reassembly

import "testing"

// opened remembers the times of the last connection's handshake.
type opened struct {
	tally
	times [3]int64
}

func (o *opened) Chunk(c *Conn, _ Chunk) { o.times = c.Opened }

// TestOpened checks which frames' times are those of the handshake. The time of a
// frame is its number, in milliseconds.
func TestOpened(t *testing.T) {
	type frame struct {
		fromB    bool
		flags    byte
		seq, ack uint32
		payload  string
	}
	syn, synAck, ack := frame{false, flagSYN, 9, 0, ""}, frame{true, flagSYN | flagACK, 99, 10, ""}, frame{false, flagACK, 10, 100, ""}
	data := frame{false, flagACK, 10, 100, "x"}
	greeting := frame{true, flagACK, 100, 10, "hello"}
	for _, c := range []struct {
		name   string
		frames []frame
		want   [3]int64
	}{
		{"all", []frame{syn, synAck, ack, data}, [3]int64{1, 2, 3}},
		{"sent again", []frame{syn, syn, synAck, synAck, ack, ack, data}, [3]int64{1, 3, 5}},
		{"a copy later", []frame{syn, synAck, ack, syn, synAck, data}, [3]int64{1, 2, 3}},
		{"data at once", []frame{syn, synAck, data}, [3]int64{1, 2, 3}},
		{"the server first", []frame{syn, synAck, greeting}, [3]int64{1, 2, 0}},
		{"without SYN", []frame{synAck, ack, data}, [3]int64{0, 1, 2}},
		{"without SYN-ACK", []frame{syn, ack, data}, [3]int64{1, 0, 0}},
		{"in mid-stream", []frame{data}, [3]int64{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := &opened{}
			a := New(o, Limits{})
			for i, f := range c.frames {
				a.Frame(segmentFrame(nil, i+1, 4000, f.fromB, f.flags, f.seq, f.ack, []byte(f.payload)))
			}
			for step, want := range c.want {
				if got := o.times[step] / 1e6; got != want {
					t.Errorf("step %d: at %d ms, want %d", step, got, want)
				}
			}
		})
	}
}
