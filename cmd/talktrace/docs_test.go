package main_test

import (
	"bytes"
	"os"
	"testing"

	"talktrace/cmd/internal/cli"
)

// The pages that are made from the declarations are those in the repository.
// "make docs" writes them anew.
func TestDocs(t *testing.T) {
	for page, verb := range map[string]string{"fields.md": "fields", "extensions.md": "extensions", "findings.md": "findings"} {
		var out bytes.Buffer
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() {
			_, err := out.ReadFrom(r)
			done <- err
		}()
		status := cli.Run([]string{verb, "--markdown"}, cli.Streams{In: os.Stdin, Out: w, Err: os.Stderr})
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil || status != 0 {
			t.Fatalf("%s: status %d, %v", verb, status, err)
		}
		have, err := os.ReadFile("../../docs/" + page)
		if err != nil || !bytes.Equal(have, out.Bytes()) {
			t.Errorf("docs/%s is not what the declarations say (%v); make docs writes it anew", page, err)
		}
	}
}
