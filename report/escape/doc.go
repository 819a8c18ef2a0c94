// Package escape makes bytes from the wire safe to show. Captures are written
// by strangers: what they hold must not move a cursor, hide text, reorder a
// line, start a new row or become a formula on its way to the reader. Every
// output sends what it shows through this package and through nothing else.
//
// The functions append to a slice and return it, as the append of the language
// does; they allocate only where the slice has to grow. None of them keeps src.
package escape
