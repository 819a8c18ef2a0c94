package scrub

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"talktrace/capture"
	"talktrace/capture/capturetest"
	"talktrace/capture/pcapfile"
)

const (
	header  = "<?xml version='1.0'?><stream:stream to='capulet.example' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
	answer  = "<stream:stream from='capulet.example' id='s1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
	opening = "<iq type='set' id='a1'><query xmlns='jabber:iq:auth'><username>juliet</username><password>"
	closing = "</password><resource>balcony</resource></query></iq>"
	secret  = "r0m30mont4gue"
)

// crafted writes a capture of one connection, whose streams are open.
func crafted(t *testing.T, talk func(c *capturetest.Capture, conn *capturetest.Conn)) string {
	t.Helper()
	return captured(t, func(c *capturetest.Capture) {
		conn := c.Connect("192.0.2.77:40001", "198.51.100.9:5222")
		conn.Open()
		conn.Send(capturetest.Client, header)
		conn.Send(capturetest.Server, answer)
		talk(c, conn)
	})
}

// captured writes a capture.
func captured(t *testing.T, talk func(c *capturetest.Capture)) string {
	t.Helper()
	c := capturetest.New()
	talk(c)
	name := filepath.Join(t.TempDir(), "in.pcapng")
	var file bytes.Buffer
	if err := c.Write(&file, pcapfile.PcapNG); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// scrubbed scrubs a capture and compares the traces.
func scrubbed(t *testing.T, name string, o Options) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.pcapng")
	if err := File(t.Context(), open(name), out, o); err != nil {
		t.Fatal(err)
	}
	if !o.Bodies && !o.JIDs && !o.Addresses {
		sameRows(t, name, out)
	}
	return out
}

func TestSegments(t *testing.T) {
	for name, talk := range map[string]func(c *capturetest.Capture, conn *capturetest.Conn){
		"a byte each": func(_ *capturetest.Capture, conn *capturetest.Conn) {
			conn.MSS = 1
			conn.Send(capturetest.Client, opening+secret+closing)
		},
		"sent again": func(_ *capturetest.Capture, conn *capturetest.Conn) {
			conn.MSS = 40
			conn.Send(capturetest.Client, opening+secret+closing)
			whole := opening + secret + closing
			conn.Back(capturetest.Client, len(whole)-60, whole[60:])
			conn.Back(capturetest.Client, len(whole)-80, whole[80:]+"<presence/>")
		},
		"sent again with another content": func(_ *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(capturetest.Client, opening+"s0mething0lse"+closing)
			conn.Back(capturetest.Client, len(secret+closing), secret+closing)
			conn.Send(capturetest.Client, "<presence/>")
		},
		"in another order": func(_ *capturetest.Capture, conn *capturetest.Conn) {
			conn.Hold(capturetest.Client, opening+secret[:5])
			conn.Send(capturetest.Client, secret[5:]+closing)
			conn.Release()
			conn.Ack(capturetest.Server)
		},
		"behind a loss": func(_ *capturetest.Capture, conn *capturetest.Conn) {
			conn.Lose(capturetest.Client, opening)
			conn.Send(capturetest.Client, secret+closing)
			conn.Send(capturetest.Server, "<presence from='a@b.example'/>")
			conn.Send(capturetest.Client, "<presence><show>away</show></presence>")
		},
		"before a loss": func(_ *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(capturetest.Client, opening+secret)
			conn.Lose(capturetest.Client, closing)
			conn.Send(capturetest.Server, "<presence from='a@b.example'/>")
			conn.Send(capturetest.Client, "<presence><show>away</show></presence>")
		},
		"in what is not well-formed": func(_ *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(capturetest.Client, "<iq><password x=<>"+secret+"</iq><presence/><presence/>")
		},
		"in a section": func(_ *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(capturetest.Client, opening+"<![CDATA["+secret+"]]>"+closing)
		},
		"in text between elements": func(_ *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(capturetest.Client, "<presence/>"+secret+"<presence/>")
		},
		"in UDP": func(c *capturetest.Capture, conn *capturetest.Conn) {
			c.Datagram(netip.MustParseAddrPort("192.0.2.1:9"), netip.MustParseAddrPort("192.0.2.2:5222"), []byte(secret))
			conn.Send(capturetest.Client, "<presence/>")
		},
		"in another protocol": func(c *capturetest.Capture, conn *capturetest.Conn) {
			web := c.Connect("192.0.2.77:40002", "198.51.100.9:25")
			web.Open()
			web.Send(capturetest.Client, "AUTH PLAIN "+secret+"\r\n")
			conn.Send(capturetest.Client, "<presence/>")
		},
		"said elsewhere": func(_ *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(capturetest.Server, "<message from='a@b.example'><body>try "+secret+", or r&#x30;m30mont4gue</body></message>")
			conn.Send(capturetest.Client, opening+secret+closing)
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := crafted(t, talk)
			o := Options{}
			if name == "said elsewhere" { // there the text of a message becomes another
				o.Bodies = true
			}
			out := scrubbed(t, in, o)
			absent(t, out, []string{secret})
			if held := bytesOf(t, out); bytes.Contains(held, []byte("r&#x30;m30mont4gue")) {
				t.Error("the secret is still there, with a reference")
			}
			checksums(t, in, out)
		})
	}
}

