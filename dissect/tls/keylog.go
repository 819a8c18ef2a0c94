package tls

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"io"
)

// LogStats says what a key log had in it.
type LogStats struct {
	Secrets int // that were taken in
	Unknown int // lines of a form, or with a label, that is not known
	Bad     int // lines that say less or something else than their label calls for
}

// maxLine bounds a line of a key log; a longer one is no line of one.
const maxLine = 4096

// AddLog reads a key log of the format of RFC 9850 (SSLKEYLOGFILE) to its end.
// Lines end in LF, CRLF or CR. Comments and what cannot be understood are passed
// over; LogStats counts them. Beside the labels of that RFC it knows the older
// RSA and PMS_CLIENT_RANDOM, and the "RSA Session-ID:… Master-Key:…" of OpenSSL.
// The error is that of the reader.
func (k *Keys) AddLog(r io.Reader) (LogStats, error) { return k.addLog(r, always) }

// AddBlock is AddLog for a log found in the capture itself, a Decryption Secrets
// Block of pcapng, after so many of its frames.
func (k *Keys) AddBlock(data []byte, frames int) LogStats {
	stats, _ := k.addLog(bytes.NewReader(data), frames) // memory does not fail
	return stats
}

func (k *Keys) addLog(r io.Reader, frames int) (LogStats, error) {
	var stats LogStats
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, maxLine), maxLine)
	lines.Split(splitLines())
	for lines.Scan() {
		k.addLine(lines.Bytes(), frames, &stats)
	}
	return stats, lines.Err()
}

// splitLines returns a split function for lines that end in LF, CRLF or CR, of
// which those that are too long come in pieces, empty ones.
func splitLines() bufio.SplitFunc {
	long := false // within a line that is too long
	return func(data []byte, atEOF bool) (int, []byte, error) {
		if i := bytes.IndexAny(data, "\r\n"); i >= 0 {
			line := data[:i]
			if long {
				long, line = false, data[:0]
			}
			return i + 1, line, nil
		}
		switch {
		case len(data) >= maxLine:
			long = true
			return len(data), data[:0], nil
		case atEOF && len(data) > 0 && !long:
			return len(data), data, nil
		case atEOF:
			return len(data), nil, nil
		}
		return 0, nil, nil
	}
}

// AddLine takes in one line of a key log, and reports whether it held a secret.
// It serves those who read a log as it grows.
func (k *Keys) AddLine(line []byte) bool {
	var stats LogStats
	k.addLine(line, always, &stats)
	return stats.Secrets > 0
}

func (k *Keys) addLine(line []byte, frames int, stats *LogStats) {
	fields := bytes.Fields(line)
	if len(fields) == 0 || fields[0][0] == '#' {
		return
	}
	k.mu.Lock()
	if int64(frames) > k.latest.Load() {
		k.latest.Store(int64(frames))
	}
	err := k.take(fields, frames)
	k.mu.Unlock()
	switch {
	case err == nil:
		stats.Secrets++
		k.touch()
	case errors.Is(err, errLabel):
		stats.Unknown++
	default:
		stats.Bad++
	}
}

var (
	errLabel = errors.New("tls: unknown label in a key log")
	errLine  = errors.New("tls: malformed line in a key log")
)

// take takes in the fields of a line.
func (k *Keys) take(fields [][]byte, frames int) error {
	if len(fields) == 3 && string(fields[0]) == "RSA" {
		if id, ok := bytes.CutPrefix(fields[1], []byte("Session-ID:")); ok {
			return k.takeSession(id, fields[2], frames)
		}
		return k.takePremaster(fields[1], fields[2], frames)
	}
	kind, ok := secretLabel(fields[0])
	if !ok {
		return errLabel
	}
	if len(fields) != 3 {
		return errLine
	}
	random, secret := unhexed(fields[1]), unhexed(fields[2])
	if len(random) != 32 || !isSecretSize(kind, len(secret)) {
		return errLine
	}
	k.add([32]byte(random), kind, logged{secret, frames})
	return nil
}

// takeSession takes in a line by which OpenSSL shows a session.
func (k *Keys) takeSession(id, field []byte, frames int) error {
	master, ok := bytes.CutPrefix(field, []byte("Master-Key:"))
	id, secret := unhexed(id), unhexed(master)
	if !ok || len(id) == 0 || len(id) > 32 || len(secret) != masterSize {
		return errLine
	}
	if len(k.sessions) < k.limit {
		k.sessions[string(id)] = logged{secret, frames}
	}
	return nil
}

// takePremaster takes in a line of the oldest form: the first eight bytes of the
// premaster secret as it was encrypted, and the secret.
func (k *Keys) takePremaster(encrypted, secret []byte, frames int) error {
	encrypted, secret = unhexed(encrypted), unhexed(secret)
	if len(encrypted) != 8 || len(secret) != masterSize {
		return errLine
	}
	if len(k.premade) < k.limit {
		k.premade[[8]byte(encrypted)] = logged{secret, frames}
	}
	return nil
}

// secretLabels are the labels of secrets in a key log.
var secretLabels = [secretKinds]string{
	masterSecret:          "CLIENT_RANDOM",
	premasterSecret:       "PMS_CLIENT_RANDOM",
	earlySecret:           "CLIENT_EARLY_TRAFFIC_SECRET",
	clientHandshakeSecret: "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
	serverHandshakeSecret: "SERVER_HANDSHAKE_TRAFFIC_SECRET",
	clientSecret:          "CLIENT_TRAFFIC_SECRET_0",
	serverSecret:          "SERVER_TRAFFIC_SECRET_0",
}

// secretLabel returns which secret a label of a key log is for.
func secretLabel(label []byte) (secretKind, bool) {
	for kind, known := range secretLabels {
		if string(label) == known {
			return secretKind(kind), true
		}
	}
	return 0, false
}

// isSecretSize reports whether a secret may have n bytes: those of TLS 1.3 are
// as long as a hash, a premaster secret of a Diffie-Hellman exchange as long as
// the group's elements.
func isSecretSize(kind secretKind, n int) bool {
	switch kind {
	case masterSecret:
		return n == masterSize
	case premasterSecret:
		return n > 0 && n <= 1024
	}
	return n == 32 || n == 48
}

// unhexed decodes hexadecimal digits of either case; it returns nil where they
// are none.
func unhexed(text []byte) []byte {
	b := make([]byte, hex.DecodedLen(len(text)))
	if _, err := hex.Decode(b, text); err != nil {
		return nil
	}
	return b
}
