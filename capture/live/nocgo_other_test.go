//go:build !cgo && !linux

package live

import (
	"errors"
	"testing"

	"talktrace/capture"
)

func TestNotBuilt(t *testing.T) {
	_, opened := Open(t.Context(), []string{"eth0"}, Options{Wait: true})
	_, listed := Interfaces()
	for _, err := range []error{opened, listed} {
		if e, ok := errors.AsType[*capture.Error](err); !ok || !errors.Is(err, ErrNotBuilt) || e.Hint == "" {
			t.Errorf("%#v", err)
		}
	}
}
