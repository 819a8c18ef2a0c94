package analysis

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Quantiles are those of the values themselves, but for one part in 64, and the
// extremes are exact.
func TestHistogram(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // numbers for a test
	for _, n := range []int{1, 2, Few, Few + 1, 1000, 20000} {
		var h, front, back Histogram
		values := make([]int64, n)
		for i := range values {
			values[i] = int64(math.Exp(rng.Float64() * 40))
			h.Add(values[i])
			if i < n/2 {
				front.Add(values[i])
			} else {
				back.Add(values[i])
			}
		}
		slices.Sort(values)
		front.Merge(&back)
		for _, h := range []*Histogram{&h, &front} {
			for _, q := range []float64{0, 0.01, 0.5, 0.9, 0.99, 1} {
				want := values[max(int(math.Ceil(q*float64(n))), 1)-1]
				got := h.Quantile(q)
				if math.Abs(float64(got-want)) > float64(want)/64+1 {
					t.Errorf("n %d: quantile %v is %d, want %d", n, q, got, want)
				}
			}
			if h.N() != int64(n) || h.Max() != values[n-1] {
				t.Errorf("%d values up to %d, want %d up to %d", h.N(), h.Max(), n, values[n-1])
			}
			if few := h.Values(); n <= Few && !slices.Equal(few, values) || n > Few && few != nil {
				t.Errorf("n %d: the values are %d", n, few)
			}
		}
	}
}

// The greatest values and those that cannot be have their place too.
func TestHistogramBounds(t *testing.T) {
	var h Histogram
	for range 100 {
		h.Add(math.MaxInt64)
		h.Add(-1)
	}
	if len(h.counts) > 60*steps {
		t.Errorf("%d buckets", len(h.counts))
	}
	if h.Quantile(0.5) != 0 || h.Quantile(1) != math.MaxInt64 || h.Max() != math.MaxInt64 {
		t.Errorf("from %d to %d, at most %d", h.Quantile(0.5), h.Quantile(1), h.Max())
	}
	var empty Histogram
	h.Merge(&empty)
	if h.N() != 200 || empty.Quantile(0.5) != 0 {
		t.Errorf("%d values; of none %d", h.N(), empty.Quantile(0.5))
	}
}

// Each value lies in its bucket, and buckets follow each other without a gap.
func TestBuckets(t *testing.T) {
	next := int64(0)
	for bucket := range 58 * steps {
		low, width := valueOf(bucket)
		if low != next {
			t.Fatalf("bucket %d begins at %d, want %d", bucket, low, next)
		}
		if next = low + width; bucketOf(low) != bucket || bucketOf(next-1) != bucket {
			t.Fatalf("bucket %d holds %d to %d, which fall into %d and %d", bucket, low, next-1, bucketOf(low), bucketOf(next-1))
		}
	}
}
