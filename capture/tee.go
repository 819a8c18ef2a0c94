package capture

import "io"

// A Writer takes frames to where they are kept.
type Writer interface {
	// WriteFrame takes a frame. It keeps neither f nor its bytes. After an
	// error the frame counts as not there; io.EOF says that there are enough.
	WriteFrame(f *Frame) error
	// Full reports whether no more frames are wanted, so that nobody waits for
	// one more.
	Full() bool
}

// Tee returns a Source of the frames of src, each of which w has taken before
// it is handed out: what somebody sees of a frame, nobody loses. When w is full
// the source ends; an error of w ends it too. Close closes src alone.
func Tee(src Source, w Writer) Source { return &tee{Source: src, w: w} }

type tee struct {
	Source
	w   Writer
	err error
}

func (t *tee) Next(f *Frame) error {
	if t.err == nil && t.w.Full() {
		t.err = io.EOF
	}
	if t.err == nil {
		t.err = t.Source.Next(f)
	}
	if t.err == nil {
		t.err = t.w.WriteFrame(f)
	}
	return t.err
}

// Buffered implements capture.Buffered.
func (t *tee) Buffered() bool { return t.err != nil || t.w.Full() || buffered(t.Source) }
