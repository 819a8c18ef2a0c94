package follow

import (
	"context"
	"io"
	"sync"
)

const (
	pipeChunk  = 256 << 10
	pipeChunks = 4
)

// Pipe returns a reader of what comes out of r that ends with ctx, even while
// r keeps its reader waiting: as a pipe does, which nothing else can end
// without a change to whoever shares it. It reads a little ahead, on a
// goroutine that begins with the first call of Read and ends with r.
func Pipe(ctx context.Context, r io.Reader) io.Reader { return &pipe{ctx: ctx, src: r} }

type pipe struct {
	ctx   context.Context
	src   io.Reader
	begin sync.Once
	full  chan []byte // closed at the end of src
	empty chan []byte
	err   error // how src ended; set before full is closed

	// Of the goroutine that calls Read.
	chunk, rest []byte
}

// Read implements io.Reader.
func (p *pipe) Read(b []byte) (int, error) {
	p.begin.Do(p.start)
	if len(p.rest) == 0 {
		if p.chunk != nil {
			p.empty <- p.chunk // has room for all chunks there are
			p.chunk = nil
		}
		select {
		case chunk, ok := <-p.full:
			if !ok {
				return 0, p.err
			}
			p.chunk, p.rest = chunk, chunk
		case <-p.ctx.Done():
			return 0, io.EOF
		}
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func (p *pipe) start() {
	p.full = make(chan []byte, pipeChunks)
	p.empty = make(chan []byte, pipeChunks)
	for range pipeChunks {
		p.empty <- make([]byte, pipeChunk)
	}
	go p.pump()
}

// pump reads until the source ends.
func (p *pipe) pump() {
	defer close(p.full)
	for {
		select {
		case chunk := <-p.empty:
			n, err := p.src.Read(chunk[:cap(chunk)])
			if n > 0 {
				p.full <- chunk[:n] // has room for all chunks there are
			} else {
				p.empty <- chunk
			}
			if err != nil {
				p.err = err
				return
			}
		case <-p.ctx.Done():
			p.err = io.EOF
			return
		}
	}
}
