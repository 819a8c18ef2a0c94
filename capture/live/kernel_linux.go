package live

import (
	"errors"

	"golang.org/x/sys/unix"

	"talktrace/capture"
	"talktrace/capture/bpf"
)

// allInterfaces is what all of them are called together.
const allInterfaces = "any"

// openKernel opens an interface without libpcap: by a packet socket (packet(7)),
// through which nothing is ever sent.
func openKernel(name string, o *Options) (device, error) {
	link, err := identify(name)
	if err != nil {
		return nil, failure(name, err)
	}
	filter, err := socketFilter(o, link)
	if err != nil {
		return nil, o.refused(name, err)
	}
	d, err := openRing(name, link, filter, o)
	if err != nil {
		return nil, failure(name, err)
	}
	return d, nil
}

var errDown = errors.New("the interface is not up")

// identify returns how frames on an interface begin. Where that is neither
// Ethernet nor nothing at all the kernel takes it off, and says what it was.
func identify(name string) (capture.LinkType, error) {
	if name == allInterfaces {
		return capture.LinkLinuxSLL2, nil
	}
	socket, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	defer func() { _ = unix.Close(socket) }()
	request, err := unix.NewIfreq(name)
	if err != nil { // no interface has such a name
		return 0, unix.ENODEV
	}
	if err := unix.IoctlIfreq(socket, unix.SIOCGIFFLAGS, request); err != nil {
		return 0, err
	}
	if request.Uint16()&unix.IFF_UP == 0 {
		return 0, errDown
	}
	if err := unix.IoctlIfreq(socket, unix.SIOCGIFHWADDR, request); err != nil {
		return 0, err
	}
	switch request.Uint16() { // the family of the address, which is the hardware's type
	case unix.ARPHRD_ETHER, unix.ARPHRD_LOOPBACK:
		return capture.LinkEthernet, nil
	case unix.ARPHRD_NONE, unix.ARPHRD_RAWIP:
		return capture.LinkRaw, nil
	}
	return capture.LinkLinuxSLL2, nil
}

// socketFilter compiles the filter that the options ask for, as setFilter does for
// libpcap.
func socketFilter(o *Options, link capture.LinkType) ([]unix.SockFilter, error) {
	of := bpf.Frames{Link: link, Live: true, Snaplen: uint32(o.snaplen())}
	text := o.filter()
	code, err := bpf.Compile(tagged(text), of)
	if o.Filter != "" || text == "" || err != nil {
		code, err = bpf.Compile(text, of)
	}
	if err != nil {
		return nil, err
	}
	filter := make([]unix.SockFilter, 0, len(code))
	for _, c := range code {
		filter = append(filter, unix.SockFilter{Code: c.Code, Jt: c.Jt, Jf: c.Jf, K: c.K})
	}
	return filter, nil
}
