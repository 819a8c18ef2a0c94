package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/dissect"
	"talktrace/dissect/engine"
	"talktrace/dissect/filter"
)

// TestFiltersLikeTshark has filters select frames of captures on which tshark
// sees what there is: each of their segments holds one stanza, or such as have
// the same fields. Both say the same frames.
func TestFiltersLikeTshark(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	for name, expressions := range map[string][]string{
		"plain-session": {
			`xmpp.message`,
			`xmpp.message and not xmpp.message.body`,
			`xmpp.message.body or xmpp.message.chatstate and tcp.srcport == 5222`,
			`xmpp.iq and (frame.number < 80 or frame.number > 200)`,
			`xmpp && frame.number in {1..60, 100..120}`,
			`xmpp.iq and tcp.stream == 1`,
			`xmpp.presence and !(xmpp.from contains "romeo")`,
			`xmpp.from contains "juliet"`,
			`xmpp.from[0:5] == "romeo"`,
			`xmpp.from[0-4] == 72:6f:6d:65:6f`,
			`xmpp.from[:1] == 'j'`,
			`upper(xmpp.from) contains "JULIET"`,
			`xmpp.id ~ "^[0-9A-F]+$"`,
			`xmpp.id matches r"^\d[^-]*$"`,
			`len(xmpp.id) > 10 and xmpp.iq`,
			`xmpp and frame.time_relative >= 1.5`,
			`xmpp and frame.time > "2026-11-22 07:22:35 UTC"`,
			`xmpp and all tcp.port > 1024 && tcp.port != 9999`,
			`xmpp and tcp.dstport !== 5222`,
			`xmpp.iq and ip.addr == 127.0.0.0/8 and ip.src != 127.0.0.2`,
			`xmpp.presence and tcp.port not in {5222}`,
			`xmpp.message && string(frame.number) matches "^1"`,
			`not xmpp.iq and not xmpp.presence and xmpp and count(tcp.port) == 2`,
			`xmpp.from == "juliet@capulet.example/balcony" or xmpp.to == "juliet@capulet.example"`,
		},
		"ipv6": {
			`xmpp and ipv6.addr == ::1 and ipv6.src == ::/64`,
			`xmpp and ip`,
		},
	} {
		file, err := os.ReadFile(filepath.Join(captureDir, name+".pcap"))
		if err != nil {
			t.Fatal(err)
		}
		selected := 0
		for _, expression := range expressions {
			want := tsharkFrames(t, name, expression)
			got := filteredFrames(t, file, expression)
			if !slices.Equal(want, got) {
				t.Errorf("%s: %s\ntshark    %v\ntalktrace %v", name, expression, want, got)
			}
			selected += len(got)
		}
		if selected < 10*len(expressions) {
			t.Errorf("%s: %d frames selected in all: that says little", name, selected)
		}
	}
}

// tsharkFrames returns the numbers of the frames that tshark selects.
func tsharkFrames(t *testing.T, capture, expression string) []string {
	t.Helper()
	cmd := exec.Command("tshark", "-r", "../../testdata/captures/"+capture+".pcap", "-Y", expression, "-T", "fields", "-e", "frame.number")
	cmd.Env = append(os.Environ(), "TZ=UTC")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark -Y '%s': %v\n%s", expression, err, said.Bytes())
	}
	return strings.Fields(string(out))
}

// filteredFrames returns the numbers of the frames with rows that a filter
// selects.
func filteredFrames(t *testing.T, file []byte, expression string) []string {
	t.Helper()
	f, err := filter.Compile(expression)
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	src, err := pcapfile.OpenReader(bytes.NewReader(file), "", capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	var numbers []int
	for e, err := range engine.Events(src, engine.Options{Options: dissect.Options{Fields: dissect.NewFieldSet(f.Fields()...)}}) {
		if err != nil {
			t.Fatal(err)
		}
		if f.Match(e) {
			numbers = append(numbers, e.Frame)
		}
	}
	slices.Sort(numbers)
	var frames []string
	for _, n := range slices.Compact(numbers) {
		frames = append(frames, fmt.Sprint(n))
	}
	return frames
}
