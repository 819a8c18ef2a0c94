package bpf

// Compile makes a program of a filter. An empty filter lets all frames through.
//
// What is not understood is an *Error. All other errors are about the filter as
// a whole: the kind of frames is not known, no frame can fulfil it, or the
// program is longer than the kernel takes.
func Compile(filter string, f Frames) ([]Instruction, error) {
	l, err := newLayout(f)
	if err != nil {
		return nil, err
	}
	if len(filter) > maxFilter {
		return nil, errTooLong
	}
	condition, tags, err := parse(filter, l)
	if err != nil {
		return nil, err
	}
	keep := f.Snaplen
	if keep == 0 {
		keep = wholeFrame
	}
	if hidden := l.hidden(); keep > hidden {
		keep -= hidden
	} else {
		keep = 1 // 0 would be no frame
	}
	g := &graph{}
	no := g.end(0)
	yes := g.end(keep)
	first := g.draw(condition, yes, no)
	if tags && f.Live {
		l.apart = true
		apart, _, err := parse(filter, l)
		if err != nil {
			return nil, err
		}
		tagged := g.draw(apart, yes, no)
		first = g.draw(equal(1, besideTagged, 1), tagged, first)
	}
	if len(g.blocks) > maxBlocks {
		return nil, errTooLong
	}
	var p program
	begin := p.graph(g, first)
	if !yes.reached {
		return nil, errNothing
	}
	if p.distance(begin) > 0 {
		p.jump(begin)
	}
	return p.instructions()
}

// wholeFrame is more than any frame has, and the most that libpcap keeps.
const wholeFrame = 262144
