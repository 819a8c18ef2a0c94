package client_test

import (
	"testing"

	"talktrace/report/talktracetest"
)

const story = "fixtures/story.pcap"

// The client does what it did when somebody last looked at it.
func TestStory(t *testing.T) { talktracetest.Golden(t, story) }

// The client asks for the archive once, and all of it.
func TestArchive(t *testing.T) {
	asked := 0
	for _, row := range talktracetest.Rows(t, story) {
		for _, field := range row.Fields {
			if field.Def.Name == "xmpp.mam.query" {
				asked++
			}
		}
	}
	if asked != 1 {
		t.Errorf("the archive is asked %d times", asked)
	}
}
