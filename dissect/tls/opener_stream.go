package tls

import "crypto/rc4" //nolint:gosec // what a capture holds was sealed with it

// streamOpener opens records of RC4 and of the NULL cipher, which have a MAC
// behind the content. RC4's key stream runs on from record to record: once
// bytes are lost, nobody knows where it is.
type streamOpener struct {
	mac    *recordMAC
	sealed bool       // with RC4
	key    rc4.Cipher // at the beginning of the next record
}

func newStreamOpener(p protection, k directionKeys) opener {
	o := &streamOpener{mac: newRecordMAC(p.version, k.mac)}
	if o.mac == nil {
		return nil
	}
	if p.suite.Cipher == "NULL" {
		return o
	}
	key, err := rc4.NewCipher(k.key)
	if err != nil || p.suite.Cipher != "RC4" {
		return nil
	}
	o.key, o.sealed = *key, true
	return o
}

func (o *streamOpener) open(dst []byte, seq uint64, rec []byte) (byte, []byte, bool) {
	start := len(dst)
	dst = append(dst, rec[headerSize:]...)
	plain := dst[start:]
	n := len(plain) - o.mac.size()
	if n < 0 {
		return 0, nil, false
	}
	before := o.key
	if o.sealed {
		o.key.XORKeyStream(plain, plain)
	}
	if !o.mac.verifies(seq, rec, plain[:n], plain[n:]) {
		o.key = before
		return 0, nil, false
	}
	return rec[0], dst[:start+n], true
}

// pass moves the key stream past a record.
func (o *streamOpener) pass(rec []byte) {
	if o.sealed {
		waste := make([]byte, len(rec)-headerSize)
		o.key.XORKeyStream(waste, waste)
	}
}

func (o *streamOpener) lose() bool    { return !o.sealed }
func (o *streamOpener) overhead() int { return o.mac.size() }
