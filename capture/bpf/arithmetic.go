package bpf

import (
	"errors"
	"math"
)

// An expression is a number that is computed of a frame.
type expression interface{}

type (
	constant uint32

	// size is the length of the frame.
	size struct{}

	// octets are 1, 2 or 4 bytes of a frame, behind where a protocol begins.
	octets struct {
		begin     uint32
		transport bool // begin is what IPv4's header is in front of
		index     expression
		size      int
	}

	operation struct {
		op          uint16
		left, right expression
	}
)

// operations are those with two operands, the ones that bind least first.
var operations = [...]map[string]uint16{
	{"|": computeOr},
	{"^": computeXor},
	{"&": computeAnd},
	{"<<": computeLeft, ">>": computeDown},
	{"+": computeAdd, "-": computeSub},
	{"*": computeMul, "/": computeDiv, "%": computeMod},
}

// combined is an operation, done at once where both operands are known.
func combined(op uint16, left, right expression) (expression, error) {
	b, known := right.(constant)
	if known && b == 0 && (op == computeDiv || op == computeMod) {
		return nil, errors.New("divides by zero")
	}
	if known && b > 31 && (op == computeLeft || op == computeDown) {
		return nil, errors.New("shifts by more than 31 bits")
	}
	a, ok := left.(constant)
	if !ok || !known {
		return &operation{op, left, right}, nil
	}
	return calculate(op, a, b), nil
}

func calculate(op uint16, a, b constant) constant {
	switch op {
	case computeAdd:
		return a + b
	case computeSub:
		return a - b
	case computeMul:
		return a * b
	case computeDiv:
		return a / b
	case computeMod:
		return a % b
	case computeOr:
		return a | b
	case computeXor:
		return a ^ b
	case computeLeft:
		return a << b
	case computeDown:
		return a >> b
	}
	return a & b
}

// code returns the instructions that compute an expression into A. They may
// use the slots of memory from the given one on, and X.
func (l *layout) code(e expression, slot uint32) ([]Instruction, error) {
	switch e := e.(type) {
	case constant:
		return []Instruction{{Code: opLoad | modeNumber, K: uint32(e)}}, nil
	case size:
		length := []Instruction{{Code: opLoad | sizeWord | modeLength}}
		if hidden := l.hidden(); hidden > 0 {
			length = append(length, compute(computeAdd, hidden))
		}
		return length, nil
	case *octets:
		return l.loads(e, slot)
	case *operation:
		if k, ok := e.right.(constant); ok {
			code, err := l.code(e.left, slot)
			return append(code, compute(e.op, uint32(k))), err
		}
		code, err := l.pair(e.left, e.right, slot)
		return append(code, compute(e.op|withX, 0)), err
	}
	return nil, errors.New("is no number")
}

// pair computes one expression into A and another into X.
func (l *layout) pair(a, x expression, slot uint32) ([]Instruction, error) {
	if slot >= scratchSlots {
		return nil, errors.New("nests too deep")
	}
	code, err := l.code(x, slot)
	if err != nil {
		return nil, err
	}
	more, err := l.code(a, slot+1)
	code = append(code, Instruction{Code: opStore, K: slot})
	code = append(code, more...)
	return append(code, Instruction{Code: opLoadX | sizeWord | modeScratch, K: slot}), err
}

// loads is the code for bytes, whose place may itself have to be computed.
func (l *layout) loads(o *octets, slot uint32) ([]Instruction, error) {
	toX := Instruction{Code: opTransfer}
	if k, ok := o.index.(constant); ok {
		at := o.begin + uint32(k)
		switch {
		case at > math.MaxInt32: // Linux has other things there
			return nil, errors.New("is in front of the frame")
		case o.transport:
			return []Instruction{l.skipIPv4(), loadBehindX(o.size, at)}, nil
		}
		return []Instruction{load(o.size, at)}, nil
	}
	code, err := l.code(o.index, slot)
	if o.transport {
		code = append(code, l.skipIPv4(), compute(computeAdd|withX, 0))
	}
	return append(code, toX, loadBehindX(o.size, o.begin)), err
}

// A comparison is the sign of one: a jump, and whether it is meant the other
// way around.
type comparison struct {
	jump    uint16
	negated bool
}

var comparisons = map[string]comparison{
	"=": {jumpEqual, false}, "==": {jumpEqual, false}, "!=": {jumpEqual, true},
	">": {jumpGreater, false}, "<=": {jumpGreater, true},
	">=": {jumpAtLeast, false}, "<": {jumpAtLeast, true},
}

// compare is the condition that two expressions compare in some way.
func (l *layout) compare(left expression, how comparison, right expression) (node, error) {
	t := &test{jump: how.jump}
	var err error
	k, ok := right.(constant)
	a, both := left.(constant)
	if ok && both {
		holds := how.jump == jumpEqual && a == k || how.jump == jumpGreater && a > k || how.jump == jumpAtLeast && a >= k
		return verdict(holds != how.negated), nil
	}
	if ok {
		t.k = uint32(k)
		t.compute, err = l.code(left, 0)
	} else {
		t.jump |= withX
		t.compute, err = l.pair(left, right, 0)
	}
	if how.negated {
		return negated(t), err
	}
	return t, err
}

// numbers are those that go by a name: of places in headers, and of what is there.
var numbers = map[string]uint32{
	"tcpflags": 13,
	"tcp-fin":  1, "tcp-syn": 2, "tcp-rst": 4, "tcp-push": 8, "tcp-ack": 16, "tcp-urg": 32, "tcp-ece": 64, "tcp-cwr": 128,
	"icmptype": 0, "icmpcode": 1, "icmp6type": 0, "icmp6code": 1,
	"icmp-echoreply": 0, "icmp-unreach": 3, "icmp-sourcequench": 4, "icmp-redirect": 5, "icmp-echo": 8,
	"icmp-routeradvert": 9, "icmp-routersolicit": 10, "icmp-timxceed": 11, "icmp-paramprob": 12,
	"icmp-tstamp": 13, "icmp-tstampreply": 14, "icmp-ireq": 15, "icmp-ireqreply": 16,
	"icmp-maskreq": 17, "icmp-maskreply": 18,
	"icmp6-destinationunreach": 1, "icmp6-packettoobig": 2, "icmp6-timeexceeded": 3, "icmp6-parameterproblem": 4,
	"icmp6-echo": 128, "icmp6-echoreply": 129,
	"icmp6-multicastlistenerquery": 130, "icmp6-multicastlistenerreportv1": 131, "icmp6-multicastlistenerdone": 132,
	"icmp6-routersolicit": 133, "icmp6-routeradvert": 134, "icmp6-neighborsolicit": 135, "icmp6-neighboradvert": 136,
	"icmp6-redirect": 137, "icmp6-routerrenum": 138, "icmp6-nodeinformationquery": 139, "icmp6-nodeinformationresponse": 140,
	"icmp6-ineighbordiscoverysolicit": 141, "icmp6-ineighbordiscoveryadvert": 142,
	"icmp6-multicastlistenerreportv2": 143, "icmp6-homeagentdiscoveryrequest": 144, "icmp6-homeagentdiscoveryreply": 145,
	"icmp6-mobileprefixsolicit": 146, "icmp6-mobileprefixadvert": 147, "icmp6-certpathsolicit": 148, "icmp6-certpathadvert": 149,
	"icmp6-multicastrouteradvert": 151, "icmp6-multicastroutersolicit": 152, "icmp6-multicastrouterterm": 153,
}
