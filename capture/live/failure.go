//go:build cgo || linux

package live

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"talktrace/capture"
)

// failure says what can be done about an interface that cannot be opened.
func failure(name string, err error) error {
	e := &capture.Error{File: name, Err: err}
	words := strings.ToLower(err.Error())
	switch {
	case strings.Contains(words, "permission"), strings.Contains(words, "not permitted"):
		e.Err = errors.New("no permission to capture")
		e.Hint = "run it by sudo, or once: sudo setcap cap_net_raw,cap_net_admin+eip " + program()
	case strings.Contains(words, "no such device"):
		e.Err = &goneError{"there is no such interface"}
		e.Hint = "talktrace -D lists the interfaces" + elsewhere()
	case strings.Contains(words, "not up"):
		e.Err = &goneError{"the interface is down"}
		e.Hint = "bring it up: sudo ip link set " + name + " up; or --wait until it is"
	}
	return e
}

// program is the path of the running program, symbolic links followed:
// capabilities are the file's, not the link's.
func program() string {
	path, err := os.Executable()
	if err != nil {
		return "talktrace"
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return path
}

// elsewhere points at the network namespaces in which the interface could be.
func elsewhere() string {
	if names, err := os.ReadDir("/run/netns"); err != nil || len(names) == 0 {
		return ""
	}
	return "; in another network namespace: sudo ip netns exec NAME " + program() + " -i ..."
}

// refused says what is wrong with the capture filter.
func (o *Options) refused(name string, err error) error {
	return &capture.Error{
		File: name,
		Err:  fmt.Errorf("capture filter %q: %w", o.filter(), err),
		Hint: "capture filters are written as for tcpdump (man pcap-filter)",
	}
}
