//go:build cgo

package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/google/gopacket/pcap"

	"talktrace/capture"
)

const (
	wholeFrames = 262144

	// wake is how often Next looks up from waiting for frames, and so how
	// long the end of its context may go unnoticed.
	wake = 100 * time.Millisecond
)

// Open begins to capture on an interface ("any" is all of them, on Linux).
// When ctx ends, Next returns io.EOF within a tenth of a second, whether or
// not frames come; nothing else makes it do so. Close must not be called while
// Next runs, nor before the last frame's Data has been done with: those bytes
// are libpcap's.
//
// Errors are *capture.Error, with a hint where one is known.
func Open(ctx context.Context, iface string, o Options) (capture.Source, error) {
	handle, err := activate(iface, o)
	if err != nil {
		return nil, failure(iface, err)
	}
	if o.Filter != "" {
		if err := handle.SetBPFFilter(o.Filter); err != nil {
			handle.Close()
			return nil, &capture.Error{
				File: iface,
				Err:  fmt.Errorf("capture filter %q: %w", o.Filter, err),
				Hint: "capture filters are written as for tcpdump (man pcap-filter)",
			}
		}
	}
	return &source{ctx: ctx, iface: iface, handle: handle, link: capture.LinkType(handle.LinkType())}, nil
}

func activate(iface string, o Options) (*pcap.Handle, error) {
	inactive, err := pcap.NewInactiveHandle(iface)
	if err != nil {
		return nil, err
	}
	defer inactive.CleanUp()
	snaplen := o.Snaplen
	if snaplen <= 0 {
		snaplen = wholeFrames
	}
	// "any" cannot be promiscuous, and libpcap warns of it as of an error.
	err = errors.Join(
		inactive.SetSnapLen(snaplen),
		inactive.SetPromisc(o.Promiscuous && iface != "any"),
		inactive.SetTimeout(wake),
		inactive.SetImmediateMode(o.Immediate))
	if o.BufferMiB > 0 {
		err = errors.Join(err, inactive.SetBufferSize(o.BufferMiB<<20))
	}
	if err != nil {
		return nil, err
	}
	handle, err := inactive.Activate()
	if err != nil {
		if why := inactive.Error(); why.Error() != "" {
			err = why // which says more
		}
		return nil, err
	}
	return handle, nil
}

// source is a capture.Source of one interface.
type source struct {
	ctx    context.Context
	iface  string
	handle *pcap.Handle
	link   capture.LinkType
	frames int
	err    error
}

func (s *source) Next(f *capture.Frame) error {
	for s.err == nil {
		if s.ctx.Err() != nil {
			s.err = io.EOF
			break
		}
		data, info, err := s.handle.ZeroCopyReadPacketData()
		switch {
		case err == nil:
			s.frames++
			*f = capture.Frame{
				Number:    s.frames,
				Time:      info.Timestamp.UnixNano(),
				Precision: 9,
				Data:      data,
				Length:    info.Length,
				Link:      s.link,
			}
			return nil
		case errors.Is(err, pcap.NextErrorTimeoutExpired):
		case errors.Is(err, io.EOF):
			s.err = io.EOF
		default:
			if errors.Is(err, pcap.NextErrorReadError) {
				err = s.handle.Error()
			}
			s.err = &capture.Error{File: s.iface, Frame: s.frames, Err: err}
		}
	}
	return s.err
}

// Buffered returns false: libpcap does not tell whether more frames are waiting.
func (s *source) Buffered() bool { return s.err != nil }

func (s *source) Close() error {
	s.handle.Close()
	if s.err == nil {
		s.err = io.EOF
	}
	return nil
}

// failure says what can be done about an interface that cannot be opened.
func failure(iface string, err error) error {
	e := &capture.Error{File: iface, Err: err}
	words := strings.ToLower(err.Error())
	switch {
	case strings.Contains(words, "permission"), strings.Contains(words, "not permitted"):
		program, err := os.Executable()
		if err != nil {
			program = "talktrace"
		}
		e.Hint = "run it by sudo, or once: sudo setcap cap_net_raw,cap_net_admin+eip " + program
	case strings.Contains(words, "no such device"):
		e.Hint = "talktrace -D lists the interfaces"
	case strings.Contains(words, "not up"):
		e.Hint = "bring it up: sudo ip link set " + iface + " up"
	}
	return e
}

// Flags of an interface, from pcap/pcap.h.
const (
	flagLoopback = 1 << 0
	flagUp       = 1 << 1
)

// Interfaces lists what can be captured on, in libpcap's order: the most
// likely first.
func Interfaces() ([]Interface, error) {
	found, err := pcap.FindAllDevs()
	if err != nil {
		return nil, failure("interfaces", err)
	}
	list := make([]Interface, 0, len(found))
	for _, d := range found {
		i := Interface{
			Name:        d.Name,
			Description: d.Description,
			Up:          d.Flags&flagUp != 0,
			Loopback:    d.Flags&flagLoopback != 0,
		}
		for _, a := range d.Addresses {
			if addr, ok := netip.AddrFromSlice(a.IP); ok {
				i.Addresses = append(i.Addresses, addr)
			}
		}
		list = append(list, i)
	}
	return list, nil
}
