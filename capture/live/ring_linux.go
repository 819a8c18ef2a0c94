package live

import (
	"encoding/binary"
	"errors"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"talktrace/capture"
)

const (
	// ringBlock is the size of a block of the ring, and with it the longest
	// frame. Smaller blocks are handed over sooner under load; larger ones
	// waste less of the buffer where there is one frame in blockTime.
	ringBlock = 256 << 10

	tagBytes  = 4  // of a VLAN tag
	tagOffset = 12 // of where it stands in a frame: behind the addresses
)

// ringDevice is an interface whose frames are read where the kernel
// puts them (packet(7), TPACKET_V3): nothing is copied, and no C function called,
// for a frame. The kernel fills one block of memory after the other and hands
// each over as a whole; it is given back when all of its frames have been read.
type ringDevice struct {
	presence
	socket int
	memory []byte
	block  int    // the offset in memory of the block that is read or waited for
	mine   bool   // the kernel has handed it over
	left   uint32 // its frames that have not been read
	at     int    // the offset in memory of the next one

	link    capture.LinkType
	index   int   // of the interface; 0 is all of them
	snaplen int   // bytes to keep of a frame
	missed  int64 // by the interface, before this device was opened
	total   Stats
}

var (
	_ device = (*ringDevice)(nil)

	errRing = errors.New("the kernel's ring of frames contradicts itself")
)

// openRing opens an interface, whose frames begin with what the link type says;
// those of all interfaces are cooked. The filter is for frames as the kernel
// hands them over, without the header of cooked ones, and says how much is kept
// of each.
func openRing(name string, link capture.LinkType, filter []unix.SockFilter, o *Options) (*ringDevice, error) {
	kind := unix.SOCK_RAW
	if link == capture.LinkLinuxSLL2 {
		kind = unix.SOCK_DGRAM
	}
	socket, err := unix.Socket(unix.AF_PACKET, kind|unix.SOCK_CLOEXEC, 0) // that hears nothing yet
	if err != nil {
		return nil, err
	}
	d := &ringDevice{presence: newPresence(name), socket: socket, link: link, snaplen: o.snaplen(), missed: missedBy(name)}
	if err := d.open(filter, o); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (d *ringDevice) open(filter []unix.SockFilter, o *Options) (err error) {
	if d.name != allInterfaces {
		d.index, _, err = d.watch.describe(d.name)
		if err != nil {
			return err
		}
	}
	blocks := o.buffer() << 20 / ringBlock
	ring := unix.TpacketReq3{
		Block_size: ringBlock, Block_nr: uint32(blocks),
		Frame_size: ringBlock, Frame_nr: uint32(blocks), // which the kernel asks for, and does not mean
		Retire_blk_tov: uint32(blockTime.Milliseconds()),
	}
	err = errors.Join(
		unix.SetsockoptInt(d.socket, unix.SOL_PACKET, unix.PACKET_VERSION, unix.TPACKET_V3),
		unix.SetsockoptInt(d.socket, unix.SOL_PACKET, unix.PACKET_RESERVE, tagBytes+cookedBytes), // before each frame
		unix.SetsockoptTpacketReq3(d.socket, unix.SOL_PACKET, unix.PACKET_RX_RING, &ring),
		unix.SetsockoptSockFprog(d.socket, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}))
	if err != nil {
		return err
	}
	if o.Promiscuous && d.index != 0 {
		request := unix.PacketMreq{Ifindex: int32(d.index), Type: unix.PACKET_MR_PROMISC}
		if err := unix.SetsockoptPacketMreq(d.socket, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, &request); err != nil {
			return err
		}
	}
	d.memory, err = unix.Mmap(d.socket, 0, blocks*ringBlock, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return err
	}
	everything := binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, unix.ETH_P_ALL))
	return unix.Bind(d.socket, &unix.SockaddrLinklayer{Protocol: everything, Ifindex: d.index})
}

// next implements device.
func (d *ringDevice) next() ([]byte, slot, error) {
	for {
		for d.left > 0 {
			data, s, wanted, err := d.frame()
			if err != nil || wanted {
				return data, s, err
			}
		}
		if d.mine {
			d.giveBack()
		}
		if err := d.take(); err != nil {
			return nil, slot{}, err
		}
	}
}

// frame reads the next frame of the block. One that is seen twice is wanted on
// its way in only.
func (d *ringDevice) frame() (data []byte, s slot, wanted bool, err error) {
	end := d.block + ringBlock
	if d.at < d.block || d.at&7 != 0 || d.at+unix.SizeofTpacket3Hdr+unix.SizeofSockaddrLinklayer > end {
		return nil, slot{}, false, d.fails(errRing)
	}
	head := (*unix.Tpacket3Hdr)(unsafe.Pointer(&d.memory[d.at]))
	from := (*unix.RawSockaddrLinklayer)(unsafe.Pointer(&d.memory[d.at+unix.SizeofTpacket3Hdr]))
	begin := d.at + int(head.Mac)
	if int(head.Mac) < unix.SizeofTpacket3Hdr+unix.SizeofSockaddrLinklayer+d.room() || int(head.Snaplen) > end-begin {
		return nil, slot{}, false, d.fails(errRing)
	}
	d.left--
	d.at += int(head.Next_offset)
	if from.Hatype == unix.ARPHRD_LOOPBACK && from.Pkttype == unix.PACKET_OUTGOING {
		return nil, slot{}, false, nil
	}
	data = d.memory[begin : begin+int(head.Snaplen)]
	s = slot{
		time:   int64(head.Sec)*1e9 + int64(head.Nsec),
		length: int32(head.Len),
		link:   d.link,
	}
	switch kept := len(data); {
	case d.link == capture.LinkLinuxSLL2:
		data = d.cook(begin, kept, head, from)
	case d.link == capture.LinkEthernet && hasTag(head) && kept >= tagOffset:
		data = d.tag(begin, kept, head)
	}
	s.length += int32(len(data)) - int32(head.Snaplen)
	return data[:min(len(data), d.snaplen)], s, true, nil
}

