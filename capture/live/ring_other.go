//go:build cgo && !linux

package live

import "github.com/google/gopacket/pcap"

// direct returns nothing: only Linux has a way beside libpcap.
func direct(*pcap.Handle, string, *Options) device { return nil }