// checksums expects those of TCP and UDP to be right, and the frames to be as
// long as they were.
func checksums(t *testing.T, before, after string) {
	t.Helper()
	was, err := open(before)()
	if err != nil {
		t.Fatal(err)
	}
	defer was.Close()
	is, err := open(after)()
	if err != nil {
		t.Fatal(err)
	}
	defer is.Close()
	var a, b capture.Frame
	for was.Next(&a) == nil {
		if err := is.Next(&b); err != nil {
			t.Fatal(err)
		}
		if len(a.Data) != len(b.Data) || a.Time != b.Time || a.Length != b.Length {
			t.Errorf("frame %d is of another length or time", a.Number)
		}
	}
	sumsOf(t, before)
	sumsOf(t, after)
}

// sumsOf expects the checksums and lengths of all frames to be right.
func sumsOf(t *testing.T, name string) {
	t.Helper()
	src, err := open(name)()
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	var f capture.Frame
	for src.Next(&f) == nil {
		p := gopacket.NewPacket(f.Data, layers.LayerTypeEthernet, gopacket.Default)
		if t, ok := p.TransportLayer().(interface {
			SetNetworkLayerForChecksum(l gopacket.NetworkLayer) error
		}); ok {
			_ = t.SetNetworkLayerForChecksum(p.NetworkLayer())
		}
		again := gopacket.NewSerializeBuffer()
		if err := gopacket.SerializePacket(again, gopacket.SerializeOptions{ComputeChecksums: true, FixLengths: true}, p); err != nil || !bytes.Equal(again.Bytes(), f.Data) {
			t.Errorf("frame %d has wrong checksums or lengths (%v):\n%x\n%x", f.Number, err, f.Data, again.Bytes())
		}
		if f.Length != len(f.Data) {
			t.Errorf("frame %d has %d bytes of %d", f.Number, len(f.Data), f.Length)
		}
	}
}

func TestAddresses(t *testing.T) {
	in := crafted(t, func(_ *capturetest.Capture, conn *capturetest.Conn) {
		conn.Send(capturetest.Client, "<message to='b@c.example'><body>I am at 192.0.2.77</body></message>")
	})
	out := scrubbed(t, in, Options{Addresses: true, MACs: true})
	checksums(t, in, out)
	absent(t, out, []string{"192.0.2.77", "198.51.100.9", "\xc0\x00\x02\x4d", "\xc6\x33\x64\x09"})
}

// TestConsistent expects a value to have the same stand-in wherever it is, and
// another one in another run.
func TestConsistent(t *testing.T) {
	in := crafted(t, func(_ *capturetest.Capture, conn *capturetest.Conn) {
		conn.Send(capturetest.Client, "<message to='nurse@capulet.example/hall' id='m1'/><presence to='nurse@capulet.example'/>")
		conn.Send(capturetest.Client, "<message to='peter@capulet.example' id='m2'/>")
		conn.Send(capturetest.Server, "<message from='nurse@capulet.example/hall' id='m3'/>")
	})
	texts := make(map[string]bool)
	for range 2 {
		var to []string
		for _, row := range rowsOf(t, open(scrubbed(t, in, Options{JIDs: true})), false) {
			for _, word := range strings.Fields(row) {
				if jid, found := strings.CutPrefix(word, "to='"); found && strings.Contains(jid, "@") {
					to = append(to, strings.TrimRight(jid, "'/>"))
				} else if jid, found := strings.CutPrefix(word, "from='"); found && strings.Contains(jid, "@") {
					to = append(to, strings.TrimRight(jid, "'/>"))
				}
			}
		}
		if len(to) < 4 || !strings.HasPrefix(to[0], to[1]+"/") || to[0] != to[3] {
			t.Fatalf("the stand-ins %q do not go together", to)
		}
		_, first, _ := strings.Cut(to[1], "@")
		if _, third, _ := strings.Cut(to[2], "@"); first != third || to[1] == to[2] {
			t.Errorf("the stand-ins %q do not go together", to)
		}
		texts[to[0]] = true
	}
	if len(texts) != 2 {
		t.Errorf("two runs have the same stand-ins: %v", texts)
	}
}

