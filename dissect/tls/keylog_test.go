package tls

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

const (
	someRandom = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	someSecret = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"
)

var someMaster = strings.Repeat("5A", 48)

func randomOf(t testing.TB, hexadecimal string) *[32]byte {
	t.Helper()
	return (*[32]byte)(unhexed([]byte(hexadecimal)))
}

func TestKeyLog(t *testing.T) {
	for _, test := range []struct {
		log  string
		want LogStats
	}{
		{"", LogStats{}},
		{"# only a comment\n\n \t\r\n\r", LogStats{}},
		{"CLIENT_RANDOM " + someRandom + " " + someMaster, LogStats{Secrets: 1}},
		{"CLIENT_RANDOM " + strings.ToUpper(someRandom) + " " + strings.ToLower(someMaster) + "\r\n", LogStats{Secrets: 1}},
		{"CLIENT_RANDOM " + someRandom + " " + someMaster + "\rSERVER_TRAFFIC_SECRET_0 " + someRandom + " " + someSecret + "\r", LogStats{Secrets: 2}},
		{"CLIENT_HANDSHAKE_TRAFFIC_SECRET " + someRandom + " " + someMaster + "\n#\nCLIENT_EARLY_TRAFFIC_SECRET " + someRandom + " " + someSecret, LogStats{Secrets: 2}},
		{"EXPORTER_SECRET " + someRandom + " " + someSecret + "\nsomething else\n", LogStats{Unknown: 2}},
		{"CLIENT_RANDOM " + someRandom + " " + someSecret, LogStats{Bad: 1}},
		{"CLIENT_RANDOM " + someRandom[2:] + " " + someMaster, LogStats{Bad: 1}},
		{"CLIENT_RANDOM " + someRandom + " " + someMaster + " more", LogStats{Bad: 1}},
		{"CLIENT_RANDOM " + someRandom + " xy" + someMaster[2:], LogStats{Bad: 1}},
		{"CLIENT_RANDOM", LogStats{Bad: 1}},
		{"CLIENT_TRAFFIC_SECRET_0 " + someRandom + " " + someMaster[2:], LogStats{Bad: 1}},
		{"RSA 0011223344556677 " + someMaster, LogStats{Secrets: 1}},
		{"RSA 00112233445566 " + someMaster, LogStats{Bad: 1}},
		{"RSA Session-ID:" + someSecret + " Master-Key:" + someMaster, LogStats{Secrets: 1}},
		{"RSA Session-ID: Master-Key:" + someMaster, LogStats{Bad: 1}},
		{"RSA Session-ID:" + someSecret + " " + someMaster, LogStats{Bad: 1}},
		{"PMS_CLIENT_RANDOM " + someRandom + " 0102", LogStats{Secrets: 1}},
		{strings.Repeat("x", 3*maxLine) + "\nCLIENT_RANDOM " + someRandom + " " + someMaster, LogStats{Secrets: 1}},
		{"CLIENT_RANDOM " + someRandom + " " + someMaster + strings.Repeat(" ", 2*maxLine), LogStats{}},
		{"\xef\xbb\xbfCLIENT_RANDOM " + someRandom + " " + someMaster, LogStats{Unknown: 1}},
	} {
		for _, r := range []io.Reader{strings.NewReader(test.log), iotest.OneByteReader(strings.NewReader(test.log))} {
			if got, err := NewKeys().AddLog(r); got != test.want || err != nil {
				t.Errorf("%.60q: %+v, %v, want %+v", test.log, got, err, test.want)
			}
		}
	}
	failed := errors.New("disk")
	if _, err := NewKeys().AddLog(iotest.ErrReader(failed)); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
}

// Each secret is found under its own name, and the first one logged counts.
func TestFind(t *testing.T) {
	keys := NewKeys()
	for kind, label := range []string{
		"CLIENT_RANDOM", "PMS_CLIENT_RANDOM", "CLIENT_EARLY_TRAFFIC_SECRET", "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
		"SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0",
	} {
		secret := fmt.Sprintf("%096x", kind+1)
		for _, s := range []string{secret, strings.Repeat("f", 96)} {
			if !keys.AddLine([]byte(label + " " + someRandom + " " + s)) {
				t.Errorf("%s is not taken", label)
			}
		}
		if got := keys.find(randomOf(t, someRandom), secretKind(kind), 1); fmt.Sprintf("%x", got) != secret {
			t.Errorf("%s: %x", label, got)
		}
	}
	if got := keys.find(randomOf(t, someSecret), masterSecret, 1); got != nil || keys.Len() != 1 {
		t.Errorf("%x for another random, %d connections", got, keys.Len())
	}
}

