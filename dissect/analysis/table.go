package analysis

// table is a map that forgets what was put into it longest ago.
type table[T any] struct {
	a     *Analysis
	what  string // what is forgotten, for the count
	young map[string]T
	old   map[string]T
	half  int
}

// newTable makes a table of at most so many entries.
func newTable[T any](a *Analysis, what string, most int) *table[T] {
	return &table[T]{a: a, what: what, young: map[string]T{}, half: most / 2}
}

func (t *table[T]) get(key string) (T, bool) {
	if v, ok := t.young[key]; ok {
		return v, true
	}
	v, ok := t.old[key]
	return v, ok
}

func (t *table[T]) put(key string, v T) {
	if len(t.young) >= t.half {
		t.a.Evicted[t.what] += len(t.old)
		t.old, t.young = t.young, make(map[string]T, t.half)
	}
	t.young[key] = v
}
