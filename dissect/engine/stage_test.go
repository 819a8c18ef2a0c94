package engine_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/dissect/xmpp"
)

// A stage plays connections for tests of what is found in them. What happens on
// it is written one thing a line; an element may go on over lines:
//
//	C <presence/>           the client sends something, in a frame of its own
//	early C <presence/>     the row of it comes late, as that of early data does
//	S <presence/>           the server does
//	conn KEY=VALUE ...      another connection begins, or the one with this
//	                        name goes on; see begin for the keys
//	bound JID               the server gives the client an address
//	wait 30s                time passes
//	many 100 S <presence/>  something happens so many times, in each with its
//	                        number, from 0, in the place of %d
//	large C 300000          the client sends a message of so many bytes, or a few more
//	gap C 100               bytes of a side are lost
//	cut C 100               they are the rest of a frame of which 96 were kept
//	fin C                   a side closes the connection
//	rst C                   a side resets it
//	tls C KEY=VALUE ...     a handshake message; see facts for the keys
//	# …                     is said to the reader alone
//
// Unless told otherwise, everything is on one connection in the clear, whose
// streams have been opened.
type stage struct {
	ctx      *dissect.Context
	analysis *analysis.Analysis
	conns    map[string]*actor
	now      *actor
	time     time.Time
	frame    int
	rows     int
	found    []raised
	pairs    []string           // rows that belong to earlier ones
	last     []analysis.Finding // that have not been collected

	seen func(e *dissect.Event) // is told of each row, once it is analyzed; may be nil
}

// actor is one connection on a stage.
type actor struct {
	conn   *dissect.Conn
	stream *xmpp.Stream
	via    string
	opened bool // headers have been sent
}

// play plays lines and returns what is found.
func play(lines []byte) ([]raised, error) {
	s, err := perform(lines)
	return s.found, err
}

// perform plays lines on a new stage.
func perform(lines []byte) (*stage, error) {
	s := newStage(dissect.Options{Fields: dissect.AllFields(), XML: true, TLS: true})
	if err := s.perform(lines); err != nil {
		return s, err
	}
	s.analysis.End()
	s.collect()
	return s, nil
}

func newStage(o dissect.Options) *stage {
	s := &stage{conns: map[string]*actor{}, time: time.Date(2026, time.November, 5, 12, 0, 0, 0, time.UTC)}
	s.ctx = dissect.NewContext(o)
	s.analysis = analysis.New(analysis.Options{Found: func(f analysis.Finding) { s.last = append(s.last, f) }})
	return s
}

// perform plays lines.
func (s *stage) perform(lines []byte) error {
	var whole []byte
	for line := range bytes.Lines(lines) {
		verb, _, _ := bytes.Cut(bytes.TrimRight(line, "\n"), []byte(" "))
		if isVerb(string(verb)) {
			if err := s.line(whole); err != nil {
				return err
			}
			whole = nil
		}
		whole = append(whole, line...)
	}
	return s.line(whole)
}

func isVerb(word string) bool {
	switch word {
	case "C", "S", "early", "conn", "bound", "wait", "many", "large", "gap", "cut", "fin", "rst", "tls", "#":
		return true
	}
	return false
}

