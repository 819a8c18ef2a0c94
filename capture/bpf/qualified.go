package bpf

import "net/netip"

// qualified makes the condition of a word, by what was said of it.
func (p *parser) qualified(t token) (n node, err error) {
	switch p.before.kind {
	case "port", "portrange":
		n, err = p.portOf(t)
	case "proto":
		n, err = p.protoOf(t)
	case "net":
		n, err = p.netOf(t)
	default:
		n, err = p.hostOf(t)
	}
	return n, at(t, err)
}

// transports are those in which ports are looked for, in libpcap's order.
func (p *parser) transports() ([]uint32, bool) {
	switch p.before.protocol {
	case "":
		return []uint32{protocolSCTP, protocolTCP, protocolUDP}, true
	case "tcp", "udp", "sctp":
		return []uint32{protocols[p.before.protocol].ip}, true
	}
	return nil, false
}

func (p *parser) portOf(t token) (node, error) {
	transports, ok := p.transports()
	if !ok {
		return nil, wrong(t, `stands behind "`+p.before.protocol+`", which has no ports`)
	}
	low, high, ok := ports(t.text)
	switch {
	case ok && low != high && p.before.kind == "port":
		return nil, wrong(t, "is a range: write portrange")
	case ok && !t.quoted:
		return p.port(transports, p.before.direction, low, high), nil
	}
	if _, isNumber := number(t.text); isNumber {
		return nil, wrong(t, "is more than 65535, the last port")
	}
	low, has, err := service(t.text)
	if err != nil {
		return nil, err
	}
	if p.before.protocol == "" && len(has) == 1 {
		transports = has
	}
	return p.port(transports, p.before.direction, low, low), nil
}

func (p *parser) protoOf(t token) (node, error) {
	value, ok := number(t.text)
	q := p.before.protocol
	if !ok {
		value, ok = protocolNumbers[t.text]
		if q == "ether" || q == "link" {
			value = protocols[t.text].ether
			ok = value != 0
		}
	}
	switch {
	case !ok:
		return nil, wrong(t, `is no number of a protocol; names are written \tcp`)
	case q == "ether" || q == "link":
		if value > 65535 {
			return nil, wrong(t, "is more than 65535, the last EtherType")
		}
		return p.carries(value), nil
	case value > 255:
		return nil, wrong(t, "is more than 255, the last protocol of IP")
	case q == "ip":
		return p.onIPv4(value), nil
	case q == "ip6":
		return p.onIPv6(value), nil
	case q == "":
		return either(p.onIPv4(value), p.onIPv6(value)), nil
	}
	return nil, wrong(t, `stands behind "`+q+`", in which no protocols have numbers`)
}

func (p *parser) hostOf(t token) (node, error) {
	q := p.before
	if address, ok := hardware(t.text); ok {
		if q.protocol != "ether" && q.protocol != "link" {
			return nil, wrong(t, "is an address of Ethernet: write ether host")
		}
		return p.hardware(q.direction, address)
	}
	if q.protocol == "ether" || q.protocol == "link" {
		return nil, wrong(t, "is no address of Ethernet")
	}
	of, err := prefix(t.text)
	if err != nil {
		return nil, err
	}
	if _, bare := number(t.text); bare {
		return nil, wrong(t, "is a number and no address")
	}
	if p.next().text == "/" || p.next().text == "mask" {
		return nil, wrong(p.next(), "goes with a network: write net and not host")
	}
	return p.host(q.protocol, q.direction, of)
}

// netOf reads the length of a network's prefix, too, or its mask.
func (p *parser) netOf(t token) (node, error) {
	of, err := prefix(t.text)
	if err != nil {
		return nil, err
	}
	text, given := p.take("/", "mask")
	if given {
		if of, err = p.narrowed(of, text == "mask"); err != nil {
			return nil, err
		}
	}
	q := p.before
	if q.protocol == "ether" || q.protocol == "link" {
		return nil, wrong(t, "is no network of Ethernet, which has none")
	}
	return p.host(q.protocol, q.direction, of)
}

// narrowed reads how many bits of an address are the network's, or their mask.
func (p *parser) narrowed(of netip.Prefix, byMask bool) (netip.Prefix, error) {
	t := p.next()
	var bits int
	if !byMask {
		k, err := p.number()
		if err != nil {
			return of, err
		}
		bits = int(min(k, 1<<10))
	} else {
		var err error
		if bits, err = mask(t.text); err != nil {
			return of, at(t, err)
		}
		p.at++
	}
	of, err := narrowed(of, bits)
	return of, at(t, err)
}
