package scrub

import (
	"bytes"
	"iter"
	"slices"
	"strings"

	"talktrace/dissect"
)

// same compares the traces of the capture and of what is to be handed on, row by
// row. masked is that of the capture with stars over its secrets. Nothing of what
// is under the stars may be left, and all that is not replaced is to be the same.
func same(before, masked, after iter.Seq2[*dissect.Event, error]) error {
	nextMasked, stopMasked := iter.Pull2(masked)
	defer stopMasked()
	nextAfter, stopAfter := iter.Pull2(after)
	defer stopAfter()
	for was, err := range before {
		if err != nil {
			return err
		}
		hidden, err, _ := nextMasked()
		if err != nil {
			return err
		}
		is, err, more := nextAfter()
		if err != nil {
			return err
		}
		if !more || !alike(was, is) {
			return refuse(was.Frame, "the output would be traced in another way from row %d on", was.No)
		}
		if hidden == nil || kept(was.Raw, hidden.Raw, is.Raw) {
			return refuse(was.Frame, "a credential would still be in the output, in row %d", was.No)
		}
	}
	if extra, err, more := nextAfter(); err != nil {
		return err
	} else if more {
		return refuse(extra.Frame, "the output would be traced in another way: it has more rows")
	}
	return nil
}

// alike reports whether two rows say the same, as far as no value of theirs is
// concerned. Where they are compressed, how much is told before the first byte
// depends on how that is done.
func alike(a, b *dissect.Event) bool {
	return a.Frame == b.Frame && (a.FirstFrame == b.FirstFrame || strings.Contains(a.Layers, ":deflate")) && a.Elapsed == b.Elapsed && a.Conn.Number == b.Conn.Number &&
		a.Sender == b.Sender && a.Protocol == b.Protocol && a.Layers == b.Layers && a.Kind == b.Kind && a.XMLNS == b.XMLNS &&
		a.Type == b.Type && a.Length == b.Length && a.Missing == b.Missing &&
		slices.EqualFunc(a.Notes, b.Notes, func(x, y dissect.Note) bool { return x.ID == y.ID })
}

// kept reports whether bytes that are under stars are still what they were.
func kept(was, masked, is []byte) bool {
	if len(was) != len(masked) || len(was) != len(is) { // it is damaged: all but its names has been replaced
		return false
	}
	for i := 0; i < len(was); i++ {
		if masked[i] != '*' || was[i] == '*' {
			continue
		}
		from, telling := i, 0
		for ; i < len(was) && masked[i] == '*'; i++ {
			if isHidden(was[i]) {
				telling++
			}
		}
		if telling >= prefix && bytes.Equal(was[from:i], is[from:i]) {
			return true
		}
	}
	return false
}
