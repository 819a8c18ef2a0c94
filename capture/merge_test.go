package capture

import (
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// list is a Source of frames whose data is overwritten by every call of Next.
type list struct {
	times  []int64
	id     byte
	err    error // at the end; nil means io.EOF
	buf    [2]byte
	at     int
	closed bool
}

func (l *list) Next(f *Frame) error {
	l.buf = [2]byte{}
	if l.at == len(l.times) {
		if l.err != nil {
			return l.err
		}
		return io.EOF
	}
	l.buf = [2]byte{l.id, byte(l.at)}
	*f = Frame{Number: 77, Time: l.times[l.at], Data: l.buf[:]}
	l.at++
	return nil
}

func (l *list) Close() error {
	l.closed = true
	return l.err
}

type seen struct {
	time       int64
	source, at byte
}

func drain(t *testing.T, src Source) ([]seen, error) {
	t.Helper()
	var all []seen
	var f Frame
	for {
		if err := src.Next(&f); err != nil {
			if again := src.Next(&f); !errors.Is(again, err) {
				t.Errorf("%v, then %v", err, again)
			}
			return all, err
		}
		if f.Number != len(all)+1 {
			t.Errorf("frame %d has the number %d", len(all)+1, f.Number)
		}
		all = append(all, seen{f.Time, f.Data[0], f.Data[1]})
	}
}

func TestMerge(t *testing.T) {
	for name, c := range map[string]struct {
		times [][]int64
		want  []seen
	}{
		"nothing":          {nil, nil},
		"empty sources":    {[][]int64{{}, {}}, nil},
		"one":              {[][]int64{{5, 3}}, []seen{{5, 0, 0}, {3, 0, 1}}},
		"two":              {[][]int64{{1, 4}, {2, 3}}, []seen{{1, 0, 0}, {2, 1, 0}, {3, 1, 1}, {4, 0, 1}}},
		"equal times":      {[][]int64{{1, 1}, {}, {1, 1}}, []seen{{1, 0, 0}, {1, 0, 1}, {1, 2, 0}, {1, 2, 1}}},
		"backwards":        {[][]int64{{5, 1, 6}, {2, 7}}, []seen{{2, 1, 0}, {5, 0, 0}, {1, 0, 1}, {6, 0, 2}, {7, 1, 1}}},
		"before the epoch": {[][]int64{{1}, {-1}}, []seen{{-1, 1, 0}, {1, 0, 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := drain(t, Merge(lists(c.times)...))
			if !errors.Is(err, io.EOF) || !slices.Equal(got, c.want) {
				t.Errorf("%v, %v, want %v", got, err, c.want)
			}
		})
	}
}

func lists(times [][]int64) []Source {
	var sources []Source
	for i, ts := range times {
		sources = append(sources, &list{times: ts, id: byte(i)})
	}
	return sources
}

// TestMergeAgainstSelection holds the heap against the definition: of the next
// frames of all sources the earliest, and of those the first source's.
func TestMergeAgainstSelection(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		times := make([][]int64, random.IntN(12))
		for i := range times {
			times[i] = make([]int64, random.IntN(8))
			for j := range times[i] {
				times[i][j] = random.Int64N(10)
			}
		}
		var want []seen
		next := make([]int, len(times))
		for {
			best := -1
			for i, n := range next {
				if n < len(times[i]) && (best < 0 || times[i][n] < times[best][next[best]]) {
					best = i
				}
			}
			if best < 0 {
				break
			}
			want = append(want, seen{times[best][next[best]], byte(best), byte(next[best])})
			next[best]++
		}
		if got, err := drain(t, Merge(lists(times)...)); !errors.Is(err, io.EOF) || !slices.Equal(got, want) {
			t.Fatalf("%v gave %v, %v, want %v", times, got, err, want)
		}
	}
}

// TestMergeFailure has sources that fail: all frames of all come first.
func TestMergeFailure(t *testing.T) {
	early := &Error{File: "early", Err: errors.New("cut")}
	late := &Error{File: "late", Err: errors.New("burnt")}
	sources := []Source{
		&list{times: []int64{1, 9}, id: 0, err: late},
		&list{times: []int64{2}, id: 1, err: early},
		&list{times: []int64{3, 20}, id: 2},
	}
	got, err := drain(t, Merge(sources...))
	if want := []seen{{1, 0, 0}, {2, 1, 0}, {3, 2, 0}, {9, 0, 1}, {20, 2, 1}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if first, ok := errors.AsType[*Error](err); !ok || first != early || !errors.Is(err, late) {
		t.Errorf("ended by %v", err)
	}
	for _, alone := range [][]Source{
		{&list{err: early}},
		{&list{err: early}, &list{}},
	} {
		if _, err := drain(t, Merge(alone...)); !errors.Is(err, early) {
			t.Errorf("ended by %#v", err)
		}
	}
}

// waiting is a Source that knows that its next frame is still to come.
type waiting struct{ list }

func (w *waiting) Buffered() bool { return w.at == len(w.times) }

func TestMergeBuffered(t *testing.T) {
	for name, c := range map[string]struct {
		sources []Source
		want    []bool // before the first frame, and after each
	}{
		"one that does not know": {[]Source{&list{times: []int64{1}}}, []bool{true, true}},
		"one that knows":         {[]Source{&waiting{list{times: []int64{1}}}}, []bool{false, true}},
		"the next is asked":      {[]Source{&list{times: []int64{1, 4}}, &waiting{list{times: []int64{2, 3}}}}, []bool{false, true, false, true, true}},
		"nothing is never late":  {[]Source{&list{}, &waiting{}}, []bool{false}},
	} {
		t.Run(name, func(t *testing.T) {
			m := Merge(c.sources...)
			var f Frame
			for i, want := range c.want {
				if got := m.(Buffered).Buffered(); got != want {
					t.Errorf("after %d frames: %v", i, got)
				}
				if err := m.Next(&f); (err == nil) != (i+1 < len(c.want)) {
					t.Errorf("after %d frames: %v", i, err)
				}
			}
			if !m.(Buffered).Buffered() {
				t.Error("the end is late")
			}
		})
	}
}

func TestMergeClose(t *testing.T) {
	for n := range 4 {
		var all []Source
		for range n {
			all = append(all, &list{times: []int64{1}, err: errors.New("stuck")})
		}
		m := Merge(all...)
		err := m.Close()
		if n == 0 {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if err == nil || strings.Count(err.Error(), "stuck") != n {
			t.Errorf("closing %d sources: %v", n, err)
		}
		for i, s := range all {
			if !s.(*list).closed {
				t.Errorf("source %d of %d is open", i, n)
			}
		}
	}
}
