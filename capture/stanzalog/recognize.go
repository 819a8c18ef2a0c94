package stanzalog

import (
	"bufio"
	"bytes"
)

// recognize tells what kind of log a text is, and what carried it, by the first
// line that is found in one kind only.
func recognize(in *bufio.Reader) (format, carrier, bool) {
	type guess struct {
		carrier carrier
		formats []format
	}
	var guesses []guess
	for _, c := range carriers() {
		guesses = append(guesses, guess{c, formats()})
	}
	for at := 0; ; {
		line, ended := lineAt(in, at)
		at += len(line)
		for _, g := range guesses {
			text, _, ok := g.carrier.strip(line)
			if !ok {
				continue
			}
			text = bytes.TrimRight(text, "\r\n")
			for _, f := range g.formats {
				if f.speaks(text) {
					return f, g.carrier, true
				}
			}
		}
		if ended {
			return format{}, carrier{}, false
		}
	}
}

// lineAt returns the line that begins at an offset of what can be looked at, which
// grows as it is asked for. It has ended where there is no more to look at.
func lineAt(in *bufio.Reader, at int) (line []byte, ended bool) {
	for n := at; ; {
		head, _ := in.Peek(max(n, in.Buffered()))
		if end := bytes.IndexByte(head[min(n, len(head)):], '\n'); end >= 0 {
			return head[at : n+end+1], false
		}
		if len(head) >= headSize || len(head) < n {
			return head[min(at, len(head)):], true
		}
		n = len(head)
		if more, err := in.Peek(n + 1); err != nil {
			return more[at:], true
		}
	}
}
