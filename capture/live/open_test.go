//go:build cgo || linux

package live

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"

	"talktrace/capture"
)

// open captures on an interface, or skips the test where that is not allowed.
func open(ctx context.Context, t *testing.T, name string, o Options) *Capture {
	t.Helper()
	c, err := Open(ctx, []string{name}, o)
	if e, ok := errors.AsType[*capture.Error](err); ok && strings.Contains(e.Hint, "setcap") {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// loopback is the name of the loopback interface.
func loopback(t *testing.T) string {
	t.Helper()
	all, err := Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all {
		if i.Loopback && i.Up {
			if len(i.Addresses) == 0 {
				t.Errorf("%+v has no address", i)
			}
			return i.Name
		}
	}
	t.Skip("there is no loopback interface that can be captured on")
	return ""
}

// TestCapture sends datagrams to itself and sees them, whole and cut.
func TestCapture(t *testing.T) {
	for _, o := range []Options{{}, {BufferMiB: 1, Promiscuous: true, Snaplen: 60}} {
		socket, err := net.ListenPacket("udp4", "127.0.0.1:0")
		if err != nil {
			t.Skip(err)
		}
		t.Cleanup(func() { _ = socket.Close() })
		_, port, err := net.SplitHostPort(socket.LocalAddr().String())
		if err != nil {
			t.Fatal(err)
		}
		o.Filter = "udp dst port " + port
		c := open(t.Context(), t, loopback(t), o)
		payload := bytes.Repeat([]byte("talk "), 20)
		for want := range 2 {
			if _, err := socket.WriteTo(payload, socket.LocalAddr()); err != nil {
				t.Fatal(err)
			}
			var f capture.Frame
			if err := c.Next(&f); err != nil {
				t.Fatal(err)
			}
			if f.Number != want+1 || f.Length < len(payload)+28 || f.Time == 0 || f.Origin.Filter != o.Filter {
				t.Errorf("%+v", f)
			}
			if o.Snaplen > 0 && len(f.Data) != o.Snaplen || o.Snaplen == 0 && !bytes.HasSuffix(f.Data, payload) {
				t.Errorf("%d bytes: %q", len(f.Data), f.Data)
			}
		}
		// A loopback interface has each of them twice, going out and coming in.
		if s := c.Stats()[0]; s.Received < 2 || s.Dropped != 0 {
			t.Errorf("%+v", s)
		}
	}
}

// TestEnd waits for a frame that never comes until the context ends.
func TestEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := open(ctx, t, loopback(t), Options{Filter: "ip proto 253"})
	ended := make(chan error)
	go func() {
		var f capture.Frame
		ended <- c.Next(&f)
	}()
	cancel()
	if err := <-ended; !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

func TestOpenFailure(t *testing.T) {
	for _, c := range []struct{ name, filter, want, hint string }{
		{"nothing0", "", "nothing0: there is no such interface", "talktrace -D"},
		{loopback(t), "tcp prot 5222", `capture filter "tcp prot 5222": `, "pcap-filter"},
	} {
		_, err := Open(t.Context(), []string{c.name}, Options{Filter: c.filter})
		e, ok := errors.AsType[*capture.Error](err)
		if ok && strings.Contains(e.Hint, "setcap") {
			t.Skip(err)
		}
		if !ok || !strings.Contains(err.Error(), c.want) || !strings.Contains(e.Hint, c.hint) {
			t.Errorf("%v, want %s", err, strconv.Quote(c.want))
		}
	}
	denied := failure("eth0", errors.New("Permission Denied (socket: Operation not permitted)"))
	if e, ok := errors.AsType[*capture.Error](denied); !ok || !strings.Contains(e.Hint, "setcap cap_net_raw,cap_net_admin+eip /") {
		t.Errorf("%#v", denied)
	}
}
