package tls

// The versions of the protocol as hellos number them.
const (
	versionSSL2  = 0x0002
	versionSSL3  = 0x0300
	versionTLS10 = 0x0301
	versionTLS11 = 0x0302
	versionTLS12 = 0x0303
	versionTLS13 = 0x0304
)

// protocolName is the name of a version in the Protocol column; TLS where the
// version is not known.
func protocolName(version uint16) string {
	switch version {
	case versionSSL2:
		return "SSLv2"
	case versionSSL3:
		return "SSLv3"
	case versionTLS10:
		return "TLSv1"
	case versionTLS11:
		return "TLSv1.1"
	case versionTLS12:
		return "TLSv1.2"
	case versionTLS13:
		return "TLSv1.3"
	}
	return "TLS"
}

// appendVersion appends the name of a version as people write it.
func appendVersion(dst []byte, version uint16) []byte {
	switch version {
	case versionSSL2:
		return append(dst, "SSL 2.0"...)
	case versionSSL3:
		return append(dst, "SSL 3.0"...)
	case versionTLS10, versionTLS11, versionTLS12, versionTLS13:
		return append(append(dst, "TLS 1."...), byte('0'+version-versionTLS10))
	}
	return appendHex(append(dst, "version "...), version)
}

// contentName names a content type for records that are not looked into.
func contentName(contentType byte) string {
	switch contentType {
	case changeCipherSpec:
		return "ChangeCipherSpec"
	case alert:
		return "alert"
	case handshake:
		return "handshake"
	case applicationData:
		return "application data"
	}
	return "heartbeat"
}

// messageName names a handshake message; it is empty for an unknown one.
func messageName(messageType byte) string {
	switch messageType {
	case 0:
		return "HelloRequest"
	case clientHello:
		return "ClientHello"
	case serverHello:
		return "ServerHello"
	case 4:
		return "NewSessionTicket"
	case 5:
		return "EndOfEarlyData"
	case 6:
		return "HelloRetryRequest"
	case 8:
		return "EncryptedExtensions"
	case certificate:
		return "Certificate"
	case 12:
		return "ServerKeyExchange"
	case 13:
		return "CertificateRequest"
	case 14:
		return "ServerHelloDone"
	case 15:
		return "CertificateVerify"
	case 16:
		return "ClientKeyExchange"
	case 20:
		return "Finished"
	case 21:
		return "CertificateURL"
	case 22:
		return "CertificateStatus"
	case 23:
		return "SupplementalData"
	case 24:
		return "KeyUpdate"
	case 25:
		return "CompressedCertificate"
	case 67:
		return "NextProtocol"
	}
	return ""
}

// groupName names a key exchange group; it is empty for an unknown one.
func groupName(group uint16) string {
	switch group {
	case 23:
		return "secp256r1"
	case 24:
		return "secp384r1"
	case 25:
		return "secp521r1"
	case 29:
		return "X25519"
	case 30:
		return "X448"
	case 31:
		return "brainpoolP256r1tls13"
	case 32:
		return "brainpoolP384r1tls13"
	case 33:
		return "brainpoolP512r1tls13"
	case 41:
		return "curveSM2"
	case 0x0100:
		return "ffdhe2048"
	case 0x0101:
		return "ffdhe3072"
	case 0x0102:
		return "ffdhe4096"
	case 0x0103:
		return "ffdhe6144"
	case 0x0104:
		return "ffdhe8192"
	case 0x0200:
		return "MLKEM512"
	case 0x0201:
		return "MLKEM768"
	case 0x0202:
		return "MLKEM1024"
	case 0x11eb:
		return "SecP256r1MLKEM768"
	case 0x11ec:
		return "X25519MLKEM768"
	case 0x11ed:
		return "SecP384r1MLKEM1024"
	case 0x6399:
		return "X25519Kyber768Draft00"
	}
	return ""
}
