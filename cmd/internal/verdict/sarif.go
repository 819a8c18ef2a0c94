package verdict

import (
	"bytes"
	"encoding/json"
	"net/url"
	"path/filepath"
	"strings"
)

type object = map[string]any

// sarif writes the Static Analysis Results Interchange Format, version 2.1.0.
// A capture has no lines to point at: rows and frames stand in the message, and
// as properties. A check that nothing shows anything of is no result; it is a
// notification of the run (section 3.20.21).
func sarif(b *bytes.Buffer, title string, results []Result) error {
	rules, index := sarifRules(results)
	found, notices, successful := []any{}, []any{}, true
	for i := range results {
		r := &results[i]
		successful = successful && r.Status != Broken
		switch r.Status {
		case Passed:
		case Unseen:
			notices = append(notices, object{
				"associatedRule": object{"id": safe(r.Name), "index": index[r.Name]},
				"level":          "note", "message": object{"text": unseen}, "locations": sarifLocations(r),
			})
		default:
			found = append(found, sarifResult(r, index[r.Name]))
		}
	}
	e := json.NewEncoder(b)
	e.SetIndent("", "  ")
	return e.Encode(object{
		"version": "2.1.0",
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
		"runs": []any{object{
			"tool":        object{"driver": object{"name": title, "rules": rules}},
			"invocations": []any{object{"executionSuccessful": successful, "toolExecutionNotifications": notices}},
			"results":     found,
		}},
	})
}

// sarifRules lists the rules of results, and where each stands in the list.
func sarifRules(results []Result) (rules []any, index map[string]int) {
	rules, index = []any{}, map[string]int{}
	for i := range results {
		r := &results[i]
		if _, seen := index[r.Name]; seen {
			continue
		}
		index[r.Name] = len(rules)
		rule := object{"id": safe(r.Name)}
		if says := r.sentence(); says != "" {
			rule["shortDescription"] = object{"text": safe(says)}
		}
		if r.Group != "" {
			rule["properties"] = object{"tags": []string{safe(r.Group)}}
		}
		rules = append(rules, rule)
	}
	return rules, index
}

func sarifResult(r *Result, rule int) object {
	level := "error"
	if r.Status == Warned {
		level = "warning"
	}
	result := object{
		"ruleId": safe(r.Name), "ruleIndex": rule, "level": level,
		"message": object{"text": sarifText(r)}, "locations": sarifLocations(r),
	}
	if len(r.Places) > 0 {
		places := []any{}
		for _, p := range r.Places {
			places = append(places, object{"no": p.Row, "frame": p.Frame})
		}
		result["properties"] = object{"places": places}
	}
	return result
}

func sarifText(r *Result) string {
	return strings.Join(append([]string{safe(r.Text)}, r.lines()...), "\n")
}

func sarifLocations(r *Result) []any {
	list := []any{}
	for _, file := range r.files() {
		list = append(list, object{"physicalLocation": object{"artifactLocation": object{"uri": reference(file)}}})
	}
	return list
}

// reference returns the name of a file as a URI reference (RFC 3986): a relative
// one stays relative.
func reference(file string) string {
	u := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		u.Scheme = "file"
	}
	return u.String()
}
