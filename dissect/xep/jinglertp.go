package xep

import (
	"bytes"
	"slices"
	"strings"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

func init() {
	const d = contentField + ".description"
	dissect.Register(dissect.Extension{
		Spec: "XEP-0167", Title: "Jingle RTP Sessions", Label: "RTP",
		Doc: "Sound or video of a call: the codecs that each side can decode, best first, with what is needed to do so.",
		Spaces: []string{
			"urn:xmpp:jingle:apps:rtp:1", "urn:xmpp:jingle:apps:rtp:0", "urn:xmpp:tmp:jingle:apps:rtp", "urn:xmpp:tmp:jingle:apps:video-rtp",
			"http://www.xmpp.org/extensions/xep-0167.html#ns",
			"http://jabber.org/protocol/jingle/description/audio", "http://jabber.org/protocol/jingle/description/video",
		},
		Elements: []dissect.Element{
			{Name: "description", Field: d, Describe: describeRTP, Doc: "what is to be sent", Fields: []dissect.FieldDef{
				{Name: d + ".media", Type: dissect.Text, Path: "@media", Doc: "audio or video"},
				{Name: d + ".ssrc", Type: dissect.Number, Path: "@ssrc", Doc: "number of the RTP stream"},
				{Name: d + ".payload-type", Type: dissect.Presence, Path: "payload-type", Doc: "a codec", Fields: []dissect.FieldDef{
					{Name: d + ".payload-type.id", Type: dissect.Number, Path: "@id", Doc: "number of the codec in RTP packets"},
					{Name: d + ".payload-type.name", Type: dissect.Text, Path: "@name", Doc: "name of the codec; those below 96 have a number of their own and need none"},
					{Name: d + ".payload-type.clockrate", Type: dissect.Number, Path: "@clockrate", Doc: "samples each second"},
					{Name: d + ".payload-type.channels", Type: dissect.Number, Path: "@channels", Doc: "channels of sound"},
					{Name: d + ".payload-type.ptime", Type: dissect.Number, Path: "@ptime", Doc: "milliseconds of sound in a packet"},
					{Name: d + ".payload-type.maxptime", Type: dissect.Number, Path: "@maxptime", Doc: "at most so many milliseconds of sound in a packet"},
					{Name: d + ".payload-type.parameter", Type: dissect.Presence, Path: "parameter", Doc: "a setting of the codec", Fields: []dissect.FieldDef{
						{Name: d + ".payload-type.parameter.name", Type: dissect.Text, Path: "@name", Doc: "name of the setting"},
						{Name: d + ".payload-type.parameter.value", Type: dissect.Text, Path: "@value", Doc: "value of the setting"},
					}},
				}},
				{Name: d + ".encryption", Type: dissect.Presence, Path: "encryption", Doc: "the RTP stream can be encrypted (SRTP)", Fields: []dissect.FieldDef{
					{Name: d + ".encryption.required", Type: dissect.Boolean, Path: "@required", Doc: "it must be encrypted"},
					{Name: d + ".encryption.crypto", Type: dissect.Presence, Path: "crypto", Doc: "a cipher with its key (RFC 4568)", Fields: []dissect.FieldDef{
						{Name: d + ".encryption.crypto.suite", Type: dissect.Text, Path: "@crypto-suite", Doc: "the cipher"},
						{Name: d + ".encryption.crypto.tag", Type: dissect.Text, Path: "@tag", Doc: "number by which the answer names it"},
						{Name: d + ".encryption.crypto.key-params", Type: dissect.Text, Path: "@key-params", Doc: "the key"},
						{Name: d + ".encryption.crypto.session-params", Type: dissect.Text, Path: "@session-params", Doc: "settings of the cipher"},
					}},
				}},
				{Name: d + ".bandwidth", Type: dissect.Presence, Path: "bandwidth", Doc: "how much may be sent", Fields: []dissect.FieldDef{
					{Name: d + ".bandwidth.type", Type: dissect.Text, Path: "@type", Doc: "what is counted: AS or CT, as in SDP"},
					{Name: d + ".bandwidth.value", Type: dissect.Text, Path: ".", Doc: "kilobits each second"},
				}},
				{Name: d + ".rtcp-mux", Type: dissect.Presence, Path: "rtcp-mux", Doc: "control packets (RTCP) go over the same port (RFC 5761)"},
			}},
		},
	})
}

// mostCodecs is how many codecs a line names.
const mostCodecs = 4

// describeRTP names the medium and the codecs, each once; those that only come
// along with another one say nothing about a call.
func describeRTP(l *dissect.Line, n int32) {
	t := l.Tree
	if !l.Attr(n, "media") {
		switch t.Nodes[n].Space {
		case "http://jabber.org/protocol/jingle/description/video", "urn:xmpp:tmp:jingle:apps:video-rtp":
			l.Add("video")
		default:
			l.Add("audio")
		}
	}
	var shown [mostCodecs][]byte
	count := 0
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if string(t.Local(c)) != "payload-type" {
			continue
		}
		name, number := codecName(t, c), ""
		if name == nil {
			if number = codecNumber(t, c); number == "" {
				continue
			}
		} else if isAuxiliary(name) || slices.ContainsFunc(shown[:count], func(b []byte) bool { return bytes.EqualFold(b, name) }) {
			continue
		}
		if count == mostCodecs {
			l.Add(", …")
			break
		}
		shown[count] = name
		if count++; count == 1 {
			l.Add(" (")
		} else {
			l.Add(", ")
		}
		if !l.Attr(c, "name") {
			l.Add(number)
		}
	}
	if count > 0 {
		l.Add(")")
	}
}

// codecName is the name of a payload type, nil where it has none.
func codecName(t *xmlstream.Tree, n int32) []byte {
	if a := t.Attr(n, "name"); a != nil && a.Value.Len() > 0 {
		return t.Bytes(a.Value)
	}
	return nil
}

// isAuxiliary reports whether a payload type only comes along with a codec:
// it repeats, protects or fills in for what the codec sends.
func isAuxiliary(name []byte) bool {
	for _, a := range [...]string{"telephone-event", "CN", "red", "rtx", "ulpfec", "flexfec-03"} {
		if len(a) == len(name) && strings.EqualFold(a, string(name)) {
			return true
		}
	}
	return false
}

// codecNumber names a payload type by its number, for those that need no name
// (RFC 3551 section 6).
func codecNumber(t *xmlstream.Tree, n int32) string {
	a := t.Attr(n, "id")
	if a == nil {
		return ""
	}
	switch string(t.Bytes(a.Value)) {
	case "0":
		return "PCMU"
	case "3":
		return "GSM"
	case "4":
		return "G723"
	case "8":
		return "PCMA"
	case "9":
		return "G722"
	case "15":
		return "G728"
	case "18":
		return "G729"
	case "31":
		return "H261"
	case "34":
		return "H263"
	}
	return ""
}
