/** Why no TLS connection could be established. */
export type TlsFault =
  | 'version'
  | 'no_http1'
  | 'not_tls'
  | 'handshake_refused'
  | 'cipher'
  | 'name_refused'
  | 'client_certificate'
  | 'too_weak'
  | 'endless'
  | 'alert'
  | 'other'

/** Why a certificate is not trusted, other than expiry or a wrong name. */
export type CertificateFault =
  | 'not_yet_valid'
  | 'self_signed'
  | 'private_authority'
  | 'unknown_authority'
  | 'issuer_expired'
  | 'issuer_not_yet_valid'
  | 'revoked'
  | 'too_weak'
  | 'wrong_purpose'
  | 'broken'
  | 'other'

/** The fault for an OpenSSL code of a failed handshake, such as ERR_SSL_WRONG_VERSION_NUMBER. */
export function toTlsFault(code: string): TlsFault {
  return (
    handshakeFaults.find(([pattern]) => pattern.test(code))?.[1] ??
    (alertOf(code) === undefined ? 'other' : 'alert')
  )
}

/** The alert that the other side sent, in words: `internal error`. Undefined when it sent none. */
export function alertOf(code: string): string | undefined {
  return /_ALERT_([A-Z_]+)$/.exec(code)?.[1]?.toLowerCase().replaceAll('_', ' ')
}

/** The fault for an OpenSSL verdict on a certificate, such as DEPTH_ZERO_SELF_SIGNED_CERT. */
export function toCertificateFault(code: string): CertificateFault {
  return certificateFaults.find(([pattern]) => pattern.test(code))?.[1] ?? 'other'
}

// A server sends alerts about our certificate only: it never sends one about its own.
const handshakeFaults: readonly (readonly [RegExp, TlsFault])[] = [
  [/_NO_APPLICATION_PROTOCOL$/, 'no_http1'],
  [
    /_(?:CERTIFICATE_REQUIRED|(?:BAD|UNSUPPORTED)_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN)|UNKNOWN_CA)$/,
    'client_certificate',
  ],
  [/_UNRECOGNIZED_NAME$/, 'name_refused'],
  [
    /_(?:INSUFFICIENT_SECURITY|NO_CIPHERS?_(?:MATCH|AVAILABLE)|NO_SHARED_CIPHER|(?:WRONG|UNKNOWN)_CIPHER_RETURNED)$/,
    'cipher',
  ],
  [/_HANDSHAKE_FAILURE$/, 'handshake_refused'],
  [/^ERR_TLS_RENEGOTIATION_DISABLED$/, 'endless'],
  [
    /_(?:ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|WRONG_SSL_VERSION|VERSION_TOO_(?:LOW|HIGH)|NO_PROTOCOLS_AVAILABLE|INAPPROPRIATE_FALLBACK|UNSUPPORTED_SSL_VERSION)$/,
    'version',
  ],
  [
    /_(?:WRONG_VERSION_NUMBER|HTTP_REQUEST|HTTPS_PROXY_REQUEST|PACKET_LENGTH_TOO_LONG|BAD_RECORD_TYPE|RECORD_LAYER_FAILURE)$/,
    'not_tls',
  ],
  [
    /_(?:KEY_TOO_SMALL|MD_TOO_WEAK|UNSAFE_LEGACY_RENEGOTIATION_DISABLED|WRONG_SIGNATURE_TYPE|LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED|NO_SUITABLE_SIGNATURE_ALGORITHM|BAD_DH_VALUE|WRONG_CURVE)$/,
    'too_weak',
  ],
]

const certificateFaults: readonly (readonly [RegExp, CertificateFault])[] = [
  [/^CERT_NOT_YET_VALID$/, 'not_yet_valid'],
  [/^DEPTH_ZERO_SELF_SIGNED_CERT$/, 'self_signed'],
  [/^SELF_SIGNED_CERT_IN_CHAIN$/, 'private_authority'],
  [/^(?:UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/, 'unknown_authority'],
  [/REVOKED/, 'revoked'],
  [/(?:KEY_TOO_SMALL|MD_TOO_WEAK)$/, 'too_weak'],
  [/^(?:INVALID_PURPOSE|INVALID_CA|PATH_LENGTH_EXCEEDED|CERT_REJECTED|CERT_UNTRUSTED)$/, 'wrong_purpose'],
  [/(?:SIGNATURE|DECODE|DECRYPT|FORMAT|ERROR_IN_)/, 'broken'],
]
