// Package reassembly turns captured frames into what the two ends of each TCP
// connection said: bytes in order, each with the frame that brought it, and
// losses stated with their size.
//
// An Assembler takes frames, looks through link layers, tunnels and IP
// fragments, and calls a Handler:
//
//	a := reassembly.New(handler, reassembly.DefaultLimits())
//	for source.Next(&frame) == nil {
//		a.Frame(&frame)
//	}
//	a.Close()
//
// What comes out depends on the frames alone. The only clock is the time
// written in the frames, nothing is random, and nothing runs in the background.
//
// # What is believed
//
// An analyzer sees the traffic from beside, so it can neither ask again nor
// know what the receiver made of a segment. It goes by these rules:
//
//   - Checksums are ignored. Offloading makes them wrong in honest captures.
//   - Where two copies of a byte differ, the one captured first stands, and a
//     Chunk with Conflict says that there was another.
//   - A byte is lost when its receiver has acknowledged it, or its sender gone
//     past it and a minute gone by, and it has not been captured. Until then
//     the bytes behind it wait, within Limits.
//   - A probe of a kept-alive connection (RFC 9293, section 3.8.4) repeats one
//     byte, or a stand-in for it, and is no data.
//   - A reset is believed where its sequence number is one that its sender
//     could be at; anything older or far off is left over from earlier.
//
// # Cost
//
// An in-order segment is handed on without a copy being kept for later and
// without an allocation, other than a copy into a fixed ring of recent bytes
// that later copies are compared with. An idle connection takes some 300 bytes.
package reassembly
