package verdict

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"

	"talktrace/report/escape"
)

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr,omitempty"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitProblem `xml:"failure"`
	Error   *junitProblem `xml:"error"`
	Skipped *junitSkipped `xml:"skipped"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// junit writes the XML of JUnit, as far as those who read it agree on it.
func junit(b *bytes.Buffer, title string, results []Result) error {
	_, failed, broken := Count(results)
	suite := junitSuite{Name: title, Tests: len(results), Failures: failed, Errors: broken, Skipped: Number(results, Unseen)}
	for i := range results {
		r := &results[i]
		c := junitCase{Class: safe(r.File), Name: safe(r.Name)}
		p := &junitProblem{Message: safe(r.Text), Text: strings.Join(r.lines(), "\n")}
		switch r.Status {
		case Failed:
			c.Failure = p
		case Broken:
			c.Error = p
		case Warned: // JUnit knows no warnings
			c.Output = "warning: " + p.Message + "\n" + p.Text
		case Unseen:
			c.Skipped = &junitSkipped{unseen}
		}
		suite.Cases = append(suite.Cases, c)
	}
	b.WriteString(xml.Header)
	e := xml.NewEncoder(b)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	b.WriteByte('\n')
	return nil
}

type jsonResult struct {
	Name   words       `json:"name"`
	Group  words       `json:"group,omitempty"`
	Says   words       `json:"says,omitempty"`
	Source words       `json:"source,omitempty"`
	File   words       `json:"file,omitempty"`
	Status string      `json:"status"`
	Text   words       `json:"text,omitempty"`
	Detail words       `json:"detail,omitempty"`
	Places []jsonPlace `json:"places,omitempty"`
}

// words are text that may come from a capture: a program gets it back rune for
// rune, and a terminal nothing to obey.
type words string

// MarshalJSON implements json.Marshaler.
func (w words) MarshalJSON() ([]byte, error) {
	return append(escape.JSON([]byte{'"'}, []byte(w)), '"'), nil
}

type jsonPlace struct {
	Row   int `json:"no"`
	Frame int `json:"frame"`
}

// asJSON writes an array of objects.
func asJSON(b *bytes.Buffer, _ string, results []Result) error {
	list := []jsonResult{}
	for i := range results {
		r := &results[i]
		j := jsonResult{
			Name: words(r.Name), Group: words(r.Group), Says: words(r.Says), Source: words(r.Source),
			File: words(r.File), Text: words(r.Text), Detail: words(r.Detail),
			Status: [...]string{"passed", "failed", "error", "warning", "unseen"}[r.Status],
		}
		for _, p := range r.Places {
			j.Places = append(j.Places, jsonPlace(p))
		}
		list = append(list, j)
	}
	e := json.NewEncoder(b)
	e.SetIndent("", "  ")
	return e.Encode(list)
}