// What was added after some frames is there for the frames behind them, and for
// those alone.
func TestBlocks(t *testing.T) {
	keys := NewKeys()
	line := []byte("CLIENT_RANDOM " + someRandom + " " + someMaster + "\n")
	if stats := keys.AddBlock(line, 10); stats.Secrets != 1 {
		t.Errorf("%+v", stats)
	}
	for frame, want := range map[int]bool{1: false, 10: false, 11: true, 500: true} {
		if got := keys.find(randomOf(t, someRandom), masterSecret, frame) != nil; got != want {
			t.Errorf("at frame %d: %v", frame, got)
		}
	}
	if keys.stamp(10) != 0 || keys.stamp(11) == 0 {
		t.Error("what is not there yet counts as searched for")
	}
	before := keys.stamp(11)
	keys.AddLine([]byte("CLIENT_RANDOM " + someSecret + " " + someMaster))
	if keys.stamp(11) == before {
		t.Error("an addition is not noticed")
	}
}

// The oldest connections are forgotten when there are too many.
func TestKeysAreBounded(t *testing.T) {
	keys := NewKeys()
	keys.limit = 10
	random := func(i int) string { return fmt.Sprintf("%064x", i) }
	for i := range 1000 {
		keys.AddLine([]byte("CLIENT_RANDOM " + random(i) + " " + someMaster))
		keys.AddLine([]byte("RSA Session-ID:" + random(i) + " Master-Key:" + someMaster))
		keys.AddLine([]byte("RSA " + random(i)[48:] + " " + someMaster))
	}
	if n, held := keys.Len(), len(keys.order); n > 30 || held > 25 {
		t.Errorf("%d connections kept, %d in order", n, held)
	}
	for i, want := range map[int]bool{999: true, 990: true, 989: false} {
		if got := keys.find(randomOf(t, random(i)), masterSecret, 1) != nil; got != want {
			t.Errorf("connection %d is kept: %v", i, got)
		}
	}
}

// Keys may be added to while they are searched; the race detector looks on.
func TestKeysInParallel(t *testing.T) {
	keys := NewKeys()
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for i := range 200 {
				random := fmt.Sprintf("%064x", i)
				if worker == 0 {
					keys.AddLine([]byte("CLIENT_RANDOM " + random + " " + someMaster))
				}
				keys.find(randomOf(t, random), masterSecret, i)
				keys.stamp(i)
				keys.SharesSessions()
			}
		})
	}
	all.Wait()
	if keys.Len() != 200 {
		t.Errorf("%d connections", keys.Len())
	}
}

func TestRSAKeys(t *testing.T) {
	pem, err := os.ReadFile(recorded + "/server.key")
	if err != nil {
		t.Fatal(err)
	}
	keys := NewKeys()
	if err := keys.AddRSAKey(append([]byte("junk\n"), pem...)); err != nil || !keys.SharesSessions() {
		t.Errorf("got %v", err)
	}
	for name, file := range map[string]string{
		"nothing":    "",
		"no key":     "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"bad key":    "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
		"bad PKCS 8": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		"encrypted":  "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
	} {
		if err := NewKeys().AddRSAKey([]byte(file)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for range maxRSAKeys {
		err = keys.AddRSAKey(pem)
	}
	if err == nil || len(keys.rsa) > maxRSAKeys {
		t.Errorf("%d keys, %v", len(keys.rsa), err)
	}
}

func FuzzKeyLog(f *testing.F) {
	f.Add([]byte("CLIENT_RANDOM " + someRandom + " " + someMaster + "\r\nRSA Session-ID:" + someRandom + " Master-Key:" + someMaster + "\n# x\r"))
	f.Add([]byte("RSA 0011223344556677 " + someMaster + "\nPMS_CLIENT_RANDOM " + someRandom + " 00"))
	f.Fuzz(func(t *testing.T, log []byte) {
		keys := NewKeys()
		whole := keys.AddBlock(log, 0)
		if n := whole.Secrets; keys.Len() > n || keys.Len() == 0 && n > 0 {
			t.Fatalf("%d connections of %d secrets", keys.Len(), n)
		}
		pieces, err := NewKeys().AddLog(iotest.OneByteReader(strings.NewReader(string(log))))
		if err != nil || pieces != whole {
			t.Fatalf("byte by byte %+v, %v, else %+v", pieces, err, whole)
		}
	})
}
