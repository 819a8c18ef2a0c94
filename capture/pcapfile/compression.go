package pcapfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// maxZstdWindow is how far back zstd data may refer, and so the memory that it
// may take: what the zstd command, too, refuses to exceed unless told.
const maxZstdWindow = 128 << 20

// Decompress returns the plain bytes of a file, compressed or not, as Open reads
// them.
func Decompress(src io.Reader) (io.Reader, error) { return decompress(src) }

// decompress returns the plain bytes of src, compressed or not: the format is
// told by the first bytes. Decompression happens within Read, on the caller's
// goroutine. What it returns is an io.Closer where there is something to close.
func decompress(src io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(src, 64<<10)
	magic, err := in.Peek(4)
	if err != nil && err != io.EOF {
		return nil, err
	}
	for _, c := range [...]struct {
		name, magic string
		open        func(io.Reader) (io.Reader, error)
	}{
		{"gzip", "\x1f\x8b", openGzip},
		{"zstd", "\x28\xb5\x2f\xfd", openZstd},
		{"lz4", "\x04\x22\x4d\x18", openLZ4},
		{"lz4", "\x02\x21\x4c\x18", openLZ4}, // the legacy format
	} {
		if bytes.HasPrefix(magic, []byte(c.magic)) {
			plain, err := c.open(in)
			d := &decompressor{format: c.name, src: plain}
			err = d.explain(err)
			return d, err
		}
	}
	return in, nil
}

func openGzip(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }

func openZstd(r io.Reader) (io.Reader, error) {
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdWindow))
}

func openLZ4(r io.Reader) (io.Reader, error) { return lz4.NewReader(r), nil }

// decompressor makes plain words of a decompression library's errors.
type decompressor struct {
	format string
	src    io.Reader
}

func (d *decompressor) Read(b []byte) (int, error) {
	n, err := d.src.Read(b)
	return n, d.explain(err)
}

func (d *decompressor) Close() error {
	if z, ok := d.src.(*zstd.Decoder); ok {
		z.Close()
	}
	return nil
}

func (d *decompressor) explain(err error) error {
	if err == nil || err == io.EOF { //nolint:errorlint // the data has ended well only where nothing is wrapped around it
		return err
	}
	if _, below := errors.AsType[*fs.PathError](err); below {
		return err
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return &compressionError{d.format, err}
}

// compressionError says that compressed data cannot be undone.
type compressionError struct {
	format string
	err    error
}

func (e *compressionError) Error() string {
	if errors.Is(e.err, io.ErrUnexpectedEOF) {
		return fmt.Sprintf("the %s data is cut off", e.format)
	}
	return fmt.Sprintf("the %s data is damaged: %v", e.format, e.err)
}

func (e *compressionError) Unwrap() error { return e.err }
