// Package xep declares the extensions of XMPP, one to a file: their elements,
// the fields in them, and the words for the Info column. Each file registers
// itself; nothing here is exported, and no file knows of another.
package xep
