//go:build linux

package ring

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestFull has the first file of a series on a disk without room, and one later
// in a folder where none can be made. What can be written is written.
func TestFull(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(
		os.Symlink("/dev/full", filepath.Join(dir, "a_00001_20261105120000")),
		os.Mkdir(filepath.Join(dir, "a_00003_20261105120004"), 0o700),
	); err != nil {
		t.Fatal(err)
	}
	var said []string
	r := open(t, Options{
		Name: filepath.Join(dir, "a"), Switch: Limits{Packets: 2}, Keep: 1,
		Say: func(text string) { said = append(said, text) },
	})
	for i := range 8 {
		if n := write(t, r, at(float64(i))); n != 1 {
			t.Fatalf("frame %d was refused", i)
		}
		r.Flush()
	}
	err := r.Close()
	loss, ok := errors.AsType[*LossError](err)
	if !ok || loss.Frames != 4 {
		t.Error(err)
	}
	want := []string{"no space left on device", "00002_20261105120002: frames are written again", "is a directory", "00004_20261105120006: frames are written again"}
	if !slices.EqualFunc(said, want, strings.Contains) {
		t.Errorf("said %q", said)
	}
	if _, err := os.Lstat(filepath.Join(dir, "a_00002_20261105120002")); err == nil {
		t.Error("the second file is still there, after the fourth")
	}
	if got := content(t, filepath.Join(dir, "a_00004_20261105120006")); !slices.Equal(got, []float64{6, 7}) {
		t.Error(got)
	}
}

// TestFullForLong has no room for anything but the first file. It is not given
// up for empty ones, and nothing is said twice.
func TestFullForLong(t *testing.T) {
	dir := t.TempDir()
	var said []string
	r := open(t, Options{
		Name: filepath.Join(dir, "a"), Switch: Limits{Packets: 1}, Keep: 2,
		Say: func(text string) { said = append(said, text) },
	})
	for i, name := range []string{"", "a_00002_20261105120001", "a_00003_20261105120002", "a_00004_20261105120003", "a_00005_20261105120004"} {
		if i > 0 {
			if err := os.Symlink("/dev/full", filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		write(t, r, at(float64(i)))
		r.Flush()
	}
	if err := r.Close(); err == nil || len(said) != 1 {
		t.Errorf("said %q, %v", said, err)
	}
	if got, want := files(t, dir), []string{"a_00001_20261105120000 [0]"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestBrokenStdout has nobody to write to: there is nothing left to do then.
func TestBrokenStdout(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = full.Close() })
	said := 0
	r := open(t, Options{Name: "-", Stdout: full, Say: func(string) { said++ }})
	write(t, r, at(0))
	r.Flush()
	if n := write(t, r, at(1)); n != 0 || !r.Full() {
		t.Error("frames are still taken")
	}
	if err := r.Close(); !errors.Is(err, syscall.ENOSPC) || said > 0 {
		t.Errorf("%v, said %d times", err, said)
	}
}

// TestSmallDisk fills a small file system to the last byte: what fits is whole.
func TestSmallDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=256k"); err != nil {
		t.Skip("a small file system cannot be mounted: ", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	for _, suffix := range []string{"", ".gz"} {
		said := 0
		name := filepath.Join(disk, "a"+suffix)
		r := open(t, Options{Name: name, Say: func(string) { said++ }})
		noise := uint32(1)
		for i := range 1000 {
			f := at(float64(i))
			f.Data = make([]byte, 1000)
			for j := range f.Data {
				noise = noise*1664525 + 1013904223
				f.Data[j] = byte(noise >> 24)
			}
			write(t, r, f)
			if i%10 == 9 {
				r.Flush()
			}
		}
		err := r.Close()
		got := content(t, name)
		loss, ok := errors.AsType[*LossError](err)
		if !ok || said != 1 || len(got) < 200 || len(got)+loss.Frames != 1000 {
			t.Errorf("%d frames are there, %v, said %d times", len(got), err, said)
		}
		for i, seconds := range got {
			if seconds != float64(i) {
				t.Fatalf("frame %d is from %v", i, seconds)
			}
		}
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTogether has several goroutines at a Ring, for the race detector.
func TestTogether(t *testing.T) {
	dir := t.TempDir()
	r := open(t, Options{Name: filepath.Join(dir, "a"), Switch: Limits{Packets: 100}, Now: time.Now})
	done := make(chan struct{})
	for _, f := range []func(){r.Flush, r.Rotate, func() { r.Full() }} {
		go func() {
			for range 50 {
				f()
			}
			done <- struct{}{}
		}()
	}
	for i := range 1000 {
		write(t, r, at(float64(i)))
	}
	for range 3 {
		<-done
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	var all []float64
	for _, name := range names {
		all = append(all, content(t, name)...)
	}
	if err != nil || len(all) != 1000 || !slices.IsSorted(all) {
		t.Errorf("%d frames in %d files, %v", len(all), len(names), err)
	}
}
