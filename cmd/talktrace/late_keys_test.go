//go:build unix

package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestLateKeys has a key log that is written when all packets have been
// captured: the rows inside TLS come while the capture goes on, and the file
// that is written has the keys.
func TestLateKeys(t *testing.T) {
	dir := t.TempDir()
	log, out := filepath.Join(dir, "keys"), filepath.Join(dir, "out.pcapng")
	frames, err := os.ReadFile(filepath.Join(captureDir, "directtls-alpn.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	secrets, err := os.ReadFile(filepath.Join(captureDir, "directtls-alpn.keys"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "talktrace", "-i", "-", "--keylog", log, "-w", out, "--embed-keys", "-T", "text")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	rows, rowsEnd := pipe(t, &cmd.Stdout)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = rowsEnd.Close() // it is the command's now
	if _, err := in.Write(frames); err != nil {
		t.Fatal(err)
	}
	for !strings.Contains(line(t, rows), "ServerHello") {
	}
	if err := os.WriteFile(log, secrets, 0o600); err != nil {
		t.Fatal(err)
	}
	for !strings.Contains(line(t, rows), "/stream") { // the last thing that is said inside
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(io.Discard, rows)
	if err := errors.Join(err, cmd.Wait()); err != nil {
		t.Fatal(err)
	}
	again, err := exec.CommandContext(t.Context(), "talktrace", out).Output()
	if err != nil || !strings.Contains(string(again), "/stream") {
		t.Errorf("%v: %s", err, again)
	}
}
