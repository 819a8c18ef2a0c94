package ring

import (
	"net/netip"

	"talktrace/capture/pcapfile"
)

// The bounds of what is written into every file of a series: secrets are
// forgotten with the oldest first, names that are too many are left out.
const (
	maxSecrets = 16 << 20 // bytes of memory
	maxNames   = 1 << 16
	maxName    = 1024 // bytes of a name

	secretCost = 64 // bytes that secrets take besides themselves
)

// extras are what each file of a series needs beside its frames, so that it
// can be read without the others.
type extras struct {
	secrets []secret
	bytes   int // that the secrets take
	names   []name
	known   map[name]bool
}

type secret struct {
	kind uint32
	data []byte
}

type name struct {
	addr netip.Addr
	name string
}

// addSecrets keeps secrets.
func (e *extras) addSecrets(kind uint32, data []byte) {
	e.secrets = append(e.secrets, secret{kind, data})
	for e.bytes += len(data) + secretCost; e.bytes > maxSecrets; e.secrets = e.secrets[1:] {
		e.bytes -= len(e.secrets[0].data) + secretCost
	}
}

// addName keeps a name, and reports whether it is new and fit to be written.
func (e *extras) addName(addr netip.Addr, host string) bool {
	n := name{addr, host}
	if e.known[n] || len(e.names) == maxNames || len(host) > maxName || !addr.IsValid() {
		return false
	}
	if e.known == nil {
		e.known = make(map[name]bool)
	}
	e.known[n] = true
	e.names = append(e.names, n)
	return true
}

// write writes everything into a new file.
func (e *extras) write(w *pcapfile.Writer) {
	for _, s := range e.secrets {
		if w.WriteSecrets(s.kind, s.data) != nil {
			return // the format has none
		}
	}
	for _, n := range e.names {
		if w.WriteName(n.addr, n.name) != nil {
			return // likewise
		}
	}
}
