package verdict

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
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
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitProblem `xml:"failure"`
	Error   *junitProblem `xml:"error"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// junit writes the XML of JUnit, as far as those who read it agree on it.
func junit(b *bytes.Buffer, title string, results []Result) error {
	passed, failed, broken := Count(results)
	suite := junitSuite{Name: title, Tests: passed + failed + broken, Failures: failed, Errors: broken}
	for i := range results {
		r := &results[i]
		c := junitCase{Class: safe(r.File), Name: safe(r.Name)}
		p := &junitProblem{Message: safe(r.Text), Text: strings.Join(safeLines(r.Detail), "\n")}
		switch r.Status {
		case Failed:
			c.Failure = p
		case Broken:
			c.Error = p
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
	Name   string      `json:"name"`
	File   string      `json:"file,omitempty"`
	Status string      `json:"status"`
	Text   string      `json:"text,omitempty"`
	Detail string      `json:"detail,omitempty"`
	Places []jsonPlace `json:"places,omitempty"`
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
			Name: r.Name, File: r.File, Text: r.Text, Detail: r.Detail,
			Status: [...]string{"passed", "failed", "error"}[r.Status],
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

// sarif writes the Static Analysis Results Interchange Format, version 2.1.0.
// Frames are no lines of a file, so they stand in the message.
func sarif(b *bytes.Buffer, title string, results []Result) error {
	type object = map[string]any
	rules, found, seen := []any{}, []any{}, map[string]bool{}
	for i := range results {
		r := &results[i]
		if !seen[r.Name] {
			seen[r.Name] = true
			rules = append(rules, object{"id": r.Name})
		}
		if r.Status == Passed {
			continue
		}
		message := r.Text
		if r.Detail != "" {
			message += "\n" + strings.Join(safeLines(r.Detail), "\n")
		}
		result := object{
			"ruleId": r.Name, "level": "error", "message": object{"text": message},
			"locations": []any{object{"physicalLocation": object{"artifactLocation": object{"uri": r.File}}}},
		}
		if len(r.Places) > 0 {
			places := []any{}
			for _, p := range r.Places {
				places = append(places, object{"no": p.Row, "frame": p.Frame})
			}
			result["properties"] = object{"places": places}
		}
		found = append(found, result)
	}
	e := json.NewEncoder(b)
	e.SetIndent("", "  ")
	return e.Encode(object{
		"version": "2.1.0",
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
		"runs": []any{object{
			"tool":    object{"driver": object{"name": title, "rules": rules}},
			"results": found,
		}},
	})
}
