package capturetest

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"talktrace/capture"
)

// Parse reads a capture in its text form, one thing that happens a line. Empty
// lines and lines that begin with # mean nothing. These make frames:
//
//	open                    the handshake: three frames
//	greet                   the stream headers of both sides: two frames
//	C "<a/>" "<b/>"         the client sends both in one segment
//	S "<a/>" | "<b/>"       the server sends two segments
//	C lost "<a/>"           sent, but missed by the capture
//	C held "<a/>"           sent, but captured only after the next
//	release                 of what was held
//	C again                 its last segment once more
//	C back 3 "…"            a segment that begins three bytes before the next due
//	C ack                   a segment without data
//	C fin                   a FIN
//	C rst                   a RST
//	udp "…"                 a datagram from the client's address to the server's
//	dns im.example 192.0.2.2   a name server's answer
//
// Payloads are Go string literals, in quotes or backquotes, one after the other
// or joined by | into segments of their own. A literal may be repeated, as in
// "x"*1000, and bytes may be written as hex:160301. These say how things are:
//
//	client 192.0.2.1:40000     the ends of the connection; given again, they
//	server 192.0.2.2:5222      begin another one, or go on with an earlier one
//	port 5269                  the server's port alone
//	seq C 4294967290           sequence number of the next byte
//	mss 7                      longest payload of a segment
//	wait 2s                    time that passes
//	step 1ms                   time between frames
//	link raw                   or ethernet, null, sll
//	vlan 100                   tag of the frames
//	snaplen 96                 bytes kept of each frame
func Parse(text string) (*Capture, error) {
	p := &parser{
		capture: New(), conns: make(map[[2]string]*Conn),
		ends: [2]string{"192.0.2.1:40000", "192.0.2.2:5222"},
	}
	p.connect()
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if err := p.line(line); err != nil {
			return nil, fmt.Errorf("line %d: %q: %w", i+1, line, err)
		}
	}
	return p.capture, p.capture.err
}

type parser struct {
	capture *Capture
	conns   map[[2]string]*Conn // by their ends
	ends    [2]string
	conn    *Conn
}

// connect makes the connection between the ends the current one.
func (p *parser) connect() {
	if p.conns[p.ends] == nil {
		p.conns[p.ends] = p.capture.Connect(p.ends[Client], p.ends[Server])
	}
	p.conn = p.conns[p.ends]
}

func (p *parser) line(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch verb {
	case "C":
		return p.send(Client, rest)
	case "S":
		return p.send(Server, rest)
	case "open":
		p.conn.Open()
	case "greet":
		p.greet()
	case "release":
		p.conn.Release()
	case "udp":
		data, err := payloads(rest)
		if err != nil {
			return err
		}
		p.capture.Datagram(p.conn.addr[Client], p.conn.addr[Server], []byte(strings.Join(data, "")))
	default:
		return p.setting(verb, strings.Fields(rest))
	}
	return nil
}

// greet lets both sides send the header of a stream.
func (p *parser) greet() {
	const common = " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
	p.conn.Send(Client, "<stream:stream to='capulet.example'"+common)
	p.conn.Send(Server, "<stream:stream from='capulet.example' id='s1'"+common)
}

// send reads what a side does.
func (p *parser) send(from Side, what string) error {
	verb, rest, _ := strings.Cut(what, " ")
	send := p.conn.Send
	switch verb {
	case "again":
		p.conn.Again(from)
		return nil
	case "ack":
		p.conn.Ack(from)
		return nil
	case "fin":
		p.conn.Close(from)
		return nil
	case "rst":
		p.conn.Reset(from)
		return nil
	case "lost":
		send = p.conn.Lose
	case "held":
		send = p.conn.Hold
	case "back":
		count, data, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(count)
		if err != nil {
			return err
		}
		send, rest = func(from Side, data string) { p.conn.Back(from, n, data) }, data
	default:
		rest = what
	}
	segments, err := payloads(rest)
	if err != nil {
		return err
	}
	for _, s := range segments {
		send(from, s)
	}
	return nil
}

// payloads reads the payloads of one or more segments.
func payloads(text string) ([]string, error) {
	all := []string{""}
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		if text[0] == '|' {
			all, text = append(all, ""), text[1:]
			continue
		}
		data, rest, err := literal(text)
		if err != nil {
			return nil, err
		}
		all[len(all)-1] += data
		text = rest
	}
	return all, nil
}

// literal reads one literal and returns what comes behind it.
func literal(text string) (data, rest string, err error) {
	word, _, _ := strings.Cut(text, " ")
	if digits, ok := strings.CutPrefix(word, "hex:"); ok {
		b, err := hex.DecodeString(digits)
		return string(b), text[len(word):], err
	}
	quoted, err := strconv.QuotedPrefix(text)
	if err != nil || quoted[0] == '\'' {
		return "", "", fmt.Errorf("want a payload at %q", text)
	}
	if data, err = strconv.Unquote(quoted); err != nil {
		return "", "", err
	}
	rest = text[len(quoted):]
	if strings.HasPrefix(rest, "*") {
		count, behind, _ := strings.Cut(rest[1:], " ")
		n, err := strconv.Atoi(count)
		if err != nil || n < 0 || n*len(data) > 1<<30 {
			return "", "", fmt.Errorf("cannot repeat %q times", count)
		}
		return strings.Repeat(data, n), behind, nil
	}
	return data, rest, nil
}

var links = map[string]capture.LinkType{
	"ethernet": capture.LinkEthernet, "raw": capture.LinkRaw, "null": capture.LinkNull, "sll": capture.LinkLinuxSLL,
}

// setting reads a line that says how things are.
func (p *parser) setting(verb string, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%s is nothing that can happen", verb)
	}
	switch arg := args[0]; verb {
	case "client":
		p.ends[Client] = arg
		p.connect()
	case "server":
		p.ends[Server] = arg
		p.connect()
	case "port":
		p.ends[Server] = p.ends[Server][:strings.LastIndexByte(p.ends[Server], ':')+1] + arg
		p.connect()
	case "link":
		link, ok := links[arg]
		if !ok {
			return fmt.Errorf("no link type is called %s", arg)
		}
		p.capture.Link = link
	case "wait", "step":
		d, err := time.ParseDuration(arg)
		if err != nil {
			return err
		}
		if verb == "step" {
			p.capture.Step = d
			return nil
		}
		p.capture.Now = p.capture.Now.Add(d)
	case "dns":
		return p.answer(args)
	default:
		return p.number(verb, args)
	}
	return nil
}

func (p *parser) answer(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("want a name and an address")
	}
	addr, err := netip.ParseAddr(args[1])
	if err == nil {
		p.capture.Answer(args[0], addr)
	}
	return err
}

// number reads a setting that is a number.
func (p *parser) number(verb string, args []string) error {
	n, err := strconv.ParseUint(args[len(args)-1], 10, 32)
	if err != nil {
		return err
	}
	switch {
	case verb == "mss":
		p.conn.MSS = int(n)
	case verb == "vlan":
		p.capture.VLAN = uint16(n)
	case verb == "snaplen":
		p.capture.Snaplen = int(n)
	case verb == "seq" && args[0] == "C":
		p.conn.Sequence(Client, uint32(n))
	case verb == "seq" && args[0] == "S":
		p.conn.Sequence(Server, uint32(n))
	default:
		return fmt.Errorf("%s is nothing that can happen", verb)
	}
	return nil
}
