// Package stats writes tables of what was counted in a trace (dissect/analysis):
// drawn for people, or as JSON or comma-separated values for programs. What
// nobody knows is a dash, and a key that is absent; it is never 0.
package stats
