package talktracetest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"talktrace/capture/capturetest"
	"talktrace/capture/pcapfile"
	"talktrace/report/talktracetest"
)

// spy is a test that is looked at from outside.
type spy struct {
	testing.TB
	said string
}

func (s *spy) Helper() {}

func (s *spy) Errorf(format string, args ...any) { s.said += fmt.Sprintf(format, args...) }

func (s *spy) Fatalf(format string, args ...any) {
	s.Errorf(format, args...)
	runtime.Goexit()
}

func (s *spy) Fatal(args ...any) {
	s.said += fmt.Sprint(args...)
	runtime.Goexit()
}

// watch returns what a test says that fails, and nothing of one that does not.
func watch(t *testing.T, run func(t testing.TB)) string {
	s := &spy{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(s)
	}()
	<-done
	return s.said
}

// session writes a capture of a session in which something is said.
func session(t *testing.T, dir, port, body string) string {
	c := capturetest.New()
	conn := c.Connect("192.0.2.1:"+port, "192.0.2.2:5222")
	conn.Open()
	conn.Send(capturetest.Client, "<?xml version='1.0'?><stream:stream to='capulet.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
	conn.Send(capturetest.Client, "<message to='juliet@capulet.example' id='a"+port+"'><body>"+body+"</body></message>")
	name := filepath.Join(dir, "said.pcap")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := c.Write(f, pcapfile.Pcap); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestGolden(t *testing.T) {
	dir := t.TempDir()
	name := session(t, dir, "40000", "hello")
	t.Setenv("TALKTRACE_UPDATE", "")
	golden := func(t testing.TB) { talktracetest.Golden(t, name) }

	if said := watch(t, golden); !strings.Contains(said, "has no expectation") || !strings.Contains(said, "said.trace") {
		t.Errorf("without an expectation: %q", said)
	}
	t.Setenv("TALKTRACE_UPDATE", "1")
	if said := watch(t, golden); said != "" {
		t.Fatalf("when updating: %q", said)
	}
	t.Setenv("TALKTRACE_UPDATE", "")
	if said := watch(t, golden); said != "" {
		t.Errorf("the same capture: %q", said)
	}
	session(t, dir, "40123", "hello")
	if said := watch(t, golden); said != "" {
		t.Errorf("another run of the same: %q", said)
	}
	session(t, dir, "40000", "good bye")
	if said := watch(t, golden); !strings.Contains(said, "has changed") || !strings.Contains(said, "good bye") {
		t.Errorf("another thing said: %q", said)
	}
}

// A filter that lets no rows through would have any capture be as expected.
func TestNoRows(t *testing.T) {
	dir := t.TempDir()
	name := session(t, dir, "40000", "hello")
	if err := os.WriteFile(filepath.Join(dir, ".talktrace.toml"), []byte("filter = 'kind == \"presence\"'\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	golden := func(t testing.TB) { talktracetest.Golden(t, name) }
	for _, update := range []string{"1", ""} {
		t.Setenv("TALKTRACE_UPDATE", update)
		if said := watch(t, golden); !strings.Contains(said, "no rows to compare") {
			t.Errorf("TALKTRACE_UPDATE=%s: %q", update, said)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "said.trace")); err == nil {
		t.Error("an expectation was written of nothing")
	}
}

// The options in the capture's folder hold, so that talktrace verify and tests
// expect the same.
func TestSettings(t *testing.T) {
	dir := t.TempDir()
	name := session(t, dir, "40000", "hello")
	settings := filepath.Join(dir, ".talktrace.toml")
	for _, c := range []struct{ text, want, not string }{
		{"", "port:a to 5222", "40000"},
		{"keep = ['port']", "40000 to 5222", "port:a"},
		{"fields = []", "> message ", "xmpp.message.body"},
		{"[capture.said]\nfilter = 'kind == \"message\"'", "> message ", "> stream"},
	} {
		if err := os.WriteFile(settings, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv("TALKTRACE_UPDATE", "1")
		if said := watch(t, func(t testing.TB) { talktracetest.Golden(t, name) }); said != "" {
			t.Fatal(said)
		}
		text, err := os.ReadFile(filepath.Join(dir, "said.trace"))
		if err != nil || !strings.Contains(string(text), c.want) || strings.Contains(string(text), c.not) {
			t.Errorf("with %q: %v\n%s", c.text, err, text)
		}
	}
	for _, mistake := range []string{"keep = ['ports']", "kepe = ['port']", "filter = 'kind ='", "decode-as = ['x']"} {
		if err := os.WriteFile(settings, []byte(mistake), 0o600); err != nil {
			t.Fatal(err)
		}
		if said := watch(t, func(t testing.TB) { talktracetest.Golden(t, name) }); said == "" {
			t.Errorf("%s is let pass", mistake)
		}
	}
}

func TestUnreadable(t *testing.T) {
	name := filepath.Join(t.TempDir(), "no.pcap")
	if err := os.WriteFile(name, []byte("this is no capture, whatever its name"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, run := range []func(testing.TB){
		func(t testing.TB) { talktracetest.Golden(t, name) },
		func(t testing.TB) { talktracetest.Rows(t, name) },
		func(t testing.TB) { talktracetest.Rows(t, name+".missing") },
	} {
		if said := watch(t, run); !strings.Contains(said, "no.pcap") {
			t.Errorf("said %q", said)
		}
	}
}

// The keys beside a capture open it.
func TestKeys(t *testing.T) {
	const captures = "../../testdata/captures/"
	for _, name := range []string{"starttls13.pcap", "directtls-alpn-dsb.pcapng"} {
		inside := 0
		for _, e := range talktracetest.Rows(t, captures+name) {
			if strings.HasPrefix(e.Layers, "tcp:tls:xmpp") || strings.HasPrefix(e.Layers, "tcp:xmpp:tls:xmpp") {
				inside++
			}
		}
		if inside == 0 {
			t.Errorf("%s: no rows from within TLS", name)
		}
	}
}
