package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"talktrace/cmd/internal/cli"
)

const consumerDir = "../../testdata/consumer"

// TestExpectations verifies all captures against the expectations beside them,
// as others do with theirs; -update writes what they say now.
func TestExpectations(t *testing.T) {
	said := command(t, "verify", captureDir)
	if *update {
		said = command(t, "verify", "--update", captureDir)
	}
	if said.status != 0 {
		t.Errorf("status %d\n%s%s", said.status, said.out, said.err)
	}
}

// outcome is what a run of the command left behind.
type outcome struct {
	status   int
	out, err string
}

// command runs the command in this process.
func command(t *testing.T, args ...string) outcome {
	t.Helper()
	var o outcome
	out, gotOut := piped(t)
	errs, gotErr := piped(t)
	o.status = cli.Run(args, cli.Streams{In: os.Stdin, Out: out, Err: errs})
	if err := errors.Join(out.Close(), errs.Close()); err != nil {
		t.Error(err)
	}
	o.out, o.err = <-gotOut, <-gotErr
	return o
}

// piped returns a file to write to, and where all of it comes out.
func piped(t *testing.T) (*os.File, <-chan string) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	all := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(r) // what is missing is missed
		all <- string(text)
	}()
	return w, all
}

// TestConsumer runs what a project that uses talktrace has its CI run, with its
// capture, with another run of the same scenario, and with a broken client.
func TestConsumer(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	talktrace, err := exec.LookPath("talktrace") // which the tests put there
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if said := command(t, "verify", "--update", consumerDir+"/fixtures"); said.status != 0 {
			t.Fatal(said.out, said.err)
		}
	}
	for _, c := range []struct {
		name, capture string
		status        int
	}{
		{"as it was", "verify-a", 0},
		{"the next run", "verify-b", 0},
		{"another client", "starttls13", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(consumerDir)); err != nil {
				t.Fatal(err)
			}
			useThisModule(t, dir)
			for _, end := range []string{".pcap", ".keys"} {
				file, err := os.ReadFile(filepath.Join(captureDir, c.capture+end))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, "fixtures", "story"+end), file, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			run := exec.Command(bash, filepath.Join(dir, "ci.sh"), talktrace)
			run.Env = append(os.Environ(), "GOFLAGS=-mod=readonly") // as shipped, go.sum and all
			said, err := run.CombinedOutput()
			if got := run.ProcessState.ExitCode(); got != c.status {
				t.Errorf("status %d, want %d (%v)\n%s", got, c.status, err, said)
			}
			for _, name := range []string{"verify.xml", "check.sarif"} {
				if info, err := os.Stat(filepath.Join(dir, "results", name)); err != nil || info.Size() == 0 {
					t.Errorf("there is no %s: %v", name, err)
				}
			}
		})
	}
}

// useThisModule has the module in a folder, which is a copy, use this one, and
// changes nothing else: the versions and sums that it has are those that it comes
// with.
func useThisModule(t *testing.T, dir string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	edit := exec.Command("go", "mod", "edit", "-replace", "talktrace="+root)
	edit.Dir = dir
	if said, err := edit.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
}
