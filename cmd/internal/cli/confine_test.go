package cli

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"talktrace/capture/sandbox"
)

// TestConfine sees what a trace keeps access to: a key log that is there, the
// folder of one that is not, and where files are written.
func TestConfine(t *testing.T) {
	keys, out, later := t.TempDir(), t.TempDir(), t.TempDir()
	log := filepath.Join(keys, "keys")
	if err := os.WriteFile(log, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, err := os.Create(filepath.Join(out, "stdout"))
	if err != nil {
		t.Fatal(err)
	}
	defer stdout.Close()
	stdin, err := os.Open(session)
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	var got []sandbox.Policy
	status := Run(
		[]string{"-i", "-", "--keylog", log, "--keylog", filepath.Join(later, "keys"), "-w", filepath.Join(out, "written")},
		Streams{In: stdin, Out: stdout, Err: os.Stderr, Confine: func(p sandbox.Policy) ([]string, error) {
			got = append(got, p)
			return nil, nil
		}})
	if status != 0 || len(got) != 1 {
		t.Fatalf("status %d, confined %d times", status, len(got))
	}
	if p := got[0]; !slices.Equal(p.Read, []string{log, later}) || !slices.Equal(p.Write, []string{out}) || !p.KeepUser || p.Capture {
		t.Errorf("%+v", p)
	}
}
