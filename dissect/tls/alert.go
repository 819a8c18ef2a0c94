package tls

import "strconv"

// appendAlert describes an alert that is not encrypted, RFC 8446 section 6.
func appendAlert(dst []byte, level, description byte) []byte {
	dst = append(dst, "alert: "...)
	switch level {
	case 1:
		dst = append(dst, "warning "...)
	case 2:
		dst = append(dst, "fatal "...)
	default:
		dst = strconv.AppendInt(append(dst, "level "...), int64(level), 10)
		dst = append(dst, ' ')
	}
	if name := alertName(description); name != "" {
		return append(dst, name...)
	}
	return strconv.AppendInt(dst, int64(description), 10)
}

// alertName returns the name that IANA's registry has for an alert, or nothing.
func alertName(description byte) string {
	if int(description) < len(alertNames) {
		return alertNames[description]
	}
	return ""
}

// alertNames are the names of alerts by their numbers.
var alertNames = [...]string{
	0:   "close_notify",
	10:  "unexpected_message",
	20:  "bad_record_mac",
	21:  "decryption_failed",
	22:  "record_overflow",
	30:  "decompression_failure",
	40:  "handshake_failure",
	41:  "no_certificate",
	42:  "bad_certificate",
	43:  "unsupported_certificate",
	44:  "certificate_revoked",
	45:  "certificate_expired",
	46:  "certificate_unknown",
	47:  "illegal_parameter",
	48:  "unknown_ca",
	49:  "access_denied",
	50:  "decode_error",
	51:  "decrypt_error",
	60:  "export_restriction",
	70:  "protocol_version",
	71:  "insufficient_security",
	80:  "internal_error",
	86:  "inappropriate_fallback",
	90:  "user_canceled",
	100: "no_renegotiation",
	109: "missing_extension",
	110: "unsupported_extension",
	111: "certificate_unobtainable",
	112: "unrecognized_name",
	113: "bad_certificate_status_response",
	114: "bad_certificate_hash_value",
	115: "unknown_psk_identity",
	116: "certificate_required",
	117: "general_error",
	120: "no_application_protocol",
	121: "ech_required",
}
