package live

import (
	"errors"

	"golang.org/x/sys/unix"
)

// A watch looks whether an interface is still there and switched on: libpcap
// waits for frames of one that is not, without a word. Its socket is of the
// kind that libpcap needs as well, and nothing is ever sent through it.
type watch struct {
	socket int // -1 where the interface cannot be asked for, as with "any"
}

func newWatch(name string) watch {
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return watch{-1}
	}
	w := watch{socket}
	if _, err := w.flags(name); err != nil {
		w.close()
		return watch{-1}
	}
	return w
}

func (w watch) flags(name string) (uint16, error) {
	request, err := unix.NewIfreq(name)
	if err != nil {
		return 0, err
	}
	err = unix.IoctlIfreq(w.socket, unix.SIOCGIFFLAGS, request)
	return request.Uint16(), err
}

// describe returns the number and the flags of the interface.
func (w watch) describe(name string) (index int, flags uint16, err error) {
	request, err := unix.NewIfreq(name)
	if err != nil {
		return 0, 0, err
	}
	if err := unix.IoctlIfreq(w.socket, unix.SIOCGIFINDEX, request); err != nil {
		return 0, 0, err
	}
	index = int(request.Uint32())
	flags, err = w.flags(name)
	return index, flags, err
}

// check says what is wrong with the interface, or nothing.
func (w watch) check(name string) string {
	if w.socket < 0 {
		return ""
	}
	flags, err := w.flags(name)
	switch {
	case errors.Is(err, unix.ENODEV):
		return "the interface has disappeared"
	case err == nil && flags&unix.IFF_UP == 0:
		return "the interface has gone down"
	}
	return ""
}

func (w watch) close() {
	if w.socket >= 0 {
		_ = unix.Close(w.socket)
	}
}
