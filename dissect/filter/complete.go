package filter

import (
	"errors"
	"slices"
	"strings"

	"talktrace/dissect"
)

// Completion is a way to go on with an expression that is being written.
type Completion struct {
	Text string // the expression so far, with the word at its end completed
	Word string // that word alone
	Doc  string // half a sentence; may be empty
}

// Complete returns the ways to complete the last word of an expression, or to go
// on where the last word is complete, those that come to mind first in front. An
// expression that is already wrong has none. Of fields whose values this package
// does not know, known may return them; it may be nil.
func Complete(prefix string, known func(field string) []string) []Completion {
	done, started, at, ok := tokens(prefix)
	if !ok {
		return nil
	}
	var list []Completion
	add := func(text, doc string) {
		if strings.HasPrefix(text, started) {
			list = append(list, Completion{Text: prefix[:at] + text, Word: text, Doc: doc})
		}
	}
	switch due(done) {
	case dueOperand:
		addFields(started, add)
		if len(done) == 0 || done[len(done)-1].kind == symbol || isLogic(done[len(done)-1]) {
			addWords(add)
		}
	case dueValue:
		addValues(done, known, add)
	case dueOperator:
		addOperators(done, add)
	case dueLogic:
		add(wordAnd, "both hold")
		add(wordOr, "one of the two holds")
		add(wordXor, "just one of the two holds")
	}
	return list
}

// tokens cuts an expression into tokens that are complete and the beginning of
// the last one, with its place.
func tokens(prefix string) (done []token, started string, at int, ok bool) {
	if len(prefix) > MaxLength {
		return nil, "", 0, false
	}
	at = len(prefix)
	for next := 0; ; {
		t, err := scan(prefix, next)
		switch {
		case err != nil: // a string that is being written
			e, _ := errors.AsType[*Error](err)
			return done, prefix[e.Offset:], e.Offset, prefix[e.Offset] == '"'
		case t.kind == end:
			return done, "", at, true
		case t.end == len(prefix) && t.kind != symbol:
			return done, prefix[t.at:], t.at, true
		}
		done, next = append(done, t), t.end
	}
}

// place is what an expression needs next.
type place uint8

const (
	dueOperand place = iota
	dueOperator
	dueValue
	dueLogic
)

// due says what the tokens so far call for. It looks at the last comparison
// only.
func due(done []token) place {
	if len(done) == 0 {
		return dueOperand
	}
	last := done[len(done)-1]
	switch {
	case last.kind == word && (last.text == "any" || last.text == "all"), isLogic(last), isSymbol(last, "("):
		return dueOperand
	case isOperator(last), isSymbol(last, "{"), isSymbol(last, ","), isSymbol(last, ".."):
		return dueValue
	case isSymbol(last, "}"):
		return dueLogic
	case len(done) > 1 && isOperator(done[len(done)-2]):
		return dueLogic
	}
	return dueOperator
}

func isLogic(t token) bool {
	switch {
	case t.kind == word:
		return t.text == wordAnd || t.text == wordOr || t.text == wordXor || t.text == wordNot
	case t.kind == symbol:
		return t.text == "&&" || t.text == "||" || t.text == "^^" || t.text == "!"
	}
	return false
}

func isSymbol(t token, text string) bool { return t.kind == symbol && t.text == text }

func isOperator(t token) bool {
	_, ok := operators[t.text]
	return ok && (t.kind == word || t.kind == symbol)
}

// addFields adds the fields whose names begin so, and the parts of JIDs once
// their field is complete.
func addFields(started string, add func(text, doc string)) {
	for _, name := range dissect.FieldNames() {
		def := dissect.LookupField(name)[0]
		add(name, def.Doc)
		if def.Type == dissect.JID && strings.HasPrefix(started, name) {
			dissect.JIDParts(name, add)
		}
	}
}

// addWords adds what else a test may begin with.
func addWords(add func(text, doc string)) {
	add(wordNot, "what follows does not hold")
	add("any", "the comparison holds for at least one value")
	add("all", "the comparison holds for all values")
	names := make([]string, 0, len(functions))
	for name := range functions {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		add(name+"(", functions[name].doc)
	}
}

// addOperators adds the operators that the field at the end can be compared
// with.
func addOperators(done []token, add func(text, doc string)) {
	cl := number
	if ref, ok := dissect.LookupRef(done[len(done)-1].text); ok {
		cl = classes[ref.Type]
	}
	if cl != nothing {
		add("==", "one of its values is equal")
		add("!=", "none of its values is equal")
		add("in", "one of its values is in the set {…}")
	}
	if textual(cl) {
		add("contains", "the text is in one of its values")
		add("matches", "the regular expression is in one of its values")
	}
	if cl != nothing && cl != boolean {
		add("<", "one of its values is less")
		add("<=", "one of its values is less or equal")
		add(">", "one of its values is greater")
		add(">=", "one of its values is greater or equal")
	}
	add(wordAnd, "it is there, and what follows holds")
	add(wordOr, "it is there, or what follows holds")
}

// addValues adds the values that are known of the field that is being compared.
func addValues(done []token, known func(field string) []string, add func(text, doc string)) {
	i := len(done) - 1
	for i >= 0 && !isOperator(done[i]) && !(done[i].kind == word && done[i].text == "in") {
		i--
	}
	if i < 1 {
		return
	}
	name, defs := done[i-1].text, dissect.LookupField(done[i-1].text)
	if slices.ContainsFunc(defs, func(d *dissect.FieldDef) bool { return d.Type == dissect.Boolean }) {
		add("true", "")
		add("false", "")
	}
	values := valuesOf(name, known)
	for _, d := range defs { // of those that have others too, what is known
		for _, value := range strings.Fields(d.OneOf) {
			if !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
	}
	for _, value := range values {
		add(string(appendQuoted(nil, value)), "")
	}
}
