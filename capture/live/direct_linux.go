//go:build cgo

package live

import (
	"github.com/google/gopacket/pcap"
	"golang.org/x/sys/unix"

	"talktrace/capture"
)

// direct opens an interface that libpcap has opened once more, to be read
// without it. It returns nil where only libpcap can: frames that are not those
// of Ethernet, "any", and a filter that the kernel does not take.
func direct(handle *pcap.Handle, name string, o *Options) device {
	if capture.LinkType(handle.LinkType()) != capture.LinkEthernet {
		return nil
	}
	filter, err := compile(handle, o)
	if err != nil || len(filter) == 0 {
		return nil
	}
	d, err := openRing(name, capture.LinkEthernet, filter, o)
	if err != nil {
		return nil
	}
	return d
}

// compile makes a program of the filter that the options ask for, as setFilter
// does. The handle knows the snapshot length, and that the kernel keeps VLAN
// tags apart.
func compile(handle *pcap.Handle, o *Options) ([]unix.SockFilter, error) {
	text := o.filter()
	code, err := handle.CompileBPFFilter(tagged(text))
	if o.Filter != "" || text == "" || err != nil {
		code, err = handle.CompileBPFFilter(text)
	}
	if err != nil {
		return nil, err
	}
	program := make([]unix.SockFilter, 0, len(code))
	for _, c := range code {
		program = append(program, unix.SockFilter{Code: c.Code, Jt: c.Jt, Jf: c.Jf, K: c.K})
	}
	return program, nil
}
