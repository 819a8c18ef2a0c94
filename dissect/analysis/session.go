package analysis

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"

	"talktrace/dissect"
)

// Conn is what is known of a connection so far.
type Conn struct {
	Number  int
	Servers bool   // between servers
	Domain  string // that the client asked for
	JID     string // that the client was given, with resource
	Begun   place  // its first row
	Last    place  // its latest row but for the one at hand

	Encrypted     bool // rows come from inside TLS, or TLS has begun
	Mechanism     string
	Authenticated bool
	Whole         bool    // its beginning was captured
	Closed        [2]bool // the stream of each side
	Errored       bool    // a stream error ended it
	Ended         bool    // it has ended without its streams being closed
	Lost          bool    // bytes of it are missing
	Resumed       bool    // it took up an earlier session
	From          int     // number of the connection whose session it took up, -1 where that is not known
	Account       string  // that the client logs in to, as far as the login tells it; with or without resource

	serverName string     // that TLS asks for
	before     *Conn      // that whose session it took up
	key        []byte     // its number
	state      []keepsake // what watchers keep
}

// maxConns bounds the connections that are known at a time.
const maxConns = 1 << 16

// conn returns what is known of a row's connection.
func (a *Analysis) conn(e *dissect.Event) *Conn {
	c := a.conns[e.Conn.Number]
	if c == nil {
		if len(a.conns) >= maxConns {
			a.forget()
		}
		c = &Conn{Number: e.Conn.Number, From: -1, Begun: place{e.No, e.Frame, e.Time}}
		a.conns[e.Conn.Number] = c
	}
	return c
}

// forget lets go of the connections that have ended, and, where these are not a
// quarter of all, of those on which nothing has happened for longest. It does so
// by the quarter, so that it costs little for each connection.
func (a *Analysis) forget() {
	const most = maxConns * 3 / 4
	for n, c := range a.conns {
		if c.Closed[0] && c.Closed[1] {
			delete(a.conns, n)
		}
	}
	if len(a.conns) <= most {
		return
	}
	quietest := slices.SortedFunc(maps.Values(a.conns), func(x, y *Conn) int {
		return cmp.Or(cmp.Compare(x.Last.no, y.Last.no), cmp.Compare(x.Number, y.Number))
	})
	for _, c := range quietest[:len(quietest)-most] {
		delete(a.conns, c.Number)
		a.Evicted["connections"]++
	}
}

// keep returns what a watcher keeps of a connection, and makes it if it is not
// there.
func keep[T any](c *Conn, key any, build func() *T) *T {
	if v, ok := c.kept(key).(*T); ok {
		return v
	}
	v := build()
	c.state = append(c.state, keepsake{key, v})
	return v
}

// keepsake is what one watcher keeps. There are few of them to a connection.
type keepsake struct{ key, value any }

// kept returns what is kept under a key, nil if there is nothing.
func (c *Conn) kept(key any) any {
	for i := range c.state {
		if c.state[i].key == key {
			return c.state[i].value
		}
	}
	return nil
}

// Session returns what is known so far of the connection with this number, nil
// where there is nothing. It goes on changing with the rows.
func (a *Analysis) Session(number int) *Conn { return a.conns[number] }

// Bare is the JID without its resource.
func (c *Conn) Bare() string {
	bare, _, _ := strings.Cut(c.JID, "/")
	return bare
}

func init() { watch(first, func(*Analysis) watcher { return session{} }) }

// session follows the life of connections.
type session struct{}

var (
	saslMechanism  = need("xmpp.auth.mechanism")
	sasl2Mechanism = need("xmpp.sasl2.mechanism")
	saslWho        = need("xmpp.sasl2.authorization-identifier")
	boundJID       = need("xmpp.iq.bind.jid")
)

// Row implements watcher.
func (session) Row(r *Row) {
	c := r.Session
	if strings.Contains(r.Layers, "tls") || r.Kind == dissect.KindTLS {
		c.Encrypted = true
	}
	if r.TLS != nil && r.Sender == dissect.Client && r.TLS.ServerName != "" {
		c.serverName = r.TLS.ServerName
	}
	switch r.Kind {
	case dissect.KindStream:
		c.header(r)
	case dissect.KindStreamClose:
		c.Closed[r.Sender] = true
	case dissect.KindEnd:
		c.Ended = true
	case dissect.KindGap:
		c.Lost = true
	case "auth":
		c.Mechanism = nameOf(saslMechanism.text(r))
		c.named(r)
	case "authenticate":
		c.Mechanism = nameOf(sasl2Mechanism.text(r))
		c.named(r)
	case "response":
		c.named(r)
	case "success":
		c.Authenticated = true
		if who := saslWho.text(r); who != nil {
			c.Account = nameOf(who)
			if bytes.IndexByte(who, '/') >= 0 {
				c.JID = c.Account
			}
		}
	case "resumed":
		c.Resumed = true
	case "error":
		if r.XMLNS == "http://etherx.jabber.org/streams" {
			c.Errored = true
		}
	case "iq":
		if jid := boundJID.text(r); jid != nil && r.Sender == dissect.Server && r.Type == "result" {
			c.JID = nameOf(jid)
		}
	}
}

// named takes in the name that a step of a login gives.
func (c *Conn) named(r *Row) {
	name := loginName.text(r)
	if name == nil || r.Sender != dissect.Client {
		return
	}
	if c.Account = nameOf(name); bytes.IndexByte(name, '@') < 0 && c.Domain != "" {
		c.Account += "@" + c.Domain
	}
}

// header takes in a stream header.
func (c *Conn) header(r *Row) {
	c.Closed[r.Sender] = false
	if r.Sender == dissect.Client {
		c.Whole = c.Whole || c.Last == place{}
		if r.To != nil {
			c.Domain = nameOf(r.To)
		}
		port := r.Conn.Addr[dissect.Server].Port()
		c.Servers = r.XMLNS == "jabber:server" || port == 5269 || port == 5270
	}
}

// End implements watcher.
func (session) End(*Row) {}

// numbers returns the numbers of the connections that are known, in order.
func (a *Analysis) numbers() []int { return slices.Sorted(maps.Keys(a.conns)) }
