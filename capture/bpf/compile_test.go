package bpf

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/bpf"

	"talktrace/capture"
)

// TestErrors names the word that is not understood, and its column.
func TestErrors(t *testing.T) {
	ethernet := Frames{Link: capture.LinkEthernet}
	for filter, want := range map[string]string{
		"tcp prot 5222":                   `"prot" in column 5: is not what can follow here`,
		"prot 5222":                       `"prot" in column 1: is no word of capture filters`,
		"tcp and":                         `at its end: something is missing`,
		"tcp and or udp":                  `"or" in column 9: is not what can follow here`,
		"(tcp or udp":                     `at its end: stands where ")" is due`,
		"tcp)":                            `")" in column 4: is not what can follow here`,
		"port":                            `at its end: something is missing`,
		"port 65536":                      `"65536" in column 6: is more than 65535`,
		"port no-such-service":            `"no-such-service" in column 6: is neither a number nor the name of a port`,
		"port 5222-5269":                  `"5222-5269" in column 6: is a range: write portrange`,
		"icmp port 1":                     `"1" in column 11: stands behind "icmp", which has no ports`,
		"host example.com":                `"example.com" in column 6: is no address, and names are not looked up`,
		"host 1.2.3.400":                  `"1.2.3.400" in column 6: is no address of IPv4`,
		"host 1.2.3.4.5":                  `"1.2.3.4.5" in column 6: is no address of IPv4`,
		"host 2001:db8::g":                `"2001:db8::g" in column 6: is no address of IPv6`,
		"host 192.0.2.0/24":               `"/" in column 15: goes with a network`,
		"host 7":                          `"7" in column 6: is a number and no address`,
		"host 2:2:2:2:2:2":                `is an address of Ethernet: write ether host`,
		"ether host 192.0.2.1":            `"192.0.2.1" in column 12: is no address of Ethernet`,
		"ether":                           `"ether" in column 1: is no condition by itself`,
		"tcp host 192.0.2.1":              `"192.0.2.1" in column 10: is an address that "tcp" does not go with`,
		"ip6 host 192.0.2.1":              `"192.0.2.1" in column 10: is an address that "ip6" does not go with`,
		"net 192.0.2.1/24":                `"24" in column 15: leaves bits of the address that are not the network's: write 192.0.2.0/24`,
		"net 192.0.2.0/33":                `"33" in column 15: is more than the 32 bits`,
		"net 192.0.2.0 mask 255.0.255.0":  `"255.0.255.0" in column 20: is no mask of IPv4`,
		"vlan 4096":                       `"4096" in column 6: is more than 4095`,
		"ip proto tcp":                    `"tcp" in column 10: is not what can follow here`,
		`ip proto \nothing`:               `"nothing" in column 10: is no number of a protocol`,
		"ip proto 256":                    `"256" in column 10: is more than 255`,
		"tcp[13] & 2":                     `at its end: stands where a comparison is due`,
		"tcp[13 & 2 != 0":                 `stands where "]" is due`,
		"tcp[0:3] = 1":                    `"3" in column 7: bytes cannot be read at once`,
		"esp[0] = 1":                      `"esp" in column 1: is no protocol whose bytes`,
		"len / 0 = 1":                     `"/" in column 5: divides by zero`,
		"len << 32 = 1":                   `"<<" in column 5: shifts by more than 31 bits`,
		"ip[-20] = 1":                     `is in front of the frame`,
		"inbound":                         `"inbound" in column 1: frames of this kind do not tell it`,
		"tcp port 80 and tcp udp":         `"udp" in column 21: is not what can follow here`,
		"tcp and \x00":                    `"\x00" in column 9: is nothing that a capture filter has`,
		"tcp port 80 or ünbekannt":        `"ü" in column 16: is nothing`,
		"gateway 192.0.2.1":               `"gateway" in column 1: is no word of capture filters`,
		strings.Repeat("(", 300) + "tcp":  `is nested too deep`,
		strings.Repeat("! ", 300) + "tcp": `is nested too deep`,
	} {
		_, err := Compile(filter, ethernet)
		if e, ok := errors.AsType[*Error](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %s (%+v)", filter, err, want, e)
		}
	}
	for filter, want := range map[string]error{
		"tcp and udp":                  errNothing,
		"1 = 2":                        errNothing,
		strings.Repeat("tcp or ", 1e4): errTooLong,
		"ip[8] = 1 " + distinct("or ip[%d] = 1", 3000): errTooLong,
	} {
		if _, err := Compile(filter, ethernet); !errors.Is(err, want) {
			t.Errorf("%.40q: %v, want %v", filter, err, want)
		}
	}
	if _, err := Compile("tcp", Frames{Link: capture.LinkPPP}); err == nil {
		t.Error("PPP is filtered")
	}
}