// TestPayloads looks into what becomes of logins.
func TestPayloads(t *testing.T) {
	var d disguise
	same := func(b []byte) []byte { return b }
	encoded := base64.StdEncoding.EncodeToString
	for _, test := range []struct{ plain, begins, lacks string }{
		{"\x00juliet\x00r0m30myr0m30", "\x00juliet\x00", "r0m30"},
		{"n,,n=juliet,r=oMsTAAwAAAAMAAAANP0TAAAAAABPU0AA", "n,,n=juliet,r=", "oMsTAAw"},
		{"r=oMsTAAwAAAAMAAAANP0TAAAAAABPU0AAe124695b,s=NjhkYTM0MDg=,i=4096", "r=", "e124695b"},
		{"c=biws,r=oMsTAAwAAAAMAAAANP0TAAAAAABPU0AAe124695b,p=UA57tM/SvpATBkH2FXs0WDXvJYw=", "c=biws,r=", "UA57tM"},
		{`username="juliet",realm="capulet.example",nonce="OA6MG9tEQGm2hh",nc=00000001,response=d388dad90d4bbd760a152321f2143af7`, `username="juliet",realm="capulet.example",nonce="`, "d388dad9"},
		{"romeo:hunter2=secret", "", "hunter2"},
		{"romeo:hunter2=secret", "", "secret"},
		{"n,a=juliet,\x01auth=Bearer t0k3nt0k3n\x01\x01", "n,a=juliet,\x01auth=Bearer ", "t0k3n"},
		{"n,a=juliet,\x01host=h\x01key=t0k3nt0k3n\x01\x01", "n,a=juliet,\x01host=h\x01key=", "t0k3n"},
		{"\x8f\x01\x02\x03\x04\x05\x06\x07\xff", "", "\x8f\x01\x02\x03"},
	} {
		b := []byte(encoded([]byte(test.plain)))
		out := d.payload(b, same, func([]byte, []byte) {})
		plain, err := base64.StdEncoding.DecodeString(string(out))
		if err != nil || len(out) != len(b) || !strings.HasPrefix(string(plain), test.begins) || strings.Contains(string(plain), test.lacks) {
			t.Errorf("%q became %q (%v)", test.plain, plain, err)
		}
	}
}

// TestText expects a stand-in to be of the same length and kind.
func TestText(t *testing.T) {
	var d disguise
	for in, same := range map[string]string{
		"Romeo&amp;Juliet": "&amp;", "&#x41;&#65;&#9;": "&#", "<![CDATA[x]]>": "]]>",
		"d388dad90d4bbd760a152321f2143af7": "", "müßig": "", "漢字 😀": " ", "\xff\xfe": "", "&": "&", "&#;&#x;": "&#;&#x;",
	} {
		out := d.text([]byte(in), false)
		if len(out) != len(in) || !bytes.Contains(out, []byte(same)) || string(out) == in && in[0] != '&' {
			t.Errorf("%q became %q", in, out)
		}
	}
}

func TestRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		talk func(c *capturetest.Capture, conn *capturetest.Conn)
		why  string
	}{
		"a secret that stands in another form": {func(_ *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(capturetest.Client, opening+secret+closing+"<iq><data xmlns='urn:xmpp:bob'>"+b64("xx"+secret)+"</data></iq>")
		}, "frame 6: "},
		"what is compressed wrongly": {func(_ *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(capturetest.Client, "<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>")
			conn.Send(capturetest.Server, "<compressed xmlns='http://jabber.org/protocol/compress'/>")
			conn.Send(capturetest.Client, "\x78\x9c\x02\x00\x00\x00\xff\xff\x07\x01\x02\x03")
		}, "frame 8: "},
	} {
		t.Run(name, func(t *testing.T) {
			in, dir := crafted(t, test.talk), t.TempDir()
			out := filepath.Join(dir, "out.pcapng")
			if err := os.WriteFile(out, []byte("from before"), 0o600); err != nil {
				t.Fatal(err)
			}
			err := File(t.Context(), open(in), out, Options{})
			if _, ok := errors.AsType[*RefusedError](err); !ok || !strings.Contains(err.Error(), test.why) {
				t.Errorf("got %v, want a refusal because of %s", err, test.why)
			}
			files, _ := os.ReadDir(dir)
			if held, _ := os.ReadFile(out); string(held) != "from before" || len(files) != 1 {
				t.Errorf("%q and %d files are left", held, len(files))
			}
		})
	}
}

func TestMode(t *testing.T) {
	in := crafted(t, func(_ *capturetest.Capture, conn *capturetest.Conn) { conn.Send(capturetest.Client, "<presence/>") })
	info, err := os.Stat(scrubbed(t, in, Options{}))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}
