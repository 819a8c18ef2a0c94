package talktracetest_test

import (
	"os"
	"strings"
	"testing"
)

// The programs of docs/library.md are those of the examples here, which are
// compiled and run.
func TestPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/library.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(page), "```go\n")
	if len(parts) < 4 {
		t.Fatalf("%d programs in docs/library.md", len(parts)-1)
	}
	for _, part := range parts[1:] {
		program, _, _ := strings.Cut(part, "```")
		if !strings.Contains(dense(string(source)), dense(program)) {
			t.Errorf("not in example_test.go:\n%s", program)
		}
	}
}

// dense returns a text without what indents its lines.
func dense(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimLeft(line, "\t "))
	}
	return b.String()
}
