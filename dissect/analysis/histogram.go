package analysis

import (
	"math/bits"
	"slices"
)

// Histogram keeps how often values came up, in buckets whose width grows with
// the values: a quantile is off by at most one part in 64. Its size does not
// depend on how many values there are. The zero Histogram is empty.
type Histogram struct {
	n        int64
	min, max int64
	few      []int64  // all values, in order of coming, as long as there are at most Few
	counts   []uint32 // by bucket, up to the highest in use
}

// Few is how many values are kept as they are; of so few there are no quantiles
// worth the name.
const Few = 19

// steps is how many buckets there are for each power of two.
const (
	stepBits = 5
	steps    = 1 << stepBits
)

// Add counts a value. Values below 0 count as 0.
func (h *Histogram) Add(v int64) {
	v = max(v, 0)
	if h.n == 0 || v < h.min {
		h.min = v
	}
	h.max = max(h.max, v)
	if h.n < Few {
		h.few = append(h.few, v)
	}
	h.n++
	h.count(bucketOf(v), 1)
}

func (h *Histogram) count(bucket int, n uint32) {
	for len(h.counts) <= bucket {
		h.counts = append(h.counts, 0)
	}
	h.counts[bucket] += n
}

// Merge adds the values of another histogram.
func (h *Histogram) Merge(o *Histogram) {
	if o.n == 0 {
		return
	}
	if h.n == 0 || o.min < h.min {
		h.min = o.min
	}
	h.max = max(h.max, o.max)
	if h.n += o.n; h.n <= Few {
		h.few = append(h.few, o.few...)
	}
	for bucket, n := range o.counts {
		if n > 0 {
			h.count(bucket, n)
		}
	}
}

// N is how many values there are.
func (h *Histogram) N() int64 { return h.n }

// Max is the greatest of the values.
func (h *Histogram) Max() int64 { return h.max }

// Values returns the values in order where there are at most Few, else nil.
func (h *Histogram) Values() []int64 {
	if h.n > Few {
		return nil
	}
	return slices.Sorted(slices.Values(h.few))
}

// Quantile returns the value that a part q of all values, from 0 to 1, does not
// exceed.
func (h *Histogram) Quantile(q float64) int64 {
	rank := max(int64(q*float64(h.n)+0.999999), 1)
	if rank >= h.n {
		return h.max
	}
	for bucket, n := range h.counts {
		if rank -= int64(n); rank <= 0 {
			low, width := valueOf(bucket)
			return min(max(low+width/2, h.min), h.max)
		}
	}
	return h.max
}

// bucketOf returns the bucket of a value: below steps each value has its own,
// from there on a power of two has so many.
func bucketOf(v int64) int {
	if v < steps {
		return int(v)
	}
	shift := bits.Len64(uint64(v)) - stepBits - 1
	return (shift+1)*steps + int(v>>shift) - steps
}

// valueOf returns the least value of a bucket, and how many values it is for.
func valueOf(bucket int) (low, width int64) {
	if bucket < steps {
		return int64(bucket), 1
	}
	shift := bucket/steps - 1
	return int64(bucket%steps+steps) << shift, 1 << shift
}