// line plays one thing that happens.
func (s *stage) line(line []byte) error {
	verb, rest, _ := strings.Cut(strings.TrimSuffix(string(line), "\n"), " ")
	if verb == "" || verb == "#" {
		return nil
	}
	if s.now == nil && verb != "conn" {
		if err := s.begin(nil); err != nil {
			return err
		}
	}
	side := dissect.Client
	if verb == "S" || strings.HasPrefix(rest, "S") {
		side = dissect.Server
	}
	word, more, _ := strings.Cut(rest, " ")
	switch verb {
	case "C", "S":
		s.send(side, unquote(rest))
	case "early": // told once the server has said that it takes it
		sent := s.frame
		s.frame++
		if err := s.line([]byte("tls S version=0304:TLSv1.3 suite=1301:TLS_AES_128_GCM_SHA256")); err != nil {
			return err
		}
		s.frame, sent = sent, s.frame
		s.send(side, unquote(more))
		s.frame = sent
	case "conn":
		return s.begin(strings.Fields(rest))
	case "bound":
		s.send(dissect.Client, "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
		s.send(dissect.Server, "<iq type='result' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>"+rest+"</jid></bind></iq>")
	case "wait":
		d, err := time.ParseDuration(rest)
		s.time = s.time.Add(d)
		return err
	case "many":
		return s.many(word, more)
	case "large":
		n, err := strconv.Atoi(more)
		s.send(side, "<message id='large'><body>"+strings.Repeat("x", n)+"</body></message>")
		return err
	case "gap", "cut":
		n, err := strconv.ParseInt(more, 10, 64)
		if verb == "cut" {
			s.ctx.Cut = 96
		}
		s.happen(func() { s.now.stream.Gap(s.ctx, side, n) })
		s.ctx.Cut = 0
		return err
	case "fin", "rst":
		how := dissect.EndFIN
		if verb == "rst" {
			how = dissect.EndRST
		}
		s.happen(func() { s.now.stream.End(s.ctx, side, how) })
	case "tls":
		return s.handshake(side, strings.Fields(more))
	default:
		return fmt.Errorf("%s %s: nothing of this name can happen", verb, word)
	}
	return nil
}

// many plays a line so many times.
func (s *stage) many(times, line string) error {
	n, err := strconv.Atoi(times)
	for i := range n {
		if err := s.line([]byte(strings.ReplaceAll(line, "%d", strconv.Itoa(i)))); err != nil {
			return err
		}
	}
	return err
}

// unquote makes a payload in quotes what it stands for.
func unquote(text string) string {
	if u, err := strconv.Unquote(text); err == nil {
		return u
	}
	return text
}

// begin begins another connection, or goes on with one. The keys are name;
// client and server, for the addresses; space, for the namespace of the stream;
// to, for whom the client wants; version, none for none; via, for what it
// travels in; and open, no for no headers until it goes on.
func (s *stage) begin(args []string) error {
	set := map[string]string{
		"client": "192.0.2.1:40000", "server": "192.0.2.2:5222", "space": "jabber:client",
		"to": "capulet.example", "from": "", "version": "1.0", "via": "tcp", "open": "yes",
	}
	for _, arg := range args {
		key, value, _ := strings.Cut(arg, "=")
		set[key] = value
	}
	if a := s.conns[set["name"]]; a != nil && set["name"] != "" {
		if s.now = a; !a.opened {
			s.open(set)
		}
		return nil
	}
	client, err := netip.ParseAddrPort(set["client"])
	if err != nil {
		return err
	}
	server, err := netip.ParseAddrPort(set["server"])
	if err != nil {
		return err
	}
	s.now = &actor{via: set["via"], conn: &dissect.Conn{
		Number: len(s.conns), Addr: [2]netip.AddrPort{client, server}, Text: [2]string{client.String(), server.String()},
	}}
	s.now.stream = xmpp.New(xmpp.Config{Via: set["via"], TLS: ignored, Deflate: ignored, Space: set["space"]}, s.ctx.MaxStanza)
	name := set["name"]
	if name == "" {
		name = "\x00" + strconv.Itoa(len(s.conns))
	}
	s.conns[name] = s.now
	if set["open"] == "yes" {
		s.open(set)
	}
	return nil
}

// open lets both sides send the header of a stream.
func (s *stage) open(set map[string]string) {
	s.now.opened = true
	common := " xmlns='" + set["space"] + "' xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback'"
	if set["version"] != "none" {
		common += " version='" + set["version"] + "'"
	}
	var to, from, other string
	if set["to"] != "" {
		to, from = " to='"+set["to"]+"'", " from='"+set["to"]+"'"
	}
	if set["from"] != "" {
		other = " from='" + set["from"] + "'"
	}
	s.send(dissect.Client, "<stream:stream"+to+other+common+">")
	s.send(dissect.Server, "<stream:stream id='s1'"+from+common+">")
}

// send lets a side send bytes in a frame.
func (s *stage) send(from dissect.Sender, text string) {
	s.happen(func() {
		s.now.stream.Data(s.ctx, from, dissect.Bytes{Data: []byte(text), Frame: s.frame, Time: s.ctx.Time})
	})
}

// happen lets something happen in the next frame, and looks at what comes of it.
func (s *stage) happen(what func()) {
	s.frame++
	s.time = s.time.Add(time.Millisecond)
	s.ctx.Frame, s.ctx.Time, s.ctx.Conn = s.frame, s.time.UnixNano(), s.now.conn
	what()
	for i := range s.ctx.Events {
		s.rows++
		e := &s.ctx.Events[i]
		e.No = s.rows
		for _, n := range e.Notes { // those of the layers
			s.found = append(s.found, raised{e.No, e.Conn.Number, n.Severity.String(), n.ID, n.Text})
		}
		s.analysis.Event(e)
		if s.seen != nil {
			s.seen(e)
		}
		if e.Request != 0 {
			s.pairs = append(s.pairs, fmt.Sprintf("%d to %d", e.No, e.Request))
		}
		s.collect()
	}
	s.ctx.Events = s.ctx.Events[:0]
}

// collect takes what the analysis has found.
func (s *stage) collect() {
	for _, f := range s.last {
		s.found = append(s.found, raised{f.Row, f.Conn, f.Severity.String(), f.ID, f.Text})
	}
	s.last = s.last[:0]
}

// handshake makes the row of a handshake message that says what the keys say:
// version and suite, a number and a name with a colon between them; sni; early;
// and of a certificate cert, the name it is for, and those of certificate.
func (s *stage) handshake(from dissect.Sender, args []string) error {
	f := &dissect.TLSFacts{}
	var failed error
	s.happen(func() {
		e := s.ctx.Emit(from, dissect.KindTLS)
		e.Protocol, e.Layers, e.TLS = "TLS", s.now.via+":tls", f
		for _, arg := range args {
			if err := s.fact(f, arg); err != nil {
				failed = err
			}
		}
	})
	return failed
}

func (s *stage) fact(f *dissect.TLSFacts, arg string) error {
	key, value, _ := strings.Cut(arg, "=")
	switch key {
	case "version":
		return registered(&f.Version, value)
	case "suite":
		return registered(&f.Suite, value)
	case "sni":
		f.ServerName = value
	case "ja4":
		f.JA4 = value
	case "early":
		f.EarlyData = dissect.EarlyDataOffered
	case "cert":
		f.Certificates = append(f.Certificates, dissect.Certificate{
			Subject: value, Issuer: "Verona CA", Names: []string{value}, KeyType: "ECDSA", KeyBits: 256, Signature: "ECDSA-SHA256",
			NotBefore: s.time.AddDate(-1, 0, 0), NotAfter: s.time.AddDate(1, 0, 0),
		})
	default:
		if len(f.Certificates) == 0 {
			return fmt.Errorf("%s: no handshake message says that", arg)
		}
		return certificate(&f.Certificates[len(f.Certificates)-1], key, value)
	}
	return nil
}

// certificate says of a certificate until, from, key, issuer, xmpp, srv, or
// signature.
func certificate(c *dissect.Certificate, key, value string) error {
	var err error
	switch key {
	case "until":
		c.NotAfter, err = time.Parse(time.DateOnly, value)
	case "from":
		c.NotBefore, err = time.Parse(time.DateOnly, value)
	case "key":
		kind, bits, _ := strings.Cut(value, "-")
		c.KeyType = kind
		c.KeyBits, err = strconv.Atoi(bits)
	case "issuer":
		c.Issuer, c.SelfSigned = value, value == c.Subject
	case "xmpp":
		c.XMPPAddrs = append(c.XMPPAddrs, value)
	case "srv":
		c.SRVNames = append(c.SRVNames, value)
	case "signature":
		c.Signature = value
	default:
		err = fmt.Errorf("%s: no certificate says that", key)
	}
	return err
}

// registered reads a number in hexadecimal digits, and its name.
func registered(r *dissect.Registered, text string) error {
	number, name, _ := strings.Cut(text, ":")
	var n [2]byte
	if _, err := fmt.Sscanf(number, "%02x%02x", &n[0], &n[1]); err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	r.Number, r.Name = binary.BigEndian.Uint16(n[:]), name
	return nil
}
