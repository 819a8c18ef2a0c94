package talktracetest_test

import (
	"fmt"
	"log"
	"testing"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/dissect"
	"talktrace/dissect/engine"
	"talktrace/report/talktracetest"
)

// An extension is declared in an init function, of whatever module. Fields,
// filters, outputs and the Info column know it from then on.
func init() {
	dissect.Register(dissect.Extension{
		Spec: "Capulet", Title: "Balcony", Label: "balcony",
		Doc:    "Somebody is told that the balcony is free.",
		Spaces: []string{"urn:capulet:balcony"},
		Elements: []dissect.Element{{
			Name: "free", Field: "capulet.balcony", Doc: "the balcony is free",
			Info: "balcony free[ from {@from}]", Rank: dissect.Content,
			Fields: []dissect.FieldDef{
				{Name: "capulet.balcony.from", Type: dissect.Text, Path: "@from", Doc: "when the nurse has left"},
			},
		}},
	})
}

// Whoever asks for all fields gets those of the new extension among them.
func Example_extension() {
	src, err := pcapfile.Open("testdata/balcony.pcap", nil, capture.Hooks{})
	if err != nil {
		log.Fatal(err)
	}
	defer src.Close()
	all := engine.Options{Options: dissect.Options{Fields: dissect.AllFields()}}
	for e, err := range engine.Events(src, all) {
		if err != nil {
			log.Print(err)
			break
		}
		for _, f := range e.Fields {
			if f.Def.Name == "capulet.balcony.from" {
				fmt.Printf("row %d: the balcony is free from %s\n", e.No, f.Text)
			}
		}
	}
	// Output: row 2: the balcony is free from midnight
}

// Few lines lead from a capture to what happened in it.
func Example_events() {
	src, err := pcapfile.Open("testdata/balcony.pcap", nil, capture.Hooks{})
	if err != nil {
		log.Fatal(err)
	}
	defer src.Close()
	for e, err := range engine.Events(src, engine.Options{}) {
		if err != nil {
			log.Print(err) // it comes last: what could be read has been yielded
			break
		}
		fmt.Printf("%d %s %s %s\n", e.No, e.Sender, e.Kind, e.Info)
	}
	// Output:
	// 1 client stream to capulet.example, version 1.0
	// 2 client message balcony free from midnight to romeo@capulet.example
}

// The trace is compared with the reviewed one beside the capture, balcony.trace.
func TestBalcony(t *testing.T) {
	talktracetest.Golden(t, "testdata/balcony.pcap")
}

// A test can also go through the rows by itself.
func TestNobodyIsAway(t *testing.T) {
	for _, e := range talktracetest.Rows(t, "testdata/balcony.pcap") {
		if e.Kind == "presence" && e.Type == "unavailable" {
			t.Errorf("row %d, frame %d: %s", e.No, e.Frame, e.Info)
		}
	}
}
