package engine

import "testing"

func TestSniff(t *testing.T) {
	const streams = " xmlns:stream='http://etherx.jabber.org/streams'"
	for _, tt := range []struct {
		bytes string
		want  verdict
	}{
		{"<?xml version='1.0'?><stream:stream" + streams + ">", header},
		{"\xef\xbb\xbf\n<?xml version='1.0'?>\r\n <str:stream" + streams + ">", header},
		{"<stream:stream to=", header},
		{"<stream xmlns='http://etherx.jabber.org/streams'>", header},
		{"<?xml version='1.0'", unknown},
		{"<?xml version='1.0'?>", unknown},
		{"<stream:str", unknown},
		{" ", unknown},
		{"<message to='a'>", element},
		{"<iq/>", element},
		{"<stream:features>", element},
		{"<db:result>", element},
		{"<messages>", alien},
		{"<html>", alien},
		{"<?xml version='1.0'?><rss>", alien},
		{"</stream:stream>", alien},
		{"<policy-file-request/>\x00", alien},
		{"GET / HTTP/1.1\r\n", web},
		{"GE", unknown},
		{"HTTP/1.1 200 OK\r\n", web},
		{"SSH-2.0-OpenSSH_9.2\r\n", alien},
		{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", record},
		{"\x15\x03\x03\x00\x02\x02\x32", record},
		{"\x16\x03", unknown},
		{"\x80\x46\x01\x03\x01\x00\x2d\x00\x00\x00\x10", unknown},
	} {
		if got := sniff([]byte(tt.bytes)); got != tt.want {
			t.Errorf("%q is %d, want %d", tt.bytes, got, tt.want)
		}
	}
}

// A verdict once given is the verdict on more bytes too.
func TestSniffStaysByItsVerdict(t *testing.T) {
	for _, b := range []string{
		"<?xml version='1.0' encoding='UTF-8'?>\n<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>",
		"\xef\xbb\xbf<iq type='get'/>", "<html><body>", "SSH-2.0", "\x16\x03\x01\x00\x05\x02\x00\x00\x01\x00",
	} {
		last := unknown
		for i := range len(b) + 1 {
			v := sniff([]byte(b[:i]))
			if last != unknown && v != last {
				t.Errorf("%q is %d, %q is %d", b[:i-1], last, b[:i], v)
			}
			last = v
		}
	}
}

func TestSpeaks(t *testing.T) {
	for _, tt := range []struct {
		bytes string
		want  int
	}{
		{"<?xml version='1.0'?><stream:stream id='1' xmlns:stream='x'>", 1},
		{"<stream:stream to='capulet.example' xmlns:stream='x'><iq id='1'/>", -1},
		{"<stream:features/>", 1},
		{"<auth mechanism='PLAIN'/>", -1},
		{"<message to='a'/>", 0},
	} {
		if got := speaks([]byte(tt.bytes)); got != tt.want {
			t.Errorf("%s speaks %d, want %d", tt.bytes, got, tt.want)
		}
	}
}
