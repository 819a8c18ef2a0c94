// Package deflate inflates what travels compressed: XMPP streams after
// <compressed/> (XEP-0138), and for other layers the messages of a WebSocket
// (RFC 7692) and the bodies of HTTP.
//
// A Layer (layer.go) stands between the compressed bytes of a connection and
// the layer that reads the plain ones. It has an Inflater (inflater.go) for
// each direction, which takes a stream (RFC 1950, 1951 and 1952) in pieces: what
// surrounds the blocks is in frame.go, their heads in block.go, their codes in
// huffman.go and what is written in these in symbols.go, again for speed in
// fast.go.
//
// The decoder is our own because readers pull: one such as that of
// compress/flate gives what it has at the end of a block or later, and takes a
// source that is dry for one that has ended. Here the bytes there are give all
// that they say, whichever flush their sender is fond of, so that a row has the
// frame that completed it; and a stream that waits is no more than its state.
package deflate
