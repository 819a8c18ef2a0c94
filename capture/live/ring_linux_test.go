package live

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"talktrace/capture"
)

// ringOf makes a ring of two blocks, of which the first holds frames. It is
// nobody's: there is no socket behind it.
func ringOf(frames ...unix.Tpacket3Hdr) *ringDevice {
	d := &ringDevice{
		presence: presence{name: "eth9", watch: watch{socket: -1}}, link: capture.LinkEthernet, socket: -1, snaplen: 100, memory: make([]byte, 2*ringBlock),
	}
	block := (*unix.TpacketHdrV1)(unsafe.Pointer(&d.memory[blockHead]))
	*block = unix.TpacketHdrV1{Block_status: unix.TP_STATUS_USER, Num_pkts: uint32(len(frames)), Offset_to_first_pkt: 48}
	at := 48
	for _, head := range frames {
		*(*unix.Tpacket3Hdr)(unsafe.Pointer(&d.memory[at])) = head
		copy(d.memory[at+int(head.Mac):], "0123456789abcdefghij")
		at += int(head.Next_offset)
	}
	return d
}

// TestRing reads a block and gives it back.
func TestRing(t *testing.T) {
	d := ringOf(
		unix.Tpacket3Hdr{Next_offset: 128, Mac: 82, Snaplen: 20, Len: 60, Sec: 5, Nsec: 7},
		unix.Tpacket3Hdr{Next_offset: 128, Mac: 82, Snaplen: 20, Len: 20, Status: unix.TP_STATUS_VLAN_VALID | unix.TP_STATUS_VLAN_TPID_VALID, Hv1: unix.TpacketHdrVariant1{Vlan_tci: 7, Vlan_tpid: 0x88a8}},
		unix.Tpacket3Hdr{Mac: 82, Snaplen: 8, Len: 8, Hv1: unix.TpacketHdrVariant1{Vlan_tci: 7}},
	)
	tag := binary.BigEndian.AppendUint16([]byte{0x88, 0xa8}, 7)
	for _, want := range []struct {
		data string
		slot slot
	}{
		{"0123456789abcdefghij", slot{time: 5e9 + 7, length: 60, link: capture.LinkEthernet}},
		{"0123456789ab" + string(tag) + "cdefghij", slot{length: 24, link: capture.LinkEthernet}},
		{"01234567", slot{length: 8, link: capture.LinkEthernet}}, // too short for a tag
	} {
		data, s, err := d.next()
		if err != nil || string(data) != want.data || s != want.slot {
			t.Errorf("%q %+v %v, want %+v", data, s, err, want)
		}
	}
	if _, _, err := d.next(); !errors.Is(err, errQuiet) {
		t.Error(err)
	}
	status := (*unix.TpacketHdrV1)(unsafe.Pointer(&d.memory[blockHead])).Block_status
	if status != unix.TP_STATUS_KERNEL || d.block != ringBlock {
		t.Errorf("block %d is due, the first has status %d", d.block, status)
	}
}

// TestRingLies has heads of frames point out of their block.
func TestRingLies(t *testing.T) {
	good := unix.Tpacket3Hdr{Next_offset: 128, Mac: 82, Snaplen: 20, Len: 20}
	for _, lie := range []func(*unix.Tpacket3Hdr){
		func(h *unix.Tpacket3Hdr) { h.Snaplen = ringBlock },
		func(h *unix.Tpacket3Hdr) { h.Snaplen = 1<<32 - 1 },
		func(h *unix.Tpacket3Hdr) { h.Mac = 10 },
		func(h *unix.Tpacket3Hdr) { h.Mac = 65535; h.Snaplen = ringBlock - 65535 },
		func(h *unix.Tpacket3Hdr) { h.Next_offset = ringBlock },
		func(h *unix.Tpacket3Hdr) { h.Next_offset = 1<<32 - 1 },
	} {
		d := ringOf(slices.Repeat([]unix.Tpacket3Hdr{good}, 3)...)
		lie((*unix.Tpacket3Hdr)(unsafe.Pointer(&d.memory[48])))
		var err error
		for range 3 {
			if err == nil {
				_, _, err = d.next()
			}
		}
		if !errors.Is(err, errRing) || !strings.HasPrefix(err.Error(), "eth9: ") {
			t.Error(err)
		}
	}
}

// TestCooked reads frames that come without what was before their network
// layer, and with a VLAN tag beside them, or one that the kernel has skipped.
func TestCooked(t *testing.T) {
	tagged := unix.Tpacket3Hdr{Next_offset: 256, Mac: 120, Snaplen: 20, Len: 60, Status: unix.TP_STATUS_VLAN_VALID, Hv1: unix.TpacketHdrVariant1{Vlan_tci: 7}}
	plain := unix.Tpacket3Hdr{Next_offset: 256, Mac: 120, Snaplen: 20, Len: 20}
	const address = "\x02\x02\x02\x02\x02\x02\x00\x00"
	for _, c := range []struct {
		head   unix.Tpacket3Hdr
		kind   uint16
		way    uint8
		begins byte
		want   string
		length int32
	}{
		{plain, unix.ETH_P_IP, unix.PACKET_HOST, 0x45, "\x08\x00\x00\x00\x00\x00\x00\x09\x00\x01\x00\x06" + address + "\x45123456789abcdefghij", 40},
		{tagged, unix.ETH_P_IP, unix.PACKET_OUTGOING, 0x45, "\x81\x00\x00\x00\x00\x00\x00\x09\x00\x01\x04\x06" + address + "\x00\x07\x08\x00\x45123456789abcdefghij", 84},
		{plain, unix.ETH_P_8021Q, unix.PACKET_OUTGOING, 0x60, "\x86\xdd\x00\x00\x00\x00\x00\x09\x00\x01\x04\x06" + address + "\x60123456789abcdefghij", 40},
		{plain, unix.ETH_P_8021AD, unix.PACKET_OUTGOING, 0x45, "\x08\x00\x00\x00\x00\x00\x00\x09\x00\x01\x04\x06" + address + "\x45123456789abcdefghij", 40},
		{plain, unix.ETH_P_8021Q, unix.PACKET_HOST, 0x45, "\x81\x00\x00\x00\x00\x00\x00\x09\x00\x01\x00\x06" + address + "\x45123456789abcdefghij", 40},
	} {
		d := ringOf(c.head)
		d.link = capture.LinkLinuxSLL2
		from := (*unix.RawSockaddrLinklayer)(unsafe.Pointer(&d.memory[48+unix.SizeofTpacket3Hdr]))
		*from = unix.RawSockaddrLinklayer{Protocol: onWire(c.kind), Ifindex: 9, Hatype: unix.ARPHRD_ETHER, Pkttype: c.way, Halen: 6, Addr: [8]uint8{2, 2, 2, 2, 2, 2}}
		d.memory[48+120] = c.begins
		data, s, err := d.next()
		if err != nil || string(data) != c.want || s.length != c.length || s.link != capture.LinkLinuxSLL2 {
			t.Errorf("%q %+v %v, want %q", data, s, err, c.want)
		}
	}
	d := ringOf(unix.Tpacket3Hdr{Mac: 82, Snaplen: 20, Len: 20}) // without room for a header
	d.link = capture.LinkLinuxSLL2
	if _, _, err := d.next(); !errors.Is(err, errRing) {
		t.Error(err)
	}
}
