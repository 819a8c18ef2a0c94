package pcapfile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"net/netip"

	"talktrace/capture"
)

// Format is a format in which captures are written.
type Format uint8

// The formats.
const (
	PcapNG          Format = iota // any frames; secrets, names and comments
	Pcap                          // frames of one link type, times to the microsecond
	PcapNanoseconds               // the same, times to the nanosecond
)

// snapshotLength is what the writer announces: as much as programs accept.
const snapshotLength = 262144

// ErrNotHeld says that the format has no place for what was to be written.
var ErrNotHeld = errors.New("the pcap format cannot hold this; pcapng can")

// Writer writes a capture, in little-endian byte order. It keeps neither
// frames nor slices. After an error everything else fails with the same.
//
// A pcapng writer describes an interface when the first frame comes from it;
// frames that differ in link type or in the precision of their times count as
// coming from different interfaces, since in the file these are properties of
// the interface.
type Writer struct {
	out        *bufio.Writer
	format     Format
	begun      bool
	link       capture.LinkType // of a pcap file
	interfaces map[origination]uint32
	scratch    []byte
	err        error
}

// origination is what frames of one interface of a pcapng file share.
type origination struct {
	number int
	link   capture.LinkType
	nano   bool
}

// NewWriter returns a Writer to w, which gets its first bytes with the first
// Flush or when the buffer is full.
func NewWriter(w io.Writer, format Format) *Writer {
	return &Writer{
		out:        bufio.NewWriterSize(w, 64<<10),
		format:     format,
		interfaces: make(map[origination]uint32),
	}
}

// WriteFrame appends a frame. Its Number is not kept, nor in a pcap file its
// Interface and Comment. A frame that is longer than a Reader accepts, or with
// a time that the format cannot express, is an error and is not written.
func (w *Writer) WriteFrame(f *capture.Frame) error {
	if len(f.Data) > maxFrame {
		return fmt.Errorf("a frame of %d bytes is too long for a capture file", len(f.Data))
	}
	if f.Time < 0 || (w.format != PcapNG && f.Time/1e9 > math.MaxUint32) {
		return fmt.Errorf("the time %d ns is outside of what a capture file can express", f.Time)
	}
	if w.format != PcapNG {
		return w.writeRecord(f)
	}
	id := w.describe(origination{f.Interface, f.Link, f.Precision > 6})
	t := uint64(f.Time)
	if f.Precision <= 6 {
		t /= 1000
	}
	b := w.block(blockFrame)
	b = binary.LittleEndian.AppendUint32(b, id)
	b = binary.LittleEndian.AppendUint32(b, uint32(t>>32))
	b = binary.LittleEndian.AppendUint32(b, uint32(t))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(f.Data)))
	b = binary.LittleEndian.AppendUint32(b, originalLength(f))
	b = pad(append(b, f.Data...))
	if f.Comment != "" {
		// An option is at most 65535 bytes long.
		b = appendOption(b, optionComment, []byte(f.Comment[:min(len(f.Comment), math.MaxUint16)]))
		b = appendOption(b, optionEnd, nil)
	}
	return w.finish(b)
}

// WriteSecrets appends a Decryption Secrets Block of the given type (see
// capture.Hooks). It concerns the frames after it.
func (w *Writer) WriteSecrets(kind uint32, data []byte) error {
	if w.format != PcapNG {
		return ErrNotHeld
	}
	if len(data) > maxBlock-64 {
		return fmt.Errorf("secrets of %d bytes are too long for a capture file", len(data))
	}
	b := w.block(blockSecrets)
	b = binary.LittleEndian.AppendUint32(b, kind)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	return w.finish(pad(append(b, data...)))
}

// WriteName appends a Name Resolution Block with one entry.
func (w *Writer) WriteName(addr netip.Addr, name string) error {
	if w.format != PcapNG {
		return ErrNotHeld
	}
	if !addr.IsValid() || len(name) > 1024 {
		return fmt.Errorf("no name entry can be made of %v and a name of %d bytes", addr, len(name))
	}
	kind := uint16(nameIPv6)
	if addr.Is4() {
		kind = nameIPv4
	}
	entry := append(addr.AsSlice(), name...)
	b := appendOption(w.block(blockNames), kind, append(entry, 0))
	return w.finish(appendOption(b, nameEnd, nil))
}

