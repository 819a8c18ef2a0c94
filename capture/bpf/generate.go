package bpf

import "slices"

// A program is written from its end to its beginning, so that it is known how
// far each jump goes. Places in it are counted from the end.
type program struct {
	reversed []Instruction
	tooLong  bool
}

// A place is where an instruction is: how many come from there to the end, it
// included.
type place int

func (p *program) put(i Instruction) place {
	if len(p.reversed) >= MaxInstructions {
		p.tooLong = true
		return place(len(p.reversed))
	}
	p.reversed = append(p.reversed, i)
	return place(len(p.reversed))
}

// distance is how many instructions a jump that is put next skips.
func (p *program) distance(to place) int { return len(p.reversed) - int(to) }

// near returns a place that a jump of a byte's length reaches, even behind so
// many instructions more, and that leads to another place.
func (p *program) near(to place, more int) place {
	if p.distance(to)+more <= 255 {
		return to
	}
	return p.jump(to)
}

func (p *program) jump(to place) place {
	return p.put(Instruction{Code: opJump | jumpAlways, K: uint32(p.distance(to))})
}

// graph writes the blocks that are reached from the first one, and returns
// where that begins.
func (p *program) graph(g *graph, first *block) place {
	g.shorten(first)
	for _, b := range g.blocks {
		switch {
		case !b.reached:
		case b.test == nil:
			b.at = p.put(Instruction{Code: opReturn, K: b.keep})
		default:
			b.at = p.test(b.test, b.yes.at, b.no.at)
		}
	}
	return first.at
}

func (p *program) test(t *test, yes, no place) place {
	// The second one may need an instruction, which is one more for the first.
	yes = p.near(yes, 1)
	no = p.near(no, 0)
	at := p.put(Instruction{
		Code: opJump | t.jump, K: t.k,
		Jt: uint8(p.distance(yes)), Jf: uint8(p.distance(no)),
	})
	for _, i := range slices.Backward(t.compute) {
		at = p.put(i)
	}
	return at
}

func (p *program) instructions() ([]Instruction, error) {
	if p.tooLong {
		return nil, errTooLong
	}
	forward := slices.Clone(p.reversed)
	slices.Reverse(forward)
	return forward, nil
}
