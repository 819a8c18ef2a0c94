// Package verify holds the traces of captures against what is expected of them.
package verify

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"talktrace/capture"
	"talktrace/cmd/internal/verdict"
	"talktrace/dissect"
	"talktrace/dissect/filter"
	"talktrace/report"
	"talktrace/report/fixture"
	"talktrace/report/transcript"
)

// Trace traces a capture into a writer, with all fields, with findings and with
// what TLS handshakes say.
type Trace func(f *fixture.Fixture, w report.Writer) error

// Check traces a capture and compares. With update it writes down what there is
// instead.
func Check(f *fixture.Fixture, trace Trace, update bool) verdict.Result {
	r := verdict.Result{Name: f.Title, File: f.Capture}
	got, err := Read(f, trace)
	if err != nil {
		r.Status, r.Text = verdict.Broken, err.Error()
		return r
	}
	want, err := os.ReadFile(f.Expected)
	switch {
	case err != nil && !(update && errors.Is(err, fs.ErrNotExist)):
		r.Status, r.Text = verdict.Broken, err.Error()
		if errors.Is(err, fs.ErrNotExist) {
			r.Text = "nothing is expected of it: there is no " + f.Expected + "; --update writes it"
		}
		return r
	case update:
		if err == nil && transcript.Compare(f.Title, want, got.Lines()) == nil {
			return r
		}
		if err := os.WriteFile(f.Expected, got.Text(), 0o644); err != nil {
			r.Status, r.Text = verdict.Broken, err.Error()
			return r
		}
		r.Text = "written to " + f.Expected
		return r
	}
	if d := transcript.Compare(f.Title, want, got.Lines()); d != nil {
		r.Status, r.Detail = verdict.Failed, d.Diff
		r.Text = fmt.Sprintf("not as expected in %s", f.Expected)
		for _, p := range d.Places {
			r.Places = append(r.Places, verdict.Place(p))
		}
	}
	return r
}

// Missing is the result for an expectation without a capture.
func Missing(o fixture.Orphan) verdict.Result {
	return verdict.Result{Name: o.Name, File: o.File, Status: verdict.Broken, Text: "there is no capture beside " + o.File}
}

// Read traces a capture into a transcript. One without rows is an error.
func Read(f *fixture.Fixture, trace Trace) (*transcript.Writer, error) {
	o, err := f.Options.Transcript()
	if err != nil {
		return nil, err
	}
	w := transcript.New(o)
	chosen := &choosing{Writer: w}
	if chosen.filter, err = f.Options.Choose(); err != nil {
		return nil, err
	}
	err = trace(f, chosen)
	var damage *capture.Error
	switch {
	case err == nil:
	case errors.As(err, &damage) && chosen.rows > 0:
		// How a capture is damaged is part of what is expected of it.
		if err := w.Close(); err != nil {
			return nil, err
		}
		w.Damage(damage)
	default:
		return nil, err
	}
	if w.Empty() { // any capture of nothing would be as expected
		return nil, transcript.ErrNoRows
	}
	return w, nil
}

// choosing lets those rows through that a filter holds for.
type choosing struct {
	report.Writer
	filter *filter.Filter // nil for all
	rows   int            // that there were, let through or not
}

func (c *choosing) Write(e *dissect.Event) error {
	c.rows++
	if c.filter != nil && !c.filter.Match(e) {
		return nil
	}
	return c.Writer.Write(e)
}
