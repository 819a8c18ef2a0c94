package pcapfile

// maxStatistics is the longest Interface Statistics Block that is read.
const maxStatistics = 4096

// statistics are what the Interface Statistics Blocks of a file say. Each block
// counts from the beginning of the capture, so the last one of an interface
// holds for all of it.
type statistics struct {
	told    bool
	earlier Statistics            // of the sections before
	latest  map[uint32]Statistics // by interface of this section
}

// Statistics returns the frames as whoever captured them counted, over all
// interfaces, as far as has been read. It returns false where the file does not
// tell: how many were dropped is not known then.
func (r *Reader) Statistics() (Statistics, bool) {
	sum := r.statistics.earlier
	for _, s := range r.statistics.latest {
		sum = sum.plus(s)
	}
	return sum, r.statistics.told
}

func (s Statistics) plus(o Statistics) Statistics {
	return Statistics{Received: s.Received + o.Received, Dropped: s.Dropped + o.Dropped, Missed: s.Missed + o.Missed}
}

func (s *statistics) endSection() {
	for _, l := range s.latest {
		s.earlier = s.earlier.plus(l)
	}
	clear(s.latest)
}

// readStatistics takes in an Interface Statistics Block (pcapng section 4.6).
// One that tells of an interface nobody has described is passed over, and so is
// a count that cannot be.
func (r *Reader) readStatistics(body []byte) {
	const fixed = 4 + 8 // interface and time
	if len(body) < fixed {
		return
	}
	number := r.big.uint32(body)
	if int64(number) >= int64(len(r.section.interfaces)) {
		return
	}
	var s Statistics
	told := false
	opts := options{body[fixed:], r.big}
	for code, value, ok := opts.next(); ok; code, value, ok = opts.next() {
		if len(value) < 8 {
			continue
		}
		n := int64(r.big.uint64(value))
		if n < 0 || n > maxCounted {
			continue
		}
		switch code {
		case statisticsReceived:
			s.Received = n
		case statisticsMissed:
			s.Missed, told = n, true
		case statisticsDropped:
			s.Dropped, told = n, true
		}
	}
	if !told {
		return
	}
	if r.statistics.latest == nil {
		r.statistics.latest = make(map[uint32]Statistics)
	}
	r.statistics.latest[number], r.statistics.told = s, true
}

// maxCounted is more frames than any capture has.
const maxCounted = 1 << 48
