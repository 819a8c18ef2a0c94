package gtalk

import (
	"bytes"
	"encoding/json"
	"strconv"

	"talktrace/dissect"
)

// maxJSON bounds the bytes of a message that are looked at; Google allows 4 KiB.
const maxJSON = 64 << 10

// walkJSON calls yield for the members of a JSON object whose values are no
// objects or arrays, until it returns false. It reports whether the object was
// whole as far as it was read.
func walkJSON(text []byte, yield func(key string, value json.Token) bool) bool {
	if len(text) > maxJSON {
		text = text[:maxJSON]
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return false
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return false
		}
		value, err := d.Token()
		if err != nil {
			return false
		}
		if _, nested := value.(json.Delim); nested {
			if !skipJSON(d) {
				return false
			}
			continue
		}
		if name, ok := key.(string); !ok || !yield(name, value) {
			return ok
		}
	}
	_, err := d.Token()
	return err == nil
}

// skipJSON skips to the end of the object or array that the decoder has entered.
func skipJSON(d *json.Decoder) bool {
	for depth := 1; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return false
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return true
}

// jsonValue returns a decoder of a field that is the member of a JSON object.
func jsonValue(member string) func(dst, text []byte, show bool) ([]byte, bool) {
	return func(dst, text []byte, show bool) ([]byte, bool) {
		found := false
		walkJSON(text, func(key string, value json.Token) bool {
			if key != member {
				return true
			}
			found = true
			switch v := value.(type) {
			case string:
				switch {
				case show:
					dst = append(dst, v...)
				case isAddress(key):
					dst = dissect.AppendPushAddress(dst, []byte(v))
				case key == description:
					dst = dissect.AppendPushWords(dst, []byte(v))
				default:
					dst = append(dst, v...)
				}
			case json.Number:
				dst = append(dst, v...)
			case bool:
				dst = strconv.AppendBool(dst, v)
			default:
				found = false
			}
			return false
		})
		return dst, found
	}
}

// gcmMessage is what a line tells of a message.
type gcmMessage struct{ kind, control, id, to, err, why string }

func (m *gcmMessage) read(text []byte) bool {
	return walkJSON(text, func(key string, value json.Token) bool {
		s, ok := value.(string)
		if !ok {
			return true
		}
		switch key {
		case "message_type":
			m.kind = s
		case "control_type":
			m.control = s
		case "message_id":
			m.id = s
		case "to":
			m.to = s
		case "error":
			m.err = s
		case description:
			m.why = s
		}
		return true
	})
}

// description is the member that says in words what was wrong; it may repeat the
// token that was.
const description = "error_description"

// isAddress reports whether a member holds a registration token or a sender.
func isAddress(key string) bool { return key == "to" || key == "from" }
