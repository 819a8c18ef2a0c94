package tls

import (
	"bytes"
	"crypto/aes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"testing"
)

// Packet vectors 1 and 4 of RFC 3610 section 8.
func TestCCM(t *testing.T) {
	block, err := aes.NewCipher(unhex(t, "C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF"))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		tag, data           int // bytes
		nonce, last, sealed string
	}{
		{8, 8, "00000003020100A0A1A2A3A4A5", "1E", "588C979A61C663D2F066D0C2C0F989806D5F6B61DAC38417E8D12CFDF926E0"},
		{8, 12, "00000006050403A0A1A2A3A4A5", "1E", "A28C6865939A9A79FAAA5C4C2A9D4A91CDAC8C96C861B9C9E61EF1"},
	} {
		var all []byte
		for b := byte(0); b <= unhex(t, test.last)[0]; b++ {
			all = append(all, b)
		}
		nonce, data, plain := unhex(t, test.nonce), all[:test.data], all[test.data:]
		c := newCCM(block, len(nonce), test.tag)
		sealed := c.Seal([]byte("x"), nonce, plain, data)
		if want := append([]byte("x"), unhex(t, test.sealed)...); !bytes.Equal(sealed, want) {
			t.Errorf("got  %x\nwant %x", sealed, want)
		}
		got, err := c.Open([]byte("y"), nonce, sealed[1:], data)
		if want := append([]byte("y"), plain...); err != nil || !bytes.Equal(got, want) {
			t.Errorf("got %x, %v, want %x", got, err, want)
		}
		for i := 1; i < len(sealed); i++ {
			bad := slices.Clone(sealed)
			bad[i] ^= 1
			if _, err := c.Open(nil, nonce, bad[1:], data); err == nil {
				t.Errorf("byte %d changed, and it opens", i)
			}
		}
		if _, err := c.Open(nil, nonce, sealed[:test.tag], data); err == nil {
			t.Error("less than a tag opens")
		}
	}
}

// CCM of no data, of data over several blocks, and of a block and a byte is
// undone by itself.
func TestCCMSizes(t *testing.T) {
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	c := newCCM(block, 12, 16)
	for n := range 70 {
		text := bytes.Repeat([]byte{byte(n)}, n)
		sealed := c.Seal(nil, make([]byte, 12), text, text)
		if got, err := c.Open(nil, make([]byte, 12), sealed, text); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%d bytes: %x, %v", n, got, err)
		}
		if _, err := c.Open(nil, make([]byte, 12), sealed, append(text, 0)); err == nil {
			t.Errorf("%d bytes open with other data", n)
		}
	}
}

// The vector for P_SHA256 that was made for TLS 1.2.
func TestPRF(t *testing.T) {
	got := make([]byte, 100)
	prf(got, versionTLS12, sha256.New, unhex(t, "9bbe436ba940f017b17652849a71db35"), "test label", unhex(t, "a0ba9f936cda311827a6f796ffd5198c"))
	want := "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a" +
		"6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab" +
		"4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701" + "87347b66"
	if hex.EncodeToString(got) != want {
		t.Errorf("got  %x\nwant %s", got, want)
	}
}

// The simple handshake of RFC 8448 section 3.
func TestSchedule13(t *testing.T) {
	suite, _ := SuiteByID(0x1301)
	for _, test := range []struct{ secret, key, iv string }{
		{"b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38", "3fce516009c21727d0f2e4e86ee403bc", "5d313eb2671276ee13000b30"},
		{"b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21", "dbfaa693d1762c5b666af5d950258d01", "5bd3c71b836e0b76bb73265f"},
		{"a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643", "9f02283b6c9c07efc26bb9f2ac92e356", "cf782b88dd83549aadf1e984"},
		{"9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5", "17422dda596ed5d9acd890e3c63f5051", "5b78923dee08579033e523d9"},
	} {
		keys := trafficKeys(suite, unhex(t, test.secret))
		if hex.EncodeToString(keys.key) != test.key || hex.EncodeToString(keys.iv) != test.iv {
			t.Errorf("%s gives %x and %x", test.secret, keys.key, keys.iv)
		}
	}
	var data []byte
	for b := byte(0); b < 50; b++ {
		data = append(data, b)
	}
	for _, test := range []struct {
		secret, record string
		contentType    byte
		want           []byte
	}{
		{
			"9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5",
			"1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20441e2b62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4",
			applicationData, data,
		},
		{
			"b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21",
			"170303003575ec4dc238cce60b298044a71e219c56cc77b0517fe9b93c7a4bfc44d87f38f80338ac98fc46deb384bd1caeacab6867d726c40546",
			handshake, unhex(t, "14000020a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61"),
		},
	} {
		record := unhex(t, test.record)
		o := newOpener13(suite, unhex(t, test.secret))
		contentType, plain, ok := o.open(nil, 0, record)
		if !ok || contentType != test.contentType || !bytes.Equal(plain, test.want) {
			t.Errorf("got type %d, %x, %v", contentType, plain, ok)
		}
		if _, _, ok := o.open(nil, 1, record); ok {
			t.Error("it opens with another number")
		}
	}
}

// The examples that JA3 and JA4 were published with.
func TestFingerprints(t *testing.T) {
	hello := &ClientHello{
		Version: versionTLS10, Suites: []uint16{47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4},
		Extensions: []uint16{0, 10, 11}, Groups: []uint16{23, 24, 25}, PointFormats: []byte{0},
	}
	if got := hello.JA3(); got != "ada70206e40642a3e4461f35503241d5" {
		t.Errorf("JA3 %s", got)
	}
	hello = &ClientHello{Version: versionTLS10, Suites: []uint16{4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99}}
	if got := hello.JA3(); got != "de350869b8c85de67a350c8d186f11e6" {
		t.Errorf("JA3 %s", got)
	}
	server := &ServerHello{legacyVersion: versionTLS10, Suite: 47, Extensions: []uint16{65281, 0, 11, 35, 5, 16}}
	if got := server.JA3S(); got != "836ce314215654b5b1f85f97c73e506f" {
		t.Errorf("JA3S %s", got)
	}
	hello = &ClientHello{
		Version: versionTLS12, Versions: []uint16{0x0304, 0x0303}, ALPN: []string{"h2", "http/1.1"},
		Suites: []uint16{0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035},
		Extensions: []uint16{
			0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015,
		},
		SignatureAlgorithms: []uint16{0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601},
	}
	if got := hello.JA4(); got != "t13d1516h2_8daaf6152771_e5627efa2ab1" {
		t.Errorf("JA4 %s", got)
	}
	for want, hello := range map[string]*ClientHello{
		"t12i000000_000000000000_000000000000": {Version: versionTLS12},
		"ts3i0000xt_000000000000_000000000000": {Version: versionSSL3, ALPN: []string{"xmpp-client"}},
		"t10i0000xr_000000000000_000000000000": {Version: versionTLS10, ALPN: []string{"xmpp-server"}},
		"t11i0000ab_000000000000_000000000000": {Version: versionTLS11, ALPN: []string{"\xab"}},
		"t00i000038_000000000000_000000000000": {Version: 0x7f1c, ALPN: []string{"0\xab\x88"}},
	} {
		if got := hello.JA4(); got != want {
			t.Errorf("JA4 %s, want %s", got, want)
		}
	}
}
