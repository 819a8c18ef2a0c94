// Package xmlstream cuts the bytes of one direction of an XMPP stream into
// first-level units: the stream header, the elements below it, the stream's
// close, and what stands between them.
//
// XMPP's XML is a profile (RFC 6120 section 11): UTF-8, namespaces, the five
// predefined entities and character references, and no document type,
// comments or processing instructions. A Splitter is pushed whatever bytes
// came, cut anywhere; it yields each unit once its last byte is there, with
// the frames of its first and last bytes. After bytes that are not well-formed
// or are missing it looks for the next whole element (see resync.go).
//
// Two machines share the work. The Parser reads a unit that lies in one piece,
// checks it and builds its Tree; almost every unit takes this way, with no
// copy. Where a chunk ends inside a unit, the framer remembers in a few bytes
// how far the unit has come, and the Parser runs once, when all of it is there.
// So cost is linear in the input however it is cut.
package xmlstream
