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
	if description >= 100 {
		return extensionAlertName(description)
	}
	switch description {
	case 0:
		return "close_notify"
	case 10:
		return "unexpected_message"
	case 20:
		return "bad_record_mac"
	case 21:
		return "decryption_failed"
	case 22:
		return "record_overflow"
	case 30:
		return "decompression_failure"
	case 40:
		return "handshake_failure"
	case 41:
		return "no_certificate"
	case 42:
		return "bad_certificate"
	case 43:
		return "unsupported_certificate"
	case 44:
		return "certificate_revoked"
	case 45:
		return "certificate_expired"
	case 46:
		return "certificate_unknown"
	case 47:
		return "illegal_parameter"
	case 48:
		return "unknown_ca"
	case 49:
		return "access_denied"
	case 50:
		return "decode_error"
	case 51:
		return "decrypt_error"
	case 60:
		return "export_restriction"
	case 70:
		return "protocol_version"
	case 71:
		return "insufficient_security"
	case 80:
		return "internal_error"
	case 86:
		return "inappropriate_fallback"
	case 90:
		return "user_canceled"
	}
	return ""
}

// extensionAlertName is alertName for those from 100 on, which came with
// extensions.
func extensionAlertName(description byte) string {
	switch description {
	case 100:
		return "no_renegotiation"
	case 109:
		return "missing_extension"
	case 110:
		return "unsupported_extension"
	case 111:
		return "certificate_unobtainable"
	case 112:
		return "unrecognized_name"
	case 113:
		return "bad_certificate_status_response"
	case 114:
		return "bad_certificate_hash_value"
	case 115:
		return "unknown_psk_identity"
	case 116:
		return "certificate_required"
	case 117:
		return "general_error"
	case 120:
		return "no_application_protocol"
	case 121:
		return "ech_required"
	}
	return ""
}
