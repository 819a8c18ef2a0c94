package jsonl

import (
	"encoding/hex"
	"strconv"
	"time"

	"talktrace/dissect"
	"talktrace/report/escape"
)

// facts appends what the handshake messages of a row say. Whether a certificate
// held is judged by the time of the row.
func facts(b []byte, f *dissect.TLSFacts, t int64) []byte {
	if f == nil {
		return b
	}
	b = append(b, `,"tls":`...)
	at := len(b)
	b = text(b, "version", []byte(f.Version.Name))
	b = text(b, "sni", []byte(f.ServerName))
	b = texts(b, "alpn", f.ALPN)
	b = text(b, "suite", []byte(f.Suite.Name))
	b = text(b, "group", []byte(f.Group.Name))
	b = flag(b, "resumed", f.Resumed)
	b = flag(b, "hello_retry", f.HelloRetry)
	b = text(b, "early_data", []byte(f.EarlyData.String()))
	b = text(b, "ja3", []byte(f.JA3))
	b = text(b, "ja3s", []byte(f.JA3S))
	b = text(b, "ja4", []byte(f.JA4))
	b = certificates(b, f.Certificates, time.Unix(0, t))
	return object(b, at)
}

func certificates(b []byte, chain []dissect.Certificate, t time.Time) []byte {
	if len(chain) == 0 {
		return b
	}
	b = append(b, `,"certificates":[`...)
	for i := range chain {
		if i > 0 {
			b = append(b, ',')
		}
		at := len(b)
		b = object(certificate(b, &chain[i], t), at)
	}
	return append(b, ']')
}

// certificate appends the keys of a certificate, each behind a comma.
func certificate(b []byte, c *dissect.Certificate, t time.Time) []byte {
	b = text(b, "subject", []byte(c.Subject))
	b = text(b, "issuer", []byte(c.Issuer))
	b = texts(b, "names", c.Names)
	b = texts(b, "xmppAddr", c.XMPPAddrs)
	b = texts(b, "srv", c.SRVNames)
	if c.IsRead() {
		b = moment(b, "not_before", c.NotBefore)
		b = moment(b, "not_after", c.NotAfter)
		b = append(b, `,"valid_at_capture":`...)
		b = strconv.AppendBool(b, c.ValidAt(t))
	}
	b = text(b, "key", []byte(c.KeyType))
	b = count(b, "bits", int64(c.KeyBits))
	b = append(b, `,"sha256":"`...)
	b = hex.AppendEncode(b, c.SHA256[:])
	return append(b, '"')
}

// object makes an object of the keys from at on, each of which stands behind a
// comma.
func object(b []byte, at int) []byte {
	if len(b) == at {
		return append(b, "{}"...)
	}
	b[at] = '{'
	return append(b, '}')
}

// moment appends a key whose value is a time, to the second.
func moment(b []byte, key string, t time.Time) []byte {
	return text(b, key, t.UTC().AppendFormat(nil, time.RFC3339))
}

// flag appends a key that is there only where it is true.
func flag(b []byte, key string, v bool) []byte {
	if !v {
		return b
	}
	return append(append(append(b, `,"`...), key...), `":true`...)
}

// texts appends a key with a list of texts, if there are any.
func texts(b []byte, key string, list []string) []byte {
	if len(list) == 0 {
		return b
	}
	b = append(append(append(b, `,"`...), key...), `":[`...)
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = escape.JSON(b, []byte(s))
		b = append(b, '"')
	}
	return append(b, ']')
}
