package packet

import (
	"encoding/hex"
	"strings"
	"testing"

	"talktrace/capture"
)

// TestCooked summarizes the same packet behind each of the headers that Linux
// captures have where there is no other.
func TestCooked(t *testing.T) {
	const datagram = "4500001fcb5a400040117171 7f000001 7f000001 bafd1466000bfe1e 68690a"
	for header, link := range map[string]capture.LinkType{
		"":                                     capture.LinkRaw,
		"0000 0304 0006 0000000000000000 0800": capture.LinkLinuxSLL,
		"0800 0000 00000001 0304 00 06 0000000000000000":           capture.LinkLinuxSLL2,
		"8100 0000 00000001 0001 00 06 0202020202020000 0007 0800": capture.LinkLinuxSLL2,
		"0800 0000 00000001 0304 00 ff 0000000000000000":           capture.LinkLinuxSLL2, // an address of 255 bytes
	} {
		data, err := hex.DecodeString(strings.ReplaceAll(header+datagram, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		s := NewDecoder().Summarize(&capture.Frame{Data: data, Length: len(data), Link: link})
		if s.Source != "127.0.0.1:47869" || s.Destination != "127.0.0.1:5222" || s.Protocol != "UDP" {
			t.Errorf("behind %q: %+v", header, s)
		}
		if link == capture.LinkLinuxSLL2 {
			s = NewDecoder().Summarize(&capture.Frame{Data: data[:19], Length: len(data), Link: link})
			if s.Source != "" || s.Protocol != "unknown" {
				t.Errorf("cut: %+v", s)
			}
		}
	}
}
