//go:build cgo

package live

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/gopacket/pcap"

	"talktrace/capture"
)

// Built reports whether this build can capture.
const Built = true

// pcapDevice is an interface that libpcap reads.
type pcapDevice struct {
	presence
	handle *pcap.Handle
	link   capture.LinkType
	last   pcap.Stats // as libpcap counts, modulo 2^32
	total  Stats
}

// openDevice opens an interface by libpcap, which knows what it is and what is
// wrong with it, and reads it without libpcap where that is possible.
func openDevice(name string, o *Options) (device, error) {
	d, err := openPcap(name, o)
	if err != nil {
		return nil, err
	}
	if faster := direct(d.handle, name, o); faster != nil {
		d.close()
		return faster, nil
	}
	return d, nil
}

func openPcap(name string, o *Options) (*pcapDevice, error) {
	handle, err := activate(name, o)
	if err != nil {
		return nil, failure(name, err)
	}
	if err := setFilter(handle, o); err != nil {
		handle.Close()
		return nil, &capture.Error{
			File: name,
			Err:  fmt.Errorf("capture filter %q: %w", o.filter(), err),
			Hint: "capture filters are written as for tcpdump (man pcap-filter)",
		}
	}
	return &pcapDevice{
		presence: newPresence(name),
		handle:   handle,
		link:     capture.LinkType(handle.LinkType()),
	}, nil
}

func activate(name string, o *Options) (*pcap.Handle, error) {
	inactive, err := pcap.NewInactiveHandle(name)
	if err != nil {
		return nil, err
	}
	defer inactive.CleanUp()
	err = errors.Join(
		inactive.SetSnapLen(o.snaplen()),
		// "any" cannot be promiscuous, and libpcap warns of it as of an error.
		inactive.SetPromisc(o.Promiscuous && name != "any"),
		inactive.SetTimeout(blockTime),
		inactive.SetBufferSize(o.buffer()<<20))
	if err != nil {
		return nil, err
	}
	handle, err := inactive.Activate()
	if err != nil {
		if why := inactive.Error(); why.Error() != "" {
			err = fmt.Errorf("%w (%w)", err, why) // the library's word for the kind, the system's for the rest
		}
		return nil, err
	}
	return handle, nil
}

// setFilter sets the filter that the options ask for. Not every link type can
// have VLAN tags, and libpcap refuses a filter that asks for what cannot be.
func setFilter(handle *pcap.Handle, o *Options) error {
	filter := o.filter()
	if filter == "" || o.Filter == "" && handle.SetBPFFilter(tagged(filter)) == nil {
		return nil
	}
	return handle.SetBPFFilter(filter)
}

func (d *pcapDevice) next() ([]byte, slot, error) {
	data, info, err := d.handle.ZeroCopyReadPacketData()
	switch {
	case err == nil:
		// No frame is longer than the snapshot length; the queue relies on it.
		return data[:min(len(data), WholeFrames)], slot{
			time:   info.Timestamp.UnixNano(),
			length: int32(info.Length),
			link:   d.link,
		}, nil
	case errors.Is(err, pcap.NextErrorTimeoutExpired):
		return nil, slot{}, d.quiet(d.watch.check(d.name))
	case errors.Is(err, pcap.NextErrorReadError):
		err = d.handle.Error()
		if strings.Contains(err.Error(), "disappeared") {
			return nil, slot{}, d.quiet("the interface has disappeared")
		}
	}
	return nil, slot{}, &capture.Error{File: d.name, Err: err}
}

func (d *pcapDevice) counts() (Stats, error) {
	now, err := d.handle.Stats()
	if err != nil {
		return d.total, err
	}
	since := func(now, last int) int64 { return int64(uint32(now) - uint32(last)) }
	d.total.Received += since(now.PacketsReceived, d.last.PacketsReceived)
	d.total.Dropped += since(now.PacketsDropped, d.last.PacketsDropped)
	d.total.Missed += since(now.PacketsIfDropped, d.last.PacketsIfDropped)
	d.last = *now
	return d.total, nil
}

func (d *pcapDevice) close() {
	d.handle.Close()
	d.watch.close()
}

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
