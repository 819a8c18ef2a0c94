package xep

import (
	"encoding/base64"
	"strings"

	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0115", Title: "Entity Capabilities", Label: "caps",
		Doc:    "Names in each presence a hash of what the client can do, so that others ask for the list only once for each version of a program.",
		Spaces: []string{"http://jabber.org/protocol/caps"},
		Elements: []dissect.Element{
			{Name: "c", Field: "xmpp.presence.caps", Check: rememberCaps, Doc: "hash of what the sender can do", Fields: []dissect.FieldDef{
				{Name: "xmpp.presence.caps.node", Type: dissect.Text, Path: "@node", Doc: "the program"},
				{Name: "xmpp.presence.caps.ver", Type: dissect.Text, Path: "@ver", Doc: "hash of what it can do; before version 1.4, its version"},
				{Name: "xmpp.presence.caps.hash", Type: dissect.Text, Path: "@hash", Doc: "how it was hashed"},
				{Name: "xmpp.presence.caps.ext", Type: dissect.Text, Path: "@ext", Doc: "more that it can do, before version 1.4"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0390", Title: "Entity Capabilities 2.0", Label: "caps",
		Doc:    "The same as XEP-0115 without its weaknesses: several hashes, over a text that cannot be read in two ways.",
		Spaces: []string{"urn:xmpp:caps"},
		Elements: []dissect.Element{
			{Name: "c", Field: "xmpp.presence.caps2", Check: rememberCaps, Doc: "hashes of what the sender can do"},
		},
	})
}

const (
	nsCaps   = "http://jabber.org/protocol/caps"
	nsCaps2  = "urn:xmpp:caps"
	nsHashes = "urn:xmpp:hashes:2"
)

// capsHash is a hash that an entity announced, under the node by which what was
// hashed is asked for.
type capsHash struct {
	algorithm, value string
	second           bool // as XEP-0390 hashes, not XEP-0115
}

// maxCaps bounds the hashes that are kept for a connection.
const maxCaps = 256

// announcedCaps returns the hashes announced on the connection, by node.
func announcedCaps(c *dissect.Context) map[string]capsHash {
	return c.Kept(nsCaps, func() any { return map[string]capsHash{} }).(map[string]capsHash)
}

// rememberCaps keeps what an entity announced, for checkCaps.
func rememberCaps(c *dissect.Check, n int32) {
	t, known := c.Tree, announcedCaps(c.Context)
	keep := func(node string, h capsHash) {
		const longest = 512
		if len(known) < maxCaps && len(node) <= longest && h.algorithm != "" {
			known[node] = h
		}
	}
	value := func(name string) string {
		if a := t.Attr(n, name); a != nil {
			return string(t.Value(nil, a))
		}
		return ""
	}
	if t.Nodes[n].Space == nsCaps {
		ver := value("ver")
		keep(value("node")+"#"+ver, capsHash{algorithm: value("hash"), value: ver})
		return
	}
	for h := t.Nodes[n].Child; h >= 0; h = t.Nodes[h].Next {
		if a := t.Attr(h, "algo"); a != nil && t.Is(h, nsHashes, "hash") {
			algorithm, hash := string(t.Value(nil, a)), strings.TrimSpace(string(t.Text(nil, h)))
			keep(nsCaps2+"#"+algorithm+"."+hash, capsHash{algorithm, hash, true})
		}
	}
}

// checkCaps compares a list of features with the hash that was announced for it
// (XEP-0115 section 5.4, XEP-0390 section 4.5).
func checkCaps(c *dissect.Check, n int32) {
	t := c.Tree
	node := t.Attr(n, "node")
	if node == nil || c.Event.Type != "result" {
		return
	}
	announced, found := announcedCaps(c.Context)[string(t.Value(nil, node))]
	if !found {
		return
	}
	var text []byte
	if announced.second {
		text = capsText2(t, n)
	} else {
		text = capsText(t, n)
	}
	sum := digest(announced.algorithm, text)
	if sum == nil {
		return
	}
	if hash := base64.StdEncoding.EncodeToString(sum); hash != announced.value {
		c.Event.Notes = append(c.Event.Notes, dissect.Note{
			Severity: dissect.Warning, ID: "caps-hash-wrong",
			Text: "what the entity can do has the " + announced.algorithm + " hash " + hash + ", not the one that it announced",
		})
	}
}
