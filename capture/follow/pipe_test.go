package follow

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
)

func TestPipe(t *testing.T) {
	content := make([]byte, 3*pipeChunk*pipeChunks+1)
	for i := range content {
		content[i] = byte(rand.Uint32())
	}
	failure := errors.New("broken")
	src := io.MultiReader(bytes.NewReader(content), iotest.ErrReader(failure))
	got, err := io.ReadAll(Pipe(t.Context(), iotest.HalfReader(src)))
	if !bytes.Equal(got, content) || !errors.Is(err, failure) {
		t.Errorf("%d of %d bytes, %v", len(got), len(content), err)
	}
}

// TestPipeEnds ends the context while nobody writes.
func TestPipeEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	p := Pipe(ctx, r)
	go func() { _, _ = w.Write([]byte("talk")) }()
	b := make([]byte, 10)
	if n, err := p.Read(b); string(b[:n]) != "talk" || err != nil {
		t.Errorf("%q, %v", b[:n], err)
	}
	cancel()
	if n, err := p.Read(b); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("%d, %v", n, err)
	}
	if err := w.Close(); err != nil { // lets the goroutine end
		t.Error(err)
	}
}