// distinct is a row of conditions of which each has another number.
func distinct(format string, n int) string {
	var all strings.Builder
	for i := range n {
		fmt.Fprintf(&all, " "+format, i)
	}
	return all.String()
}

// TestAlone has what libpcap cannot be compared with: a prefix after a short
// address; and each of the protocols that an expression asks for has to be there.
func TestAlone(t *testing.T) {
	udp := append(make([]byte, 12), 8, 0, 0x45, 0, 0, 60, 0, 0, 0, 0, 64, 17, 0, 0, 10, 1, 2, 3, 10, 1, 2, 4)
	udp = append(udp, make([]byte, 40)...)
	for filter, want := range map[string]bool{
		"net 10/8": true, "net 10.1/16": true, "net 11/8": false, "dst net 10.1.2/24 and not src net 11/8": true,
		"ip[2:2] - tcp[12] > 0": false, "ip[2:2] - udp[2] > 0": true,
		"proto \\icmp6": false, "ip proto \\udp": true,
		// The jump is longer than a byte can say.
		"not (ip[8] = 1 " + distinct("or ip[8] = %d", 60) + ")":                     true,
		"(ip[8] = 1 " + distinct("or ip[8] = 1%d", 60) + ") or udp":                 true,
		"udp and (ip[8] = 1 " + distinct("or ip[8] = 1%d", 300) + " or ip[8] = 64)": true,
	} {
		program, err := Compile(filter, Frames{Link: capture.LinkEthernet, Snaplen: 70})
		if err != nil {
			t.Error(err)
			continue
		}
		kept := 0
		if want {
			kept = 70
		}
		if got := run(t, program, udp); got != kept {
			t.Errorf("%.60s: %d, want %d", filter, got, kept)
		}
	}
}

// run runs a program on a frame.
func run(t *testing.T, program []Instruction, frame []byte) int {
	t.Helper()
	var raw []bpf.RawInstruction
	for _, i := range program {
		raw = append(raw, bpf.RawInstruction{Op: i.Code, Jt: i.Jt, Jf: i.Jf, K: i.K})
	}
	instructions, ok := bpf.Disassemble(raw)
	if !ok {
		t.Fatalf("%v", instructions)
	}
	vm, err := bpf.NewVM(instructions)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := vm.Run(frame)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// TestSame compiles twice: the same filter makes the same program.
func TestSame(t *testing.T) {
	filter := "tcp[13] = 1 " + distinct("and not ip[%d] = 5", 100)
	first, err := Compile(filter, Frames{Link: capture.LinkEthernet})
	again, err2 := Compile(filter, Frames{Link: capture.LinkEthernet})
	if err = errors.Join(err, err2); err != nil || fmt.Sprint(first) != fmt.Sprint(again) {
		t.Errorf("%v\n%v\n%v", err, first, again)
	}
}

// FuzzCompile compiles anything. What comes out is a program that the kernel
// takes: short enough, its jumps lead forward and within, and it ends.
func FuzzCompile(f *testing.F) {
	for _, filter := range []string{
		"tcp port 5222 or 5269 or port 53 or udp port 5353",
		"(vlan 7 and ip6 host 2001:db8::1) or not ether src 2:2:2:2:2:2",
		`ip proto \tcp and tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x3c737472 or len - 4 > 60`,
		"net 192.0.2.0 mask 255.255.255.0 && ! portrange 1-1024 || icmp[icmptype] == icmp-echo",
		"src and dst host 192.0.2.1 or inbound and less 100",
	} {
		f.Add(filter, true, uint8(1))
	}
	frame := make([]byte, 60)
	f.Fuzz(func(t *testing.T, filter string, live bool, link uint8) {
		of := Frames{Link: capture.LinkType(link), Live: live}
		if link == 20 {
			of.Link = capture.LinkLinuxSLL2
		}
		program, err := Compile(filter, of)
		if err != nil {
			if e, ok := errors.AsType[*Error](err); ok && (e.Problem == "" || e.Column < 1) {
				t.Errorf("%+v", e)
			}
			return
		}
		if len(program) == 0 || len(program) > MaxInstructions {
			t.Fatalf("%d instructions", len(program))
		}
		for n, i := range program {
			if i.Code&7 != opJump {
				continue
			}
			furthest := n + 1 + int(max(i.Jt, i.Jf))
			if i.Code == opJump|jumpAlways {
				furthest = n + 1 + int(i.K)
			}
			if furthest >= len(program) {
				t.Fatalf("instruction %d jumps to %d of %d", n, furthest, len(program))
			}
		}
		if last := program[len(program)-1]; last.Code != opReturn {
			t.Errorf("the last instruction is %+v", last)
		}
		if !live {
			run(t, program, frame)
		}
	})
}