// Flush hands everything written so far to the underlying writer. A capture
// without frames still gets its header.
func (w *Writer) Flush() error {
	w.begin(capture.LinkEthernet)
	if w.err == nil {
		w.err = w.out.Flush()
	}
	return w.err
}

// Close is Flush. It does not close the underlying writer.
func (w *Writer) Close() error { return w.Flush() }

// begin writes the header of the file, once.
func (w *Writer) begin(link capture.LinkType) {
	if w.begun {
		return
	}
	w.begun, w.link = true, link
	if w.format == PcapNG {
		b := w.block(blockSection)
		b = binary.LittleEndian.AppendUint32(b, byteOrderMagic)
		b = append(b, 1, 0, 0, 0)                               // version 1.0
		b = binary.LittleEndian.AppendUint64(b, math.MaxUint64) // length not known
		_ = w.finish(b)                                         // kept in w.err
		return
	}
	magic := uint32(magicMicroseconds)
	if w.format == PcapNanoseconds {
		magic = magicNanoseconds
	}
	b := binary.LittleEndian.AppendUint32(w.scratch[:0], magic)
	b = append(b, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0) // version 2.4, no time zone, no accuracy
	b = binary.LittleEndian.AppendUint32(b, snapshotLength)
	b = binary.LittleEndian.AppendUint32(b, uint32(link))
	_ = w.write(b)
}

// writeRecord appends a frame to a pcap file.
func (w *Writer) writeRecord(f *capture.Frame) error {
	w.begin(f.Link)
	if f.Link != w.link {
		return fmt.Errorf("link type %d in a file of link type %d: %w", f.Link, w.link, ErrNotHeld)
	}
	fraction := uint32(f.Time % 1e9)
	if w.format == Pcap {
		fraction /= 1000
	}
	b := binary.LittleEndian.AppendUint32(w.scratch[:0], uint32(f.Time/1e9))
	b = binary.LittleEndian.AppendUint32(b, fraction)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(f.Data)))
	b = binary.LittleEndian.AppendUint32(b, originalLength(f))
	return w.write(append(b, f.Data...))
}

// describe returns the number in the file of an interface, and writes its
// Interface Description Block where it is new.
func (w *Writer) describe(o origination) uint32 {
	if id, ok := w.interfaces[o]; ok {
		return id
	}
	id := uint32(len(w.interfaces))
	w.interfaces[o] = id
	b := w.block(blockInterface)
	b = binary.LittleEndian.AppendUint16(b, uint16(o.link))
	b = append(b, 0, 0)
	b = binary.LittleEndian.AppendUint32(b, snapshotLength)
	if o.nano {
		b = appendOption(b, interfaceResolution, []byte{9})
		b = appendOption(b, optionEnd, nil)
	}
	_ = w.finish(b) // kept in w.err
	return id
}

// block begins a block in the scratch buffer; finish fills in its length.
func (w *Writer) block(kind uint32) []byte {
	if kind != blockSection {
		w.begin(0)
	}
	return append(binary.LittleEndian.AppendUint32(w.scratch[:0], kind), 0, 0, 0, 0)
}

func (w *Writer) finish(b []byte) error {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(b)+4))
	copy(b[4:8], b[len(b)-4:])
	return w.write(b)
}

func (w *Writer) write(b []byte) error {
	w.scratch = b
	if w.err == nil {
		_, w.err = w.out.Write(b)
	}
	return w.err
}

func originalLength(f *capture.Frame) uint32 {
	return uint32(min(max(f.Length, len(f.Data)), math.MaxUint32))
}

// appendOption appends an option of a block, which is also how the records of
// a Name Resolution Block are built.
func appendOption(b []byte, code uint16, value []byte) []byte {
	b = binary.LittleEndian.AppendUint16(b, code)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(value)))
	return pad(append(b, value...))
}

// pad appends zeros up to a multiple of four bytes.
func pad(b []byte) []byte {
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}
