package pcapfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/pcapgo"

	"talktrace/capture"
)

// many is a capture of small frames.
func many(b *testing.B, format Format, frames int) []byte {
	b.Helper()
	var file bytes.Buffer
	w := NewWriter(&file, format)
	f := capture.Frame{Data: make([]byte, 90), Length: 90, Link: capture.LinkEthernet, Precision: 6}
	for i := range frames {
		f.Time = int64(i) * 1e6
		if err := w.WriteFrame(&f); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return file.Bytes()
}

var formats = map[string]Format{"pcap": Pcap, "pcapng": PcapNG}

func BenchmarkReader(b *testing.B) {
	const frames = 200_000
	for name, format := range formats {
		b.Run(name, func(b *testing.B) {
			file := many(b, format, frames)
			b.ReportAllocs()
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				r, err := NewReader(bytes.NewReader(file), "bench", capture.Hooks{})
				if err != nil {
					b.Fatal(err)
				}
				drain(b, r, frames)
			}
			b.ReportMetric(float64(frames)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mframes/s")
		})
	}
}

func drain(b *testing.B, src capture.Source, want int) {
	b.Helper()
	var f capture.Frame
	for range want {
		if err := src.Next(&f); err != nil {
			b.Fatal(err)
		}
	}
	if err := src.Next(&f); !errors.Is(err, io.EOF) {
		b.Fatal(err)
	}
}

// BenchmarkGopacket is what BenchmarkReader is held against.
func BenchmarkGopacket(b *testing.B) {
	const frames = 200_000
	for name, format := range formats {
		b.Run(name, func(b *testing.B) {
			file := many(b, format, frames)
			b.ReportAllocs()
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				r, err := openZeroCopy(bytes.NewReader(file), format)
				if err != nil {
					b.Fatal(err)
				}
				for range frames {
					if _, _, err := r.ZeroCopyReadPacketData(); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(frames)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mframes/s")
		})
	}
}

func openZeroCopy(r io.Reader, format Format) (gopacket.ZeroCopyPacketDataSource, error) {
	if format == PcapNG {
		return pcapgo.NewNgReader(r, pcapgo.NgReaderOptions{})
	}
	return pcapgo.NewReader(r)
}

// BenchmarkMerge reads files from the disk, as the command does.
func BenchmarkMerge(b *testing.B) {
	const frames = 200_000
	path := filepath.Join(b.TempDir(), "x.pcap")
	if err := os.WriteFile(path, many(b, Pcap, frames), 0o600); err != nil {
		b.Fatal(err)
	}
	for _, files := range []int{1, 2, 16} {
		b.Run(fmt.Sprint(files), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sources := make([]capture.Source, files)
				for i := range sources {
					f, err := Open(path, nil, capture.Hooks{})
					if err != nil {
						b.Fatal(err)
					}
					sources[i] = f
				}
				m := capture.Merge(sources...)
				drain(b, m, files*frames)
				if err := m.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(files*frames)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mframes/s")
		})
	}
}
