package pcapfile

import (
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
	PcapNG          Format = iota // any frames; interfaces, secrets, names and comments
	Pcap                          // frames of one link type, times to the microsecond
	PcapNanoseconds               // the same, times to the nanosecond
)

const (
	// snapshotLength is what the writer announces where nobody says more: as
	// much as programs accept.
	snapshotLength = 262144

	// writeSize is how many bytes are gathered before they are written.
	writeSize = 64 << 10
)

// ErrNotHeld says that the format has no place for what was to be written.
var ErrNotHeld = errors.New("the pcap format cannot hold this; pcapng can")

// Writer writes a capture, in little-endian byte order. It keeps neither
// frames nor slices.
//
// The underlying writer gets whole records only, one or more with each call: a
// file is good up to the last of them whenever the program ends. After an error
// of that writer everything else fails with the same.
type Writer struct {
	out    io.Writer
	format Format
	buf    []byte // whole records, and the one being built
	size   int64  // of what out has got
	begun  bool
	link   capture.LinkType // of a pcap file
	err    error

	interfaces []*described // of the pcapng section, by their number in it
	known      map[description]*described
	recent     *described // the one of the latest frame
}

// NewWriter returns a Writer to w, which gets its first bytes with the first
// Flush or when there are many.
func NewWriter(w io.Writer, format Format) *Writer {
	return &Writer{out: w, format: format, known: make(map[description]*described)}
}

// Size is the number of bytes that have been written, or wait to be.
func (w *Writer) Size() int64 { return w.size + int64(len(w.buf)) }

// WriteFrame appends a frame. Its Number is not kept, nor in a pcap file its
// Interface, Origin and Comment. A frame that is longer than a Reader accepts,
// with a time that the format cannot express, or of another link type than
// those before it in a pcap file (ErrNotHeld) is an error and is not written;
// the file can go on without it.
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
	i := w.describe(f)
	i.saw(f.Time)
	t := uint64(f.Time / i.unit)
	at := w.block(blockFrame)
	b := binary.LittleEndian.AppendUint32(w.buf, i.id)
	b = binary.LittleEndian.AppendUint32(b, uint32(t>>32))
	b = binary.LittleEndian.AppendUint32(b, uint32(t))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(f.Data)))
	b = binary.LittleEndian.AppendUint32(b, originalLength(f))
	b = pad(append(b, f.Data...), len(f.Data))
	if f.Comment != "" {
		// An option is at most 65535 bytes long.
		b = appendOption(b, optionComment, f.Comment[:min(len(f.Comment), math.MaxUint16)])
		b = appendOption(b, optionEnd, "")
	}
	w.buf = b
	return w.finish(at)
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
	at := w.block(blockSecrets)
	w.buf = binary.LittleEndian.AppendUint32(w.buf, kind)
	w.buf = binary.LittleEndian.AppendUint32(w.buf, uint32(len(data)))
	w.buf = pad(append(w.buf, data...), len(data))
	return w.finish(at)
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
	at := w.block(blockNames)
	w.buf = appendOption(w.buf, kind, string(addr.AsSlice())+name+"\x00")
	w.buf = appendOption(w.buf, nameEnd, "")
	return w.finish(at)
}

// Flush hands everything written so far to the underlying writer. A capture
// without frames still gets its header.
func (w *Writer) Flush() error {
	w.begin(capture.LinkEthernet)
	w.emit()
	return w.err
}

// Close ends the capture: a pcapng file gets the statistics of its interfaces.
// It does not close the underlying writer.
func (w *Writer) Close() error {
	w.writeStatistics()
	return w.Flush()
}

// begin writes the header of the file, once.
func (w *Writer) begin(link capture.LinkType) {
	if w.begun {
		return
	}
	w.begun, w.link = true, link
	if w.format == PcapNG {
		w.beginSection()
		return
	}
	magic := uint32(magicMicroseconds)
	if w.format == PcapNanoseconds {
		magic = magicNanoseconds
	}
	w.buf = binary.LittleEndian.AppendUint32(w.buf, magic)
	w.buf = append(w.buf, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0) // version 2.4, no time zone, no accuracy
	w.buf = binary.LittleEndian.AppendUint32(w.buf, snapshotLength)
	w.buf = binary.LittleEndian.AppendUint32(w.buf, uint32(link))
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
	b := binary.LittleEndian.AppendUint32(w.buf, uint32(f.Time/1e9))
	b = binary.LittleEndian.AppendUint32(b, fraction)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(f.Data)))
	b = binary.LittleEndian.AppendUint32(b, originalLength(f))
	b = append(b, f.Data...)
	w.buf = b
	return w.grown()
}

// block begins a block in the buffer and returns where; finish ends it.
func (w *Writer) block(kind uint32) (at int) {
	if kind != blockSection {
		w.begin(0)
	}
	at = len(w.buf)
	w.buf = append(binary.LittleEndian.AppendUint32(w.buf, kind), 0, 0, 0, 0)
	return at
}

// finish fills in the length of the block that begins there.
func (w *Writer) finish(at int) error {
	size := uint32(len(w.buf) - at + 4)
	w.buf = binary.LittleEndian.AppendUint32(w.buf, size)
	binary.LittleEndian.PutUint32(w.buf[at+4:], size)
	return w.grown()
}

// grown writes the records in the buffer where they are many.
func (w *Writer) grown() error {
	if len(w.buf) >= writeSize {
		w.emit()
	}
	return w.err
}

// emit writes the records in the buffer.
func (w *Writer) emit() {
	if w.err == nil && len(w.buf) > 0 {
		_, w.err = w.out.Write(w.buf)
		w.size += int64(len(w.buf))
	}
	w.buf = w.buf[:0]
}

func originalLength(f *capture.Frame) uint32 {
	return uint32(min(max(f.Length, len(f.Data)), math.MaxUint32))
}

// appendOption appends an option of a block, which is also how the records of
// a Name Resolution Block are built.
func appendOption(b []byte, code uint16, value string) []byte {
	b = binary.LittleEndian.AppendUint16(b, code)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(value)))
	return pad(append(b, value...), len(value))
}

// pad appends the zeros that n bytes lack of a multiple of four.
func pad(b []byte, n int) []byte {
	return append(b, "\x00\x00\x00"[:-n&3]...)
}
