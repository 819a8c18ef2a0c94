package xmlstream

// The namespaces that XML itself fixes, and XMPP's that a tool which comes late
// has to assume.
const (
	nsXML      = "http://www.w3.org/XML/1998/namespace"
	NSStreams  = "http://etherx.jabber.org/streams"
	NSClient   = "jabber:client"
	NSServer   = "jabber:server"
	nsDialback = "jabber:server:dialback"
)

// Binding ties a prefix to a namespace.
type Binding struct{ Prefix, URI string }

// Scope is what the stream header declares for all that follows in its
// direction.
type Scope struct {
	Default  string
	Prefixes []Binding
	// Root is the qualified name of the header, which the close repeats.
	Root string
	// Assumed is set while no header has been seen: the capture began in
	// mid-stream and the usual bindings are taken for granted.
	Assumed bool
}

// AssumedScope is the scope of a stream whose header was not captured.
func AssumedScope(def string) Scope {
	return Scope{
		Default:  def,
		Prefixes: []Binding{{"stream", NSStreams}, {"db", nsDialback}},
		Root:     "stream:stream",
		Assumed:  true,
	}
}

func (s *Scope) lookup(prefix []byte) (string, bool) {
	for i := range s.Prefixes {
		if string(prefix) == s.Prefixes[i].Prefix {
			return s.Prefixes[i].URI, true
		}
	}
	return "", false
}
