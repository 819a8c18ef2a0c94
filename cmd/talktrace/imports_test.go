package main_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// layers are the tiers of the module, leftmost first: a package imports from
// its own tier and from those before it, never from one after it.
var layers = []string{"capture", "reassembly", "dissect", "report", "cmd"}

// TestImportsPointLeft keeps docs/architecture.md true.
func TestImportsPointLeft(t *testing.T) {
	// Test files count too: through them a package would lean on what leans on it.
	const format = `{{.ImportPath}} {{join .Imports " "}} {{join .TestImports " "}} {{join .XTestImports " "}}`
	out, err := exec.Command("go", "list", "-f", format, "talktrace/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		imports := strings.Fields(line)
		from := imports[0]
		for _, to := range imports[1:] {
			if to == "github.com/google/gopacket/pcap" && from != "talktrace/capture/live" {
				t.Errorf("%s imports %s: only talktrace/capture/live may need cgo", from, to)
			}
			if why := forbidden(from, to); why != "" {
				t.Errorf("%s imports %s: %s", from, to, why)
			}
		}
	}
}

// forbidden says what is wrong with an import, and nothing where it is right.
func forbidden(from, to string) string {
	from, _ = strings.CutPrefix(from, "talktrace/")
	to, ours := strings.CutPrefix(to, "talktrace/")
	if !ours {
		return ""
	}
	layer, _, _ := strings.Cut(from, "/")
	wanted, _, _ := strings.Cut(to, "/")
	here, there := slices.Index(layers, layer), slices.Index(layers, wanted)
	switch {
	case from == to, // a test from outside of its package
		from == "report/talktracetest" && (to == "report/transcript" || to == "report/fixture"), // an output put to use in tests
		from == "report/fixture" && (to == "report/transcript" || to == "report/settings"):      // and what it is told of it
		return ""
	case here < 0 || there < 0:
		return "it is in no layer"
	case there > here:
		return "imports point left"
	case there < here || to == layer: // an earlier layer, or the contract of its own
		return ""
	case layer == "dissect" && to == "dissect/filter":
		return "rows are chosen by who shows them"
	case layer == "dissect" && strings.HasPrefix(to, "dissect/internal/"): // what tests have in common
		return ""
	case layer == "dissect" && from != "dissect/engine" && to != "dissect/xmlstream" && to != "dissect/deflate":
		return "dissectors do not know each other: the engine does, and all may use xmlstream and deflate"
	case layer == "report" && to != "report/escape" && !strings.HasPrefix(to, "report/internal/"):
		return "outputs do not know each other"
	}
	return ""
}
