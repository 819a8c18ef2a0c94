package pcapfile

import (
	"encoding/binary"
	"math"
	"strings"

	"talktrace/capture"
)

// maxDescribed bounds the interfaces of a section that is written; with one
// more, another section begins.
const maxDescribed = 1024

// Options that only the writer knows.
const (
	sectionProgram = 4 // shb_userappl

	statisticsBegin    = 2 // isb_starttime
	statisticsEnd      = 3 // isb_endtime
	statisticsReceived = 4 // isb_ifrecv
	statisticsMissed   = 5 // isb_ifdrop
	statisticsDropped  = 7 // isb_osdrop
	statisticsWritten  = 8 // isb_usrdeliv
)

// description is what is the same for all frames of one interface of a pcapng
// file. Frames that differ in it, be it in the precision of their times, come
// from different interfaces there.
type description struct {
	origin capture.Origin
	number int // Frame.Interface
	link   capture.LinkType
	digits int // of a second in the times
}

// described is an interface with a description block.
type described struct {
	description
	from        *capture.Origin // of which the description has a copy
	id          uint32
	unit        int64 // nanoseconds in a unit of time
	frames      int64
	first, last int64 // times of the earliest and the latest frame
	statistics  *Statistics
}

// Statistics are the frames of an interface as whoever captured them counted,
// since the capture began.
type Statistics struct {
	Received int64 // by the capture, the dropped ones included
	Dropped  int64 // by the operating system
	Missed   int64 // by the interface or its driver
}

// SetStatistics sets what Close writes about the interfaces with that number,
// beside when the first and the last frame of the file came in on them and how
// many the file holds.
func (w *Writer) SetStatistics(number int, s Statistics) {
	for _, i := range w.interfaces {
		if i.number == number {
			i.statistics = &s
		}
	}
}

// saw counts a frame.
func (i *described) saw(time int64) {
	if i.frames == 0 {
		i.first, i.last = time, time
	}
	i.frames++
	i.first, i.last = min(i.first, time), max(i.last, time)
}

// describe returns the interface of a frame, and writes a description where it
// is new.
func (w *Writer) describe(f *capture.Frame) *described {
	digits := precision(f)
	if i := w.recent; i != nil && i.from == f.Origin && i.number == f.Interface && i.link == f.Link &&
		i.digits == digits && (i.origin.Snaplen == 0 || len(f.Data) <= i.origin.Snaplen) {
		return i
	}
	d := description{number: f.Interface, link: f.Link, digits: digits}
	if f.Origin != nil {
		d.origin = *f.Origin
	}
	if d.origin.Snaplen <= 0 {
		d.origin.Snaplen = snapshotLength
	}
	if len(f.Data) > d.origin.Snaplen {
		d.origin.Snaplen = 0 // some programs refuse a frame that is longer than announced
	}
	i := w.known[d]
	if i == nil {
		i = w.add(d)
	}
	i.from, w.recent = f.Origin, i
	return i
}

// precision returns how many digits of a second the file keeps: six, unless
// there are more. A frame that does not say is taken to have them.
func precision(f *capture.Frame) int {
	if f.Precision <= 0 {
		return 6
	}
	return min(f.Precision, 9)
}

// add writes an Interface Description Block.
func (w *Writer) add(d description) *described {
	if len(w.interfaces) == maxDescribed {
		w.writeStatistics()
		w.beginSection()
	}
	i := &described{description: d, id: uint32(len(w.interfaces)), unit: int64(power10(9 - d.digits))}
	at := w.block(blockInterface)
	w.buf = binary.LittleEndian.AppendUint16(w.buf, uint16(d.link))
	w.buf = append(w.buf, 0, 0)
	w.buf = binary.LittleEndian.AppendUint32(w.buf, uint32(d.origin.Snaplen))
	bare := len(w.buf)
	w.text(interfaceName, d.origin.Name)
	w.text(interfaceDescription, d.origin.Description)
	if d.digits != 6 {
		w.buf = appendOption(w.buf, interfaceResolution, string(rune(d.digits)))
	}
	if d.origin.Filter != "" {
		w.text(interfaceFilter, "\x00"+d.origin.Filter)
	}
	if len(w.buf) > bare {
		w.buf = appendOption(w.buf, optionEnd, "")
	}
	_ = w.finish(at) // kept in w.err
	w.interfaces = append(w.interfaces, i)
	w.known[d] = i
	return i
}

// text writes an option that is a text, if there is one.
func (w *Writer) text(code uint16, text string) {
	if text != "" {
		w.buf = appendOption(w.buf, code, strings.ToValidUTF8(text[:min(len(text), maxTold)], ""))
	}
}

// beginSection writes a Section Header Block. The interfaces of a section
// before it are not those of the new one.
func (w *Writer) beginSection() {
	w.interfaces, w.recent = nil, nil
	clear(w.known)
	at := w.block(blockSection)
	w.buf = binary.LittleEndian.AppendUint32(w.buf, byteOrderMagic)
	w.buf = append(w.buf, 1, 0, 0, 0)                               // version 1.0
	w.buf = binary.LittleEndian.AppendUint64(w.buf, math.MaxUint64) // length not known
	w.buf = appendOption(w.buf, sectionProgram, "talktrace")
	w.buf = appendOption(w.buf, optionEnd, "")
	_ = w.finish(at) // kept in w.err
}

// writeStatistics writes an Interface Statistics Block for each interface. Its
// time is that of the interface's latest frame: captures that are read rather
// than taken have no other.
func (w *Writer) writeStatistics() {
	for _, i := range w.interfaces {
		at := w.block(blockStatistics)
		w.buf = binary.LittleEndian.AppendUint32(w.buf, i.id)
		w.timestamp(i.last / i.unit)
		for _, t := range []struct {
			code uint16
			time int64
		}{{statisticsBegin, i.first}, {statisticsEnd, i.last}} {
			w.buf = binary.LittleEndian.AppendUint16(w.buf, t.code)
			w.buf = binary.LittleEndian.AppendUint16(w.buf, 8)
			w.timestamp(t.time / i.unit)
		}
		if s := i.statistics; s != nil {
			w.count(statisticsReceived, s.Received)
			w.count(statisticsMissed, s.Missed)
			w.count(statisticsDropped, s.Dropped)
		}
		w.count(statisticsWritten, i.frames)
		w.buf = appendOption(w.buf, optionEnd, "")
		_ = w.finish(at) // kept in w.err
	}
}

// timestamp writes a time as blocks have it, the upper half first.
func (w *Writer) timestamp(t int64) {
	w.buf = binary.LittleEndian.AppendUint32(w.buf, uint32(t>>32))
	w.buf = binary.LittleEndian.AppendUint32(w.buf, uint32(t))
}

func (w *Writer) count(code uint16, n int64) {
	w.buf = binary.LittleEndian.AppendUint16(w.buf, code)
	w.buf = binary.LittleEndian.AppendUint16(w.buf, 8)
	w.buf = binary.LittleEndian.AppendUint64(w.buf, uint64(n))
}
