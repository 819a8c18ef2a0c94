package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"talktrace/capture/capturetest"
	"talktrace/capture/pcapfile"
)

// craft builds a capture out of its text form (see package capturetest):
//
//	craft NAME.pcap FILE      or NAME.pcapng
func craft(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: craft NAME.pcap FILE")
	}
	format := pcapfile.Pcap
	if filepath.Ext(args[0]) == ".pcapng" {
		format = pcapfile.PcapNG
	}
	c, err := capturetest.Parse(ts.ReadFile(args[1]))
	ts.Check(err)
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(c.Write(f, format))
	ts.Check(f.Close())
}

// rows shows of each row in the JSON lines on standard output no more than some
// keys, in that order, one line a row; it becomes the standard output. What is
// absent is a dash. Beside the keys there are "frames", first to last, and
// "findings", the ids of the notes.
//
//	rows KEY ...
func rows(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: rows KEY ...")
	}
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		var row map[string]any
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.UseNumber()
		ts.Check(decoder.Decode(&row))
		cells := make([]string, len(args))
		for i, key := range args {
			cells[i] = cell(row, key)
		}
		fmt.Fprintln(ts.Stdout(), strings.Join(cells, " "))
	}
}

// cell returns what a row has under a key.
func cell(row map[string]any, key string) string {
	switch key {
	case "frames":
		if first, last := row["first_frame"], row["frame"]; first != last {
			return fmt.Sprintf("%v-%v", first, last)
		}
		return fmt.Sprint(row["frame"])
	case "findings":
		var ids []string
		notes, _ := row["notes"].([]any)
		for _, n := range notes {
			ids = append(ids, n.(map[string]any)["id"].(string))
		}
		if len(ids) > 0 {
			return strings.Join(ids, ",")
		}
	}
	switch v := row[key].(type) {
	case nil:
		return "-"
	case string:
		// Lines stay lines.
		quoted := strconv.Quote(v)
		return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
	default:
		return fmt.Sprint(v)
	}
}
