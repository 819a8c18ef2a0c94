package xep

import (
	"talktrace/dissect"
)

func init() {
	const z = contentField + ".description.encryption.zrtp-hash"
	dissect.Register(dissect.Extension{
		Spec: "XEP-0262", Title: "Use of ZRTP in Jingle RTP Sessions", Label: "ZRTP",
		Doc:    "The two telephones agree on keys between themselves (RFC 6189); the hash of the first thing that they will say is told here.",
		Spaces: []string{"urn:xmpp:jingle:apps:rtp:zrtp:1"},
		Elements: []dissect.Element{
			{Name: "zrtp-hash", Field: z, Info: "ZRTP[ {@version}]", Doc: "hash of the ZRTP hello", Fields: []dissect.FieldDef{
				{Name: z + ".version", Type: dissect.Text, Path: "@version", Doc: "version of ZRTP"},
				{Name: z + ".value", Type: dissect.Text, Path: ".", Doc: "the hash, in hexadecimal"},
			}},
		},
	})
}
