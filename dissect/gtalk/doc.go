// Package gtalk declares what Google added to XMPP for Google Talk (2005 to
// 2022), and what it built of XMPP besides: the channel of Cloud Messaging. One
// part to a file; each file registers itself, and nothing here is exported.
package gtalk
