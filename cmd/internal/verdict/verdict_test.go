package verdict

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

var results = []Result{
	{Name: "fine", File: "a.pcap"},
	{Name: "not # fine", File: "a,b:c.pcap", Status: Failed, Text: "1 row", Detail: "at row 3\n<\x1b[31m>\n", Places: []Place{{3, 9}}},
	{Name: "not made", File: "c.pcap", Status: Broken, Text: "no such file"},
}

// more are results of checks that were not only made or not made.
var more = []Result{
	{Name: "shown", File: "a.pcap", Group: "First", Places: []Place{{2, 4}}},
	{Name: "warned", File: "a.pcap", Group: "First", Status: Warned, Text: "1 row", Detail: "row 3\n", Places: []Place{{3, 9}}, Says: "It is so.", Source: "RFC 1"},
	{Name: "unseen", File: "-", Files: []string{}, Group: "Second", Status: Unseen, Says: "It may be so."},
	{Name: "several", File: "a.pcap, b.pcap", Files: []string{"a.pcap", "/tmp/b c.pcap"}, Status: Failed, Text: "1 row"},
}

// What is no failure is told all the same.
func TestMore(t *testing.T) {
	for format, want := range map[string]string{
		"text": `First
ok    shown: row 2, frame 4
warn  warned: 1 row
    It is so. [RFC 1]
    row 3
Second
-     unseen: not to be seen
FAIL  several: 1 row
1 passed, 1 failed, 1 only warned about, 1 not to be seen in this capture
`,
		"tap": `TAP version 13
1..4
ok 1 - shown
not ok 2 - warned # TODO a warning
# 1 row
# It is so. [RFC 1]
# row 3
ok 3 - unseen # SKIP not to be seen in this capture
not ok 4 - several
# 1 row
`,
		"github": `::warning file=a.pcap,title=talktrace test::warned: 1 row%0AIt is so. [RFC 1]%0Arow 3
::error file=a.pcap,title=talktrace test::several: 1 row
1 passed, 1 failed, 1 only warned about, 1 not to be seen in this capture
`,
	} {
		var b bytes.Buffer
		if err := Write(&b, format, "talktrace test", more); err != nil || b.String() != want {
			t.Errorf("%s: %v, got\n%s", format, err, &b)
		}
	}
}

// A line ends where the terminal does; a sentence goes on in the next one.
func TestStyle(t *testing.T) {
	results := []Result{{
		Name: "name", Status: Failed, Text: "a text that is longer than a line has room for",
		Says: "A sentence that is longer than that.", Detail: "a row that is longer than that, too\n",
	}}
	var b bytes.Buffer
	if err := WriteText(&b, results, Style{Color: true, Width: 24}); err != nil {
		t.Fatal(err)
	}
	const want = "\x1b[1;31mFAIL \x1b[0m name: a text that…\n    A sentence that is\n    longer than that.\n    a row that is longe…\n0 passed, 1 failed\n"
	if got := b.String(); got != want {
		t.Errorf("got %q", got)
	}
}

func write1(t *testing.T, format string) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, "talktrace test", results); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "\x1b") {
		t.Errorf("%s writes what a stranger has put into a capture to the terminal", format)
	}
	return b.String()
}

func TestText(t *testing.T) {
	const want = `ok    fine
FAIL  not # fine: 1 row
    at row 3
    <\x1b[31m>
ERROR not made: no such file
1 passed, 1 failed, 1 could not be made
`
	if got := write1(t, "text"); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestTAP(t *testing.T) {
	const want = `TAP version 13
1..3
ok 1 - fine
not ok 2 - not \# fine
# 1 row
# at row 3
# <\x1b[31m>
not ok 3 - not made
# no such file
`
	if got := write1(t, "tap"); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestGitHub(t *testing.T) {
	const want = `::error file=a%2Cb%3Ac.pcap,title=talktrace test::not # fine: 1 row%0Aat row 3%0A<\x1b[31m>
::error file=c.pcap,title=talktrace test::not made: no such file
1 passed, 1 failed, 1 could not be made
`
	if got := write1(t, "github"); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestJUnit(t *testing.T) {
	var got junitSuites
	if err := xml.Unmarshal([]byte(write1(t, "junit")), &got); err != nil {
		t.Fatal(err)
	}
	s := got.Suites[0]
	if s.Tests != 3 || s.Failures != 1 || s.Errors != 1 || s.Cases[0].Failure != nil || s.Cases[1].Failure.Text != "at row 3\n<\\x1b[31m>" || s.Cases[2].Error == nil {
		t.Errorf("got %+v", got)
	}
}

func TestJSON(t *testing.T) {
	var got []jsonResult
	if err := json.Unmarshal([]byte(write1(t, "json")), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0].Status != "passed" || got[1].Places[0] != (jsonPlace{3, 9}) || got[2].Status != "error" {
		t.Errorf("got %+v", got)
	}
}

func TestSARIF(t *testing.T) {
	var got struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID  string
				Message struct{ Text string }
			}
		}
	}
	if err := json.Unmarshal([]byte(write1(t, "sarif")), &got); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Write(&b, "sarif", "talktrace test", more); err != nil || !strings.Contains(b.String(), `"uri": "file:///tmp/b%20c.pcap"`) || !strings.Contains(b.String(), `"level": "warning"`) || !strings.Contains(b.String(), `"level": "note"`) {
		t.Errorf("%v, got\n%s", err, &b)
	}
	if got.Version != "2.1.0" || len(got.Runs[0].Tool.Driver.Rules) != 3 || len(got.Runs[0].Results) != 2 || got.Runs[0].Results[1].Message.Text != "no such file" {
		t.Errorf("got %+v", got)
	}
}

func TestUnknownFormat(t *testing.T) {
	if err := Write(io.Discard, "yaml", "", results); err == nil || Known("yaml") {
		t.Error("there is a format yaml")
	}
}
