//go:build !linux

package live

import "talktrace/capture"

// defaultRoutes returns nothing: there is no way to ask that all other systems share.
func defaultRoutes() map[string]bool { return nil }

// links returns nothing: it is known once an interface is opened.
func links(string) []capture.LinkType { return nil }
