//go:build !cgo

package live

import (
	"context"

	"talktrace/capture"
)

const notBuiltHint = "build it with CGO_ENABLED=1 and libpcap's headers, or capture by: tcpdump -i IFACE -U -w - | talktrace -i -"

// Open fails: see ErrNotBuilt.
func Open(_ context.Context, iface string, _ Options) (capture.Source, error) {
	return nil, &capture.Error{File: iface, Err: ErrNotBuilt, Hint: notBuiltHint}
}

// Interfaces fails: see ErrNotBuilt.
func Interfaces() ([]Interface, error) {
	return nil, &capture.Error{File: "interfaces", Err: ErrNotBuilt, Hint: notBuiltHint}
}
