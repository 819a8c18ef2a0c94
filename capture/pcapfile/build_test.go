package pcapfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"talktrace/capture"
)

// order is a byte order that can append.
type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// builder puts capture files together field by field, independently of Writer.
type builder struct {
	order
	b []byte
}

func build(o order) *builder { return &builder{order: o} }

func (w *builder) u16(v ...uint16) *builder {
	for _, v := range v {
		w.b = w.AppendUint16(w.b, v)
	}
	return w
}

func (w *builder) u32(v ...uint32) *builder {
	for _, v := range v {
		w.b = w.AppendUint32(w.b, v)
	}
	return w
}

func (w *builder) u64(v uint64) *builder {
	w.b = w.AppendUint64(w.b, v)
	return w
}

func (w *builder) raw(s string) *builder {
	w.b = append(w.b, s...)
	return w
}

func (w *builder) padded(s string) *builder {
	w.raw(s)
	return w.raw("\x00\x00\x00"[:-len(s)&3])
}

func (w *builder) option(code uint16, value string) *builder {
	return w.u16(code, uint16(len(value))).padded(value)
}

// block appends a pcapng block whose body fill writes.
func (w *builder) block(kind uint32, fill func(*builder)) *builder {
	body := build(w.order)
	fill(body)
	n := uint32(len(body.b) + 12)
	return w.u32(kind, n).raw(string(body.b)).u32(n)
}

func (w *builder) section() *builder {
	return w.block(blockSection, func(b *builder) { b.u32(byteOrderMagic).u16(1, 0).u64(1<<64 - 1) })
}

func (w *builder) iface(link uint16, snaplen uint32, options func(*builder)) *builder {
	return w.block(blockInterface, func(b *builder) {
		b.u16(link, 0).u32(snaplen)
		if options != nil {
			options(b)
			b.option(0, "")
		}
	})
}

func (w *builder) enhanced(id uint32, time uint64, data string, length uint32, options func(*builder)) *builder {
	return w.block(blockFrame, func(b *builder) {
		b.u32(id, uint32(time>>32), uint32(time), uint32(len(data)), length).padded(data)
		if options != nil {
			options(b)
			b.option(0, "")
		}
	})
}

func (w *builder) classicHeader(magic, link uint32) *builder {
	return w.u32(magic).u16(2, 4).u32(0, 0, 64, link)
}

func (w *builder) record(seconds, fraction uint32, data string, length uint32) *builder {
	return w.u32(seconds, fraction, uint32(len(data)), length).raw(data)
}

// frame is what tests compare of a capture.Frame.
type frame struct {
	Number    int
	Time      int64
	Precision int
	Data      string
	Length    int
	Link      capture.LinkType
	Interface int
	Comment   string
}

// readAll returns all frames of a source and the error that ended them, nil
// for io.EOF.
func readAll(src capture.Source) ([]frame, error) {
	var all []frame
	var f capture.Frame
	for {
		if err := src.Next(&f); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return all, err
		}
		all = append(all, frame{f.Number, f.Time, f.Precision, string(f.Data), f.Length, f.Link, f.Interface, f.Comment})
	}
}

// read reads a capture in memory.
func read(t testing.TB, file []byte, hooks capture.Hooks) ([]frame, error) {
	t.Helper()
	r, err := NewReader(bytes.NewReader(file), "test", hooks)
	if err != nil {
		return nil, err
	}
	return readAll(r)
}
