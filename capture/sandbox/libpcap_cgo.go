//go:build cgo

package sandbox

// withLibpcap says that interfaces are opened by libpcap.
const withLibpcap = true
