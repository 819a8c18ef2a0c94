// Package report is the contract of the outputs: each subpackage writes rows
// in one format and knows nothing of the others.
package report

import "talktrace/dissect"

// A Writer writes rows.
type Writer interface {
	// Write takes the next row. It does not keep the event.
	Write(*dissect.Event) error
	// Flush makes everything written so far visible to the reader.
	Flush() error
	// Close writes what is still owed and flushes; it does not close the
	// underlying file.
	Close() error
}
