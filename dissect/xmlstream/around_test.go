package xmlstream_test

import (
	"fmt"
	"testing"

	"talktrace/dissect"
	. "talktrace/dissect/xmlstream"
)

// TestAround checks that the bytes between units, however they are cut, are
// around one of them, once.
func TestAround(t *testing.T) {
	const stream = "\xef\xbb\xbf\r\n<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>\n<a/>\r\n <b>\n</b>\t<c/>\n\n<d>x</d> </stream:stream>\r\n"
	for _, size := range []int{1, 2, 3, 5, 7, 11, 64, len(stream)} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			s := NewSplitter(AssumedScope(NSClient), 1<<10)
			p := NewParser(&dissect.Interner{})
			var a dissect.Arena
			var got []byte
			for rest := stream; rest != ""; {
				n := min(size, len(rest))
				s.Feed([]byte(rest[:n]), Origin{Frame: 1})
				rest = rest[n:]
				var u Unit
				for s.Next(p, &a, &u) {
					got = append(append(append(got, u.Before...), u.Raw...), u.After...)
				}
			}
			if string(got) != stream {
				t.Errorf("together they are\n%q, want\n%q", got, stream)
			}
		})
	}
}
