package analysis

import (
	"strings"

	"talktrace/dissect"
)

// said are the kinds of findings that have been told of a connection once and
// for all.
type said map[*Kind]bool

// saidKey is the key under which they are kept.
type saidKey struct{}

func newSaid() *said { s := said{}; return &s }

// once makes a finding about the row, unless the connection has one of this kind
// already.
func (r *Row) once(k *Kind, format string, args ...any) {
	if s := *keep(r.Session, saidKey{}, newSaid); !s[k] {
		s[k] = true
		r.Note(k, format, args...)
	}
}

// sealed reports whether the row travelled inside TLS.
func (r *Row) sealed() bool { return strings.Contains(r.Layers, ":tls") }

// direct reports whether the row travelled in TCP alone, where XMPP would ask for
// TLS by itself.
func (r *Row) direct() bool { return !r.sealed() && !strings.Contains(r.Layers, ":http") }

// server names the server that the client of the row's connection wanted, and
// the service: the same on all connections to it.
func (r *Row) server() string {
	name := r.Session.Domain
	if name == "" {
		name = r.Conn.Text[dissect.Server]
	}
	if r.Session.Servers {
		return name + " (server)"
	}
	return name
}

// fromSpace reports whether a field comes from an element of a namespace.
func fromSpace(f *dissect.Field, space string) bool {
	x := f.Def.Extension()
	if x == nil {
		return false
	}
	for _, s := range x.Spaces {
		if s == space {
			return true
		}
	}
	return false
}
