package chat

import "strings"

// telling is what a message says, in words.
type telling struct {
	text   string // what follows the name
	refers string // id of the message that it is about
	edit   bool   // it replaces that one
}

// told returns what a message says; an empty text where it says nothing.
func (w *Writer) told(s *stanza, body string, hasBody bool) telling {
	if c := s.child(s.n, "urn:xmpp:message-retract:", "retract"); c >= 0 && attr(s.t, c, "id") != "" {
		return telling{text: " takes back", refers: attr(s.t, c, "id")}
	}
	if c := s.child(s.n, "urn:xmpp:fasten:", "apply-to"); c >= 0 && s.child(c, "urn:xmpp:message-retract:", "retract") >= 0 {
		return telling{text: " takes back", refers: attr(s.t, c, "id")}
	}
	if c := s.child(s.n, "urn:xmpp:reactions:", "reactions"); c >= 0 {
		return reaction(s, c)
	}
	if how := encryption(s, body); how != "" {
		return telling{text: ": 🔒 encrypted (" + how + ")", refers: replaced(s), edit: true}
	}
	if s.child(s.n, "eu.siacs.conversations.axolotl", "encrypted") >= 0 || s.child(s.n, "urn:xmpp:omemo:", "encrypted") >= 0 {
		return telling{} // keys only
	}
	return written(s, body, hasBody)
}

// written returns what a message says in the clear.
func written(s *stanza, body string, hasBody bool) telling {
	file := attached(s, body)
	subject, hasSubject := s.content("subject")
	if hasSubject && !hasBody && file == "" && s.kind == "groupchat" {
		if subject == "" {
			return telling{}
		}
		return telling{text: " sets the subject: " + subject}
	}
	if me, ok := strings.CutPrefix(body, "/me "); ok && subject == "" && file == "" { // XEP-0245
		return telling{text: " " + me, refers: replaced(s), edit: true}
	}
	if file != "" && strings.Contains(file, body) {
		body = ""
	}
	text := subject
	for _, part := range [...]string{body, file} {
		switch {
		case part == "":
		case text == "":
			text = part
		case text == subject:
			text += " — " + part
		default:
			text += "\n" + part
		}
	}
	switch {
	case text == "":
		return telling{}
	case s.kind == "headline":
		text = " (headline): " + text
	default:
		text = ": " + text
	}
	return telling{text: text, refers: replaced(s), edit: true}
}

// replaced returns the id of the message that this one replaces (XEP-0308).
func replaced(s *stanza) string {
	if c := s.child(s.n, "urn:xmpp:message-correct:", "replace"); c >= 0 {
		return attr(s.t, c, "id")
	}
	return ""
}

// reaction tells of reactions (XEP-0444).
func reaction(s *stanza, n int32) telling {
	var all []string
	for c := s.t.Nodes[n].Child; c >= 0; c = s.t.Nodes[c].Next {
		if string(s.t.Local(c)) == "reaction" {
			all = append(all, text(s.t, c))
		}
	}
	if len(all) == 0 {
		return telling{text: " no longer reacts to", refers: attr(s.t, n, "id")}
	}
	return telling{text: " reacts " + strings.Join(all, " ") + " to", refers: attr(s.t, n, "id")}
}

// encryption names how a message is encrypted, if it is.
func encryption(s *stanza, body string) string {
	for _, space := range [...]string{"eu.siacs.conversations.axolotl", "urn:xmpp:omemo:"} {
		if c := s.child(s.n, space, "encrypted"); c >= 0 && s.child(c, space, "payload") >= 0 {
			return "OMEMO"
		}
	}
	switch {
	case s.child(s.n, "urn:xmpp:openpgp:", "openpgp") >= 0, s.child(s.n, "jabber:x:encrypted", "x") >= 0:
		return "OpenPGP"
	case strings.HasPrefix(body, "?OTR"):
		return "OTR"
	}
	if c := s.child(s.n, "urn:xmpp:eme:", "encryption"); c >= 0 && s.child(s.n, "", "encrypted") >= 0 &&
		s.child(s.n, "eu.siacs.conversations.axolotl", "") < 0 && s.child(s.n, "urn:xmpp:omemo:", "") < 0 {
		if name := attr(s.t, c, "name"); name != "" {
			return name
		}
		return attr(s.t, c, "namespace")
	}
	return ""
}

// attached tells of a file or a link that comes with a message (XEP-0066,
// XEP-0447, XEP-0385).
func attached(s *stanza, body string) string {
	if c := s.child(s.n, "urn:xmpp:sfs:", "file-sharing"); c >= 0 {
		return file(s, c)
	}
	if r := s.child(s.n, "urn:xmpp:reference:", "reference"); r >= 0 {
		if c := s.child(r, "urn:xmpp:sims:", "media-sharing"); c >= 0 {
			return file(s, c)
		}
	}
	if c := s.child(s.n, "jabber:x:oob", "x"); c >= 0 {
		if url := text(s.t, s.child(c, "jabber:x:oob", "url")); url != "" {
			return "📎 " + url
		}
	}
	if strings.HasPrefix(body, "aesgcm://") {
		return "📎 " + body
	}
	return ""
}

// file describes a file: its name, size and where it is.
func file(s *stanza, n int32) string {
	told := "📎"
	if f := s.child(n, "", "file"); f >= 0 {
		if name := text(s.t, s.child(f, "", "name")); name != "" {
			told += " " + name
		}
		if size := text(s.t, s.child(f, "", "size")); size != "" {
			told += " (" + size + " bytes)"
		}
	}
	if from := s.child(n, "", "sources"); from >= 0 {
		for c := s.t.Nodes[from].Child; c >= 0; c = s.t.Nodes[c].Next {
			for _, name := range [...]string{"target", "uri"} {
				if at := attr(s.t, c, name); at != "" {
					return told + " " + at
				}
			}
		}
	}
	return told
}
