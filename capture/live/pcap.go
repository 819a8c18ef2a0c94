//go:build cgo

package live

import (
	"errors"
	"fmt"
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
		return nil, o.refused(name, err)
	}
	return &pcapDevice{
		presence: newPresence(name),
		handle:   handle,
		link:     linkType(handle),
	}, nil
}

// linkType is how frames begin, by the number that files have for it, which for
// raw IP is not the system's.
func linkType(handle *pcap.Handle) capture.LinkType {
	switch link := capture.LinkType(handle.LinkType()); link {
	case capture.LinkRawBSD, capture.LinkRawOpenBSD:
		return capture.LinkRaw
	default:
		return link
	}
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
