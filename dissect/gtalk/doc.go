// Package gtalk declares what Google Talk added to XMPP, one part to a file.
// Each file registers itself; nothing here is exported.
package gtalk