// hasTag reports whether the kernel keeps a VLAN tag apart from the frame.
func hasTag(head *unix.Tpacket3Hdr) bool {
	return head.Hv1.Vlan_tci != 0 || head.Status&unix.TP_STATUS_VLAN_VALID != 0
}

// tagKind is the EtherType of that tag.
func tagKind(head *unix.Tpacket3Hdr) uint16 {
	if head.Status&unix.TP_STATUS_VLAN_TPID_VALID != 0 {
		return head.Hv1.Vlan_tpid
	}
	return unix.ETH_P_8021Q
}

// tag puts a VLAN tag, which the kernel keeps apart from its frame, back into
// its place. There is room for it before the frame.
func (d *ringDevice) tag(begin, size int, head *unix.Tpacket3Hdr) []byte {
	data := d.memory[begin-tagBytes : begin+size]
	copy(data, data[tagBytes:tagBytes+tagOffset])
	binary.BigEndian.PutUint16(data[tagOffset:], tagKind(head))
	binary.BigEndian.PutUint16(data[tagOffset+2:], uint16(head.Hv1.Vlan_tci))
	return data
}

// take waits until the block that is due is handed over, or returns errQuiet.
func (d *ringDevice) take() error {
	head := (*unix.TpacketHdrV1)(unsafe.Pointer(&d.memory[d.block+blockHead]))
	for waited := false; atomic.LoadUint32(&head.Block_status)&unix.TP_STATUS_USER == 0; waited = true {
		if waited {
			return d.quiet(d.trouble())
		}
		if err := d.poll(); err != nil {
			return err
		}
	}
	d.mine, d.left, d.at = true, head.Num_pkts, d.block+int(head.Offset_to_first_pkt)
	return nil
}

// trouble says what is wrong with the interface, or nothing. One that has been
// made anew under the same name is not the one that was opened.
func (d *ringDevice) trouble() string {
	if index, _, err := d.watch.describe(d.name); err == nil && index != d.index {
		return "the interface has disappeared"
	}
	return d.watch.check(d.name)
}

// blockHead is where the head of a block begins, behind its version and size.
const blockHead = int(unsafe.Offsetof(unix.TpacketBlockDesc{}.Hdr))

// poll waits until there is something to look at, for blockTime at most.
func (d *ringDevice) poll() error {
	ask := []unix.PollFd{{Fd: int32(d.socket), Events: unix.POLLIN}}
	_, err := unix.Poll(ask, int(blockTime.Milliseconds()))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return d.fails(os.NewSyscallError("poll", err))
	}
	if ask[0].Revents&unix.POLLERR == 0 {
		return nil
	}
	switch code, err := unix.GetsockoptInt(d.socket, unix.SOL_SOCKET, unix.SO_ERROR); {
	case err != nil:
		return d.fails(os.NewSyscallError("getsockopt", err))
	case code == int(unix.ENETDOWN): // the watch knows more; it may be up again by now
		return nil
	case code != 0:
		return d.fails(os.NewSyscallError("recvfrom", unix.Errno(code)))
	}
	return nil
}

// giveBack returns the block to the kernel. It is over with the frames in it.
func (d *ringDevice) giveBack() {
	head := (*unix.TpacketHdrV1)(unsafe.Pointer(&d.memory[d.block+blockHead]))
	atomic.StoreUint32(&head.Block_status, unix.TP_STATUS_KERNEL)
	d.mine = false
	if d.block += ringBlock; d.block == len(d.memory) {
		d.block = 0
	}
}

func (d *ringDevice) fails(err error) error { return &capture.Error{File: d.name, Err: err} }

// counts implements device. The kernel begins to count anew each time that it
// is asked.
func (d *ringDevice) counts() (Stats, error) {
	now, err := unix.GetsockoptTpacketStatsV3(d.socket, unix.SOL_PACKET, unix.PACKET_STATISTICS)
	if err != nil {
		return d.total, err
	}
	d.total.Received += int64(now.Packets)
	d.total.Dropped += int64(now.Drops)
	d.total.Missed = max(d.total.Missed, missedBy(d.name)-d.missed)
	return d.total, nil
}

func (d *ringDevice) close() {
	if d.memory != nil {
		_ = unix.Munmap(d.memory)
	}
	_ = unix.Close(d.socket)
	d.watch.close()
}

// missedBy returns how many frames an interface has missed since it was made;
// 0 where it does not say.
func missedBy(name string) (frames int64) {
	for _, reason := range [...]string{"rx_missed_errors", "rx_fifo_errors"} {
		text, err := os.ReadFile("/sys/class/net/" + name + "/statistics/" + reason)
		if err != nil {
			continue
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil {
			frames += n
		}
	}
	return frames
}
