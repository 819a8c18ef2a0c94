package engine

import (
	"net/netip"
	"testing"

	"talktrace/dissect"
)

// Google's push protocol is named once, on its ports alone.
func TestMCS(t *testing.T) {
	for _, test := range []struct {
		port uint16
		head string
		rows int
	}{
		{5228, "\x29\x02\x05login", 1},
		{5230, "\x26\x02\x05login", 1},
		{5228, "\x30\x02\x05login", 0},
		{5227, "\x29\x02\x05login", 0},
	} {
		c := dissect.NewContext(dissect.Options{})
		c.Conn = &dissect.Conn{Addr: [2]netip.AddrPort{
			netip.MustParseAddrPort("192.0.2.1:40000"),
			netip.AddrPortFrom(netip.MustParseAddr("192.0.2.2"), test.port),
		}}
		o := &opening{via: "tcp:tls"}
		o.Data(c, dissect.Client, dissect.Bytes{Data: []byte(test.head), Frame: 1})
		o.Data(c, dissect.Server, dissect.Bytes{Data: []byte(test.head), Frame: 2})
		if len(c.Events) != test.rows {
			t.Errorf("%d: %q gives %d rows", test.port, test.head, len(c.Events))
		}
		for i := range c.Events {
			if e := &c.Events[i]; e.Protocol != "MCS" || e.Layers != "tcp:tls" || e.Sender != dissect.Client {
				t.Errorf("%d: %s %s %v", test.port, e.Protocol, e.Layers, e.Sender)
			}
		}
	}
}
