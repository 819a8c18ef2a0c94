//go:build !cgo && !linux

package live

import "talktrace/capture"

const notBuiltHint = "build it with CGO_ENABLED=1 and libpcap's headers, or capture by: tcpdump -i IFACE -U -w - | talktrace -i -"

// Built reports whether this build can capture.
const Built = false

func openDevice(name string, _ *Options) (device, error) {
	return nil, &capture.Error{File: name, Err: ErrNotBuilt, Hint: notBuiltHint}
}

// Interfaces fails: see ErrNotBuilt.
func Interfaces() ([]Interface, error) {
	return nil, &capture.Error{File: "interfaces", Err: ErrNotBuilt, Hint: notBuiltHint}
}
