package tls

import (
	"bytes"
	gotls "crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
)

// lines are what both sides say in turn, the client first.
func lines(n int) (said [2][]string) {
	for i := range n {
		said[i%2] = append(said[i%2], fmt.Sprintf("<message id='%d'>%s</message>", i, strings.Repeat("x", i%97)))
	}
	return said
}

// talk lets crypto/tls carry a conversation of n lines, and returns what went
// over the wire and the key log. Both say close_notify.
func talk(t testing.TB, client, server *gotls.Config, n int) (parts []part, log *bytes.Buffer) {
	t.Helper()
	log = new(bytes.Buffer)
	client = client.Clone()
	client.KeyLogWriter = log
	near, far := net.Pipe()
	defer near.Close()
	said := lines(n)
	done := make(chan error, 1)
	go func() {
		s := gotls.Server(far, server)
		err := s.Handshake()
		for i := 0; i < n && err == nil; i++ {
			err = exchangeLine(s, i%2 == 1, said, i)
		}
		if err == nil {
			_, err = s.Read(make([]byte, 1)) // close_notify
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
		done <- err
		_ = s.Close()
	}()
	c := gotls.Client(tap{near, &parts}, client)
	for i := range n {
		if err := exchangeLine(c, i%2 == 0, said, i); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	_, _ = c.Read(make([]byte, 1)) // the other close_notify
	return join(parts), log
}

func exchangeLine(c *gotls.Conn, speaks bool, said [2][]string, i int) error {
	line := said[i%2][i/2]
	if speaks {
		_, err := io.WriteString(c, line)
		return err
	}
	got := make([]byte, len(line))
	if _, err := io.ReadFull(c, got); err != nil {
		return err
	}
	if string(got) != line {
		return fmt.Errorf("line %d arrived as %s", i, got)
	}
	return nil
}

// keysOf reads a key log.
func keysOf(t testing.TB, log string) *Keys {
	t.Helper()
	keys := NewKeys()
	if stats, err := keys.AddLog(strings.NewReader(log)); err != nil || stats.Bad > 0 {
		t.Fatalf("%+v, %v", stats, err)
	}
	return keys
}

// wantText checks what was inside.
func wantText(t *testing.T, in *inside, n int) {
	t.Helper()
	for side, lines := range lines(n) {
		if got, want := in.text[side].String(), strings.Join(lines, ""); got != want {
			t.Errorf("the %s said %d bytes:\n%s\nwant %d:\n%s", dissect.Sender(side), len(got), got, len(want), want)
		}
	}
}

// wantSealed checks that records stayed closed, and all of them for this reason.
func wantSealed(t *testing.T, p *player, why string) {
	t.Helper()
	closed := 0
	for i := range p.c.Events {
		if got := p.c.Events[i].Sealed; got != "" {
			if closed++; got != why {
				t.Errorf("row %d stayed closed: %s, want %s", i, got, why)
			}
		}
	}
	if closed == 0 {
		t.Errorf("no record stayed closed, want some: %s", why)
	}
}

// wantNotes checks the findings on all rows, by their ids.
func wantNotes(t *testing.T, p *player, want ...string) {
	t.Helper()
	var got []string
	for i := range p.c.Events {
		for _, n := range p.c.Events[i].Notes {
			got = append(got, n.ID)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("notes %q, want %q", got, want)
	}
}

// Whatever crypto/tls speaks is opened, wherever its bytes are cut.
func TestCryptoTLS(t *testing.T) {
	type combination struct{ version, suite uint16 }
	all := []combination{{gotls.VersionTLS13, 0}}
	for _, s := range slices.Concat(gotls.CipherSuites(), gotls.InsecureCipherSuites()) {
		for _, version := range s.SupportedVersions {
			if version < gotls.VersionTLS13 {
				all = append(all, combination{version, s.ID})
			}
		}
	}
	for _, one := range all {
		name := gotls.VersionName(one.version) + " " + gotls.CipherSuiteName(one.suite)
		parts, keys := talkWith(t, one.version, one.suite, 12)
		for _, n := range []int{1, 7, 1 << 20} {
			p, in := opened(keys)
			p.play(cutInto(n, parts)...)
			p.end(dissect.EndFIN)
			wantText(t, in, 12)
			wantNotes(t, p)
			if in.ended != [2]int{1, 1} {
				t.Errorf("ended %d times", in.ended)
			}
			for _, row := range p.rows() {
				if strings.Contains(row, "encrypted") || strings.Contains(row, "application data") {
					t.Errorf("stayed closed: %s", row)
				}
			}
		}
		if t.Failed() {
			t.Fatal(name)
		}
	}
	if len(all) < 40 {
		t.Errorf("only %d combinations of version and suite", len(all))
	}
}

// Keys that are of no use leave the rows as they are without keys.
func TestOtherKeys(t *testing.T) {
	for _, version := range []uint16{gotls.VersionTLS12, gotls.VersionTLS13} {
		c, s := configs(t, version)
		parts, _ := talk(t, c, s, 4)
		_, other := talk(t, c, s, 4)
		p, in := opened(keysOf(t, other.String()))
		p.play(parts...)
		p.end(dissect.EndFIN)
		wantRows(t, p.rows(), trace(parts...)...)
		wantNotes(t, p)
		if in.text[0].Len()+in.text[1].Len() > 0 {
			t.Error("something was opened")
		}
	}
}

// swapped returns a key log in which the secrets are of the other log.
func swapped(log, other string) string {
	randoms := strings.Fields(log)
	var b strings.Builder
	for i, field := range strings.Fields(other) {
		if i%3 == 1 {
			field = randoms[1]
		}
		b.WriteString(field)
		b.WriteByte(" \n"[i%3/2])
	}
	return b.String()
}

// A wrong key is a finding in each direction; the rows are those without keys.
func TestWrongKey(t *testing.T) {
	for _, version := range []uint16{gotls.VersionTLS12, gotls.VersionTLS13} {
		c, s := configs(t, version)
		parts, log := talk(t, c, s, 4)
		_, other := talk(t, c, s, 4)
		p, in := opened(keysOf(t, swapped(log.String(), other.String())))
		p.play(parts...)
		p.end(dissect.EndFIN)
		wantRows(t, p.rows(), trace(parts...)...)
		wantNotes(t, p, "tls-wrong-key", "tls-wrong-key")
		wantSealed(t, p, whyWrongKey)
		if in.text[0].Len()+in.text[1].Len() > 0 {
			t.Error("something was opened")
		}
	}
}

// A record of which a byte changed on its way is malformed and never shown; what
// follows is opened, and the layer inside knows what it did not get.
func TestDamagedRecord(t *testing.T) {
	for _, suite := range []uint16{
		gotls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, gotls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
		gotls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA, gotls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, 0,
	} {
		version := uint16(gotls.VersionTLS12)
		if suite == 0 {
			version = gotls.VersionTLS13
		}
		parts, keys := talkWith(t, version, suite, 12)
		said := lines(12)
		line := nthLine(parts, dissect.Client, 3)
		parts[line].data = slices.Clone(parts[line].data)
		parts[line].data[len(parts[line].data)-1] ^= 4
		p, in := opened(keys)
		p.play(parts...)
		p.end(dissect.EndFIN)
		wantNotes(t, p, "tls-bad-mac")
		wantSealed(t, p, whyDamaged)
		lost := -1
		for i, line := range said[dissect.Client] {
			if !strings.Contains(in.text[dissect.Client].String(), line) {
				if lost >= 0 {
					t.Errorf("lost lines %d and %d", lost, i)
				}
				lost = i
			}
		}
		if lost < 0 {
			t.Fatal("the damaged line was shown")
		}
		want := slices.Clone(said[dissect.Client])
		want[lost] = "…"
		if got := in.text[dissect.Client].String(); got != strings.Join(want, "") {
			t.Errorf("got %s", got)
		}
		if n := in.lost[dissect.Client]; n < int64(len(said[dissect.Client][lost])) || n > int64(len(said[dissect.Client][lost]))+40 {
			t.Errorf("%d bytes lost, want some %d", n, len(said[dissect.Client][lost]))
		}
	}
}

// nthLine returns the place of the n-th part in which a side says a line and
// nothing else.
func nthLine(parts []part, from dissect.Sender, n int) int {
	return slices.IndexFunc(parts, func(p part) bool {
		if p.from == from && p.data[0] == applicationData {
			n--
		}
		return n == 0
	})
}

// talkWith returns a conversation of n lines with a suite, 0 for any, and its
// keys.
func talkWith(t testing.TB, version, suite uint16, n int) ([]part, *Keys) {
	t.Helper()
	c, s := configs(t, version)
	if suite != 0 {
		c.CipherSuites, s.CipherSuites = []uint16{suite}, []uint16{suite}
		ecdsa, rsa := certificatesOf(t)
		s.Certificates = []gotls.Certificate{rsa}
		if strings.Contains(gotls.CipherSuiteName(suite), "_ECDSA_") {
			s.Certificates = []gotls.Certificate{ecdsa}
		}
	}
	parts, log := talk(t, c, s, n)
	return parts, keysOf(t, log.String())
}

// A connection that is closed without close_notify may have been cut short.
func TestTruncated(t *testing.T) {
	parts, keys := talkWith(t, gotls.VersionTLS13, 0, 4)
	for len(parts[len(parts)-1].data) == 24 { // the alerts
		parts = parts[:len(parts)-1]
	}
	p, _ := opened(keys)
	p.play(parts...)
	p.end(dissect.EndFIN)
	wantNotes(t, p, "tls-truncated", "tls-truncated")
	p, _ = opened(keys)
	p.play(parts...)
	p.end(dissect.EndCapture)
	wantNotes(t, p)
}
