package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"talktrace/dissect/tls"
)

// keyLine is a line of a key log for a connection of its own.
func keyLine(connection byte) string {
	return "CLIENT_RANDOM " + strings.Repeat("0"+string(connection), 32) + " " + strings.Repeat("ab", 48)
}

func wantKeys(t *testing.T, keys *tls.Keys, want int) {
	t.Helper()
	if got := keys.Len(); got != want {
		t.Errorf("keys of %d connections, want %d", got, want)
	}
}

func TestLoadKeys(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "keys")
	if err := os.WriteFile(name, []byte(keyLine('1')+"\r"+keyLine('2')), 0o600); err != nil {
		t.Fatal(err)
	}
	keys, err := (&keyFiles{logs: []string{name}}).load(false)
	if err != nil {
		t.Fatal(err)
	}
	wantKeys(t, keys, 2) // the last line needs no end
	missing := keyFiles{logs: []string{filepath.Join(dir, "missing")}}
	if _, err := missing.load(false); err == nil || !strings.Contains(err.Error(), "missing: no such file") {
		t.Errorf("got %v", err)
	}
	if _, err := missing.load(true); err != nil {
		t.Errorf("live, %v", err)
	}
	if _, err := (&keyFiles{rsa: []string{name}}).load(false); err == nil || !strings.Contains(err.Error(), "no RSA private key") {
		t.Errorf("got %v", err)
	}
}

// A key log is read on from where it ended, by whole lines; one that was begun
// anew is read from its beginning.
func TestGrowingKeyLog(t *testing.T) {
	log := &growingLog{name: filepath.Join(t.TempDir(), "keys")}
	all := growingLogs{logs: []*growingLog{log}}
	keys := tls.NewKeys()
	now := time.Unix(0, 0)
	look := func(want int) {
		t.Helper()
		now = now.Add(pause)
		if !all.readOn(keys, now) {
			t.Error("it says there will be no more")
		}
		wantKeys(t, keys, want)
	}
	write := func(flags int, text string) {
		t.Helper()
		f, err := os.OpenFile(log.name, os.O_CREATE|os.O_WRONLY|flags, 0o600)
		if err == nil {
			_, err = f.WriteString(text)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	look(0)
	write(os.O_APPEND, keyLine('1')+"\n"+keyLine('2')[:50])
	look(1)
	write(os.O_APPEND, keyLine('2')[50:])
	look(1)
	write(os.O_APPEND, "\r\n"+keyLine('3')+"\r")
	look(3)
	all.readOn(keys, now) // too soon to look again
	write(os.O_TRUNC, keyLine('4')+"\n")
	look(4)
	write(os.O_APPEND, strings.Repeat("x", 3*maxLogLine))
	look(4)
	if len(log.rest) > maxLogLine {
		t.Errorf("%d bytes of a line without an end are kept", len(log.rest))
	}
	write(os.O_APPEND, "\n"+keyLine('5')+"\n")
	look(5)
}

// The keys in a capture file are found before its frames are read.
func TestScanSecrets(t *testing.T) {
	captures := filepath.Join("..", "..", "..", "testdata", "captures")
	for name, want := range map[string]bool{
		"directtls-alpn-dsb.pcapng": true, "directtls-alpn.pcap": false, "dumpcap-pcapng.pcapng": false, "README.md": false, "missing": false, "tls": false,
	} {
		keys := tls.NewKeys()
		scanSecrets(filepath.Join(captures, name), keys)
		if got := keys.Len() > 0; got != want {
			t.Errorf("%s: keys of %d connections", name, keys.Len())
		}
	}
}
