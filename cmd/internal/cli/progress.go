package cli

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Progress is shown for inputs that are so large, or that take so long.
const (
	longInput = 32 << 20
	longTime  = 500 * time.Millisecond
)

// progress tells someone who waits how far the reading of files is: percent,
// speed and rows. It is used by the goroutine that reads.
type progress struct {
	in    *input
	rows  *atomic.Int64
	out   io.Writer
	begun time.Time
	bar   *progressbar.ProgressBar // nil while the input may be short
}

// watch shows the progress of an input whose size is known.
func watch(in *input, rows *atomic.Int64, out io.Writer) *progress {
	p := &progress{in: in, rows: rows, out: out, begun: time.Now()}
	in.onRead = p.update
	return p
}

func (p *progress) update() {
	if p.bar == nil {
		if p.in.size() < longInput && time.Since(p.begun) < longTime {
			return
		}
		p.bar = progressbar.NewOptions64(p.in.size(),
			progressbar.OptionSetWriter(p.out),
			progressbar.OptionShowBytes(true),
			progressbar.OptionUseIECUnits(false),
			progressbar.OptionSetWidth(24),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionShowDescriptionAtLineEnd(),
			progressbar.OptionClearOnFinish(),
		)
	}
	p.bar.Describe(fmt.Sprintf("%d rows", p.rows.Load()))
	_ = p.bar.Set64(p.in.read()) // a bar that cannot be drawn is no reason to stop
}

// close takes the bar away.
func (p *progress) close() {
	if p != nil && p.bar != nil {
		_ = p.bar.Clear()
	}
}
