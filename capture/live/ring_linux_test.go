//go:build cgo

package live

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"talktrace/capture"
)

// TestRingAgainstLibpcap reads an interface in both ways at a time: the frames
// are the same, tagged, cut and sorted out alike.
func TestRingAgainstLibpcap(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	wire(t)
	long := append(segment(5222, 0), bytes.Repeat([]byte("talk "), 250)...)
	frames := [][]byte{segment(80, 0), segment(5222, 0), segment(5222, 1), long, segment(5269, 2), segment(53, 0), segment(5222, 0)}
	last := append(segment(5222, 1), "the end"...) // which all of the filters let through
	for _, o := range []Options{
		{Filter: "ether host 2:2:2:2:2:2"}, // not the greetings of IPv6
		{Filter: "tcp"},
		{Filter: "vlan", Snaplen: 30},
		{Ports: []uint16{5222}, BufferMiB: 1, Promiscuous: true},
		{Filter: "tcp port 5222", Snaplen: 64},
	} {
		ring := open(t.Context(), t, "far", o)
		if _, ok := ring.lines[0].dev.(*ringDevice); !ok {
			t.Fatalf("far is read by %T", ring.lines[0].dev)
		}
		library, err := start(t.Context(), []string{"far"}, o, func(name string, o *Options) (device, error) { return openPcap(name, o) })
		if err != nil {
			t.Fatal(err)
		}
		send(t, frames...)
		send(t, last)
		var a, b capture.Frame
		for n := 0; a.Length != len(last); n++ {
			if err := errors.Join(ring.Next(&a), library.Next(&b)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a.Data, b.Data) || a.Length != b.Length || a.Link != b.Link || a.Time-b.Time > 1e9 || b.Time-a.Time > 1e9 {
				t.Errorf("%+v: frame %d\n%+v, by libpcap\n%+v", o, n, a, b)
			}
		}
		if r, l := ring.Stats()[0], library.Stats()[0]; r != l {
			t.Errorf("%+v, by libpcap %+v", r, l)
		}
		if err := errors.Join(ring.Close(), library.Close()); err != nil {
			t.Error(err)
		}
	}
}

// ringOf makes a ring of two blocks, of which the first holds frames. It is
// nobody's: there is no socket behind it.
func ringOf(frames ...unix.Tpacket3Hdr) *ringDevice {
	d := &ringDevice{
		presence: presence{name: "eth9", watch: watch{socket: -1}}, socket: -1, snaplen: 100, memory: make([]byte, 2*ringBlock),
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
