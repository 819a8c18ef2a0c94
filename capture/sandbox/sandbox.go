// Package sandbox gives up what a process may do, before it looks at the bytes
// of strangers: root, capabilities, other programs, the network, and all files
// but those it has been told of. Nothing that was given up can be had again.
//
// Files and sockets that are open stay open. So what needs privileges, such as
// an interface to capture on, is opened first.
package sandbox

// Policy says what the process still needs.
type Policy struct {
	// User is who to become, by name or number, where the process is root.
	// Empty means the user who called sudo; a root who did not come by sudo
	// stays root, without its capabilities.
	User string

	// KeepUser lets root stay root with its capabilities, so that all files
	// that Read and Write name can be opened, whoever owns them. It is
	// overruled by User.
	KeepUser bool

	// Read are files and folders that may be read: of a folder everything in
	// it, of a file what is there now, and not what takes its place. Those that
	// do not exist are passed over.
	Read []string

	// Write are folders in which files may be made, written, renamed and
	// removed, but not read. They, too, are passed over where they do not exist.
	Write []string

	// Capture keeps the right to open interfaces, for those that may go and
	// return: CAP_NET_RAW, and packet and netlink sockets.
	Capture bool
}

// Apply gives up everything but what the policy grants, in all threads. What
// this system cannot do is not done; missing says what, in a few words each.
//
// An error means that the process cannot become who it should be, or that a
// protection which this system has could not be set up. Then it should end.
func Apply(p Policy) (missing []string, err error) { return apply(p) }
