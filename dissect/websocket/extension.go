package websocket

import (
	"math"
	"strings"

	"talktrace/dissect"
	"talktrace/dissect/deflate"
)

// agreement is what both ends have agreed on about compression (RFC 7692).
type agreement struct {
	known   bool // the server's answer was seen
	deflate bool // compressed messages may come
}

// parseExtensions reads the server's choice of extensions (RFC 6455 section
// 9.1). The parameters of permessage-deflate (RFC 7692 section 7.1) only say how
// far back, at most, the sender refers: whoever keeps the largest window, and
// keeps it from message to message, can read all of them.
func parseExtensions(header string) agreement {
	a := agreement{known: true}
	for extension := range strings.SplitSeq(header, ",") {
		name, _, _ := strings.Cut(extension, ";")
		a.deflate = a.deflate || strings.EqualFold(strings.TrimSpace(name), "permessage-deflate")
	}
	return a
}

// inflate undoes the compression of a message. What it returns lives in the
// arena. A message that cannot be inflated takes along what later ones refer to;
// those that do so are found out, because the inflater begins anew behind it.
func (l *Layer) inflate(c *dissect.Context, from dissect.Sender, packed []byte) ([]byte, error) {
	d := &l.dirs[from]
	if d.inflater == nil {
		d.inflater = deflate.NewInflater(deflate.Messages, deflate.Limits{Chunk: c.MaxStanza, Total: math.MaxInt64})
	}
	const usual = 64 << 10
	plain, err := d.inflater.AppendMessage(c.Arena.Begin(min(4*len(packed), usual)), packed)
	if err != nil {
		d.inflater.Reset()
	}
	return c.Arena.Done(plain), err
}
