//go:build !linux

package sandbox

import (
	"errors"
	"runtime"
)

func apply(p Policy) ([]string, error) {
	if p.User != "" {
		return nil, errors.New("becoming another user is supported on Linux only")
	}
	return []string{"there is no sandbox on " + runtime.GOOS}, nil
}
