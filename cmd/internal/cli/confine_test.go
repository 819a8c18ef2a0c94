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

// TestConfineTo sees that verify and diff keep access to the folders of captures,
// and that only --update may write there.
func TestConfineTo(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile(session)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "x.pcap")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	silence, err := os.Create(filepath.Join(dir, "said"))
	if err != nil {
		t.Fatal(err)
	}
	defer silence.Close()
	for _, c := range []struct {
		args  []string
		write []string
	}{
		{[]string{"verify", "--update", dir}, []string{dir}},
		{[]string{"verify", dir}, nil},
		{[]string{"diff", name, name}, nil},
	} {
		var got []sandbox.Policy
		status := Run(c.args, Streams{In: os.Stdin, Out: silence, Err: os.Stderr, Confine: func(p sandbox.Policy) ([]string, error) {
			got = append(got, p)
			return nil, nil
		}})
		if status != 0 || len(got) != 1 {
			t.Fatalf("%v: status %d, confined %d times", c.args, status, len(got))
		}
		if p := got[0]; !slices.Contains(p.Read, dir) || !slices.Equal(p.Write, c.write) || !p.KeepUser || p.Capture {
			t.Errorf("%v: %+v", c.args, p)
		}
	}
}
