package cli

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/dissect/tls"
)

// keyFiles are the files that open TLS.
type keyFiles struct {
	logs []string // NSS key logs
	rsa  []string // private keys
	kept bool     // they lie beside a capture, and no flag names them
}

func (k *keyFiles) define(f *pflag.FlagSet) {
	f.StringArrayVar(&k.logs, "keylog", nil, "open TLS with the key log `FILE` (what SSLKEYLOGFILE names; read on\nas it grows in a live trace); repeatable")
	f.StringArrayVar(&k.rsa, "rsa-key", nil, "open TLS whose key exchange is RSA with the server's private key in\n`FILE` (PEM); repeatable")
}

// any reports whether there are such files.
func (k *keyFiles) any() bool { return len(k.logs)+len(k.rsa) > 0 }

// load reads the files. In a live trace the key logs need not be there yet, and
// are read on as they grow.
func (k *keyFiles) load(live bool) (*tls.Keys, error) {
	keys := tls.NewKeys()
	for _, name := range k.rsa {
		pem, err := os.ReadFile(name)
		if err == nil {
			err = keys.AddRSAKey(pem)
		}
		if err != nil {
			return nil, k.mistake("--rsa-key", name, err)
		}
	}
	growing := &growingLogs{}
	for _, name := range k.logs {
		log := &growingLog{name: name}
		if err := log.readOn(keys); err != nil && (!live || !errors.Is(err, fs.ErrNotExist)) {
			return nil, k.mistake("--keylog", name, err)
		}
		if !live {
			log.take(keys, log.rest)
			if s := &log.stats; s.Secrets == 0 && s.Unknown+s.Bad > 0 {
				return nil, k.mistake("--keylog", name, errors.New("there is no line of a key log in it"))
			}
		}
		growing.logs = append(growing.logs, log)
	}
	if live && len(growing.logs) > 0 {
		keys.SetGrowing(func() bool { return growing.readOn(keys, time.Now()) })
	}
	return keys, nil
}

// mistake says what is wrong with one of the files.
func (k *keyFiles) mistake(flag, name string, err error) error {
	if k.kept {
		flag = strings.TrimPrefix(flag, "--")
	}
	return keyError(flag, name, err)
}

// keyError says what is wrong with a file of keys.
func keyError(flag, name string, err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return misuse("", "%s: %s: %w", flag, name, err)
}

// growingLog is a key log that is being written.
type growingLog struct {
	name string
	read int64  // bytes so far
	rest []byte // the beginning of a line whose end is not written yet

	stats tls.LogStats // what has been in it so far
}

// take takes in whole lines.
func (g *growingLog) take(keys *tls.Keys, lines []byte) {
	s, _ := keys.AddLog(bytes.NewReader(lines)) // memory does not fail
	g.stats.Secrets += s.Secrets
	g.stats.Unknown += s.Unknown
	g.stats.Bad += s.Bad
}

// maxLogLine bounds what is kept of a line without an end.
const maxLogLine = 64 << 10

// readOn takes in the lines that have been written since the last call. A log
// that has become shorter was begun anew.
func (g *growingLog) readOn(keys *tls.Keys) error {
	f, err := os.Open(g.name)
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		if info.Size() < g.read {
			g.read, g.rest = 0, nil
		}
		if _, err := f.Seek(g.read, io.SeekStart); err != nil {
			return err
		}
	}
	part := make([]byte, 32<<10)
	for {
		n, err := f.Read(part)
		g.read += int64(n)
		g.add(keys, part[:n])
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// add takes in what was read, up to the end of its last line.
func (g *growingLog) add(keys *tls.Keys, part []byte) {
	g.rest = append(g.rest, part...)
	if end := bytes.LastIndexAny(g.rest, "\r\n") + 1; end > 0 {
		g.take(keys, g.rest[:end])
		g.rest = append(g.rest[:0], g.rest[end:]...)
	}
	if len(g.rest) > maxLogLine {
		g.rest = g.rest[:0]
	}
}

// growingLogs are looked at when a connection lacks its key, but not more often
// than pause.
type growingLogs struct {
	mu   sync.Mutex
	logs []*growingLog
	last time.Time
}

const pause = 5 * time.Millisecond

// readOn takes in what has been written, and reports that there may be more to
// come: as long as the trace is live, there may.
func (g *growingLogs) readOn(keys *tls.Keys, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if now.Sub(g.last) >= pause {
		g.last = now
		for _, log := range g.logs {
			_ = log.readOn(keys) // it may not be there yet
		}
	}
	return true
}

// tlsKeyLog is the type of a Decryption Secrets Block that holds a key log.
const tlsKeyLog = 0x544c534b

// scanSecrets takes in the key logs that a capture file holds, wherever in it
// they are: a row must not depend on whether its key stands before or behind
// it. It does nothing for a file that cannot be read twice, and leaves it to
// those who read the file to say what is wrong with it.
func scanSecrets(name string, keys *tls.Keys) {
	if !mayHoldSecrets(name) {
		return
	}
	f, err := pcapfile.Open(name, nil, capture.Hooks{Secrets: func(kind uint32, data []byte) {
		if kind == tlsKeyLog {
			keys.AddBlock(data, 0)
		}
	}})
	if err != nil {
		return
	}
	defer f.Close()
	var frame capture.Frame
	for err == nil {
		err = f.Next(&frame)
	}
}

// mayHoldSecrets reports whether a file can be read twice and is not of the
// older format, which has no blocks for secrets.
func mayHoldSecrets(name string) bool {
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	var magic [4]byte
	if _, err := io.ReadFull(f, magic[:]); err != nil {
		return false
	}
	switch string(magic[:]) {
	case "\xa1\xb2\xc3\xd4", "\xd4\xc3\xb2\xa1", "\xa1\xb2\x3c\x4d", "\x4d\x3c\xb2\xa1", "\xa1\xb2\xcd\x34", "\x34\xcd\xb2\xa1":
		return false
	}
	return true
}
