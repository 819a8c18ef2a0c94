package capture

import (
	"errors"
	"io"
	"slices"
	"testing"
)

// shelf is a Writer with room for so many frames, the last of which may break.
type shelf struct {
	ids  []byte
	room int
	err  error
}

func (s *shelf) WriteFrame(f *Frame) error {
	if len(s.ids)+1 == s.room && s.err != nil {
		return s.err
	}
	s.ids = append(s.ids, f.Data[1])
	return nil
}

func (s *shelf) Full() bool { return len(s.ids) == s.room }

func TestTee(t *testing.T) {
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		shelf  shelf
		source error // how the source ends, if not by io.EOF
		want   []byte
		err    error
	}{
		"all":     {shelf{room: 9}, nil, []byte{0, 1, 2}, io.EOF},
		"cut off": {shelf{room: 9}, broken, []byte{0, 1, 2}, broken},
		"enough":  {shelf{room: 2}, broken, []byte{0, 1}, io.EOF},
		"exactly": {shelf{room: 3}, broken, []byte{0, 1, 2}, io.EOF},
		"broken":  {shelf{room: 2, err: broken}, nil, []byte{0}, broken},
	} {
		t.Run(name, func(t *testing.T) {
			src := &waiting{list{times: []int64{1, 2, 3}, err: c.source}}
			tee := Tee(src, &c.shelf)
			var got []byte
			var f Frame
			for {
				if ready := tee.(Buffered).Buffered(); ready != (src.Buffered() || c.shelf.Full()) {
					t.Errorf("after %d frames: buffered is %v", len(got), ready)
				}
				err := tee.Next(&f)
				if err != nil {
					if !errors.Is(err, c.err) || !errors.Is(tee.Next(&f), c.err) || !tee.(Buffered).Buffered() {
						t.Errorf("ended by %v", err)
					}
					break
				}
				if got = append(got, f.Data[1]); !slices.Equal(got, c.shelf.ids) {
					t.Fatalf("frame %d is not written", f.Data[1])
				}
			}
			if !slices.Equal(got, c.want) || !slices.Equal(c.shelf.ids, c.want) {
				t.Errorf("%v came out, %v are written, want %v", got, c.shelf.ids, c.want)
			}
			if _ = tee.Close(); !src.closed {
				t.Error("the source is open")
			}
		})
	}
}
