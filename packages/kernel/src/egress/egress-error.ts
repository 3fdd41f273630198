import type { Phases } from './phases.ts'
import type { CertificateFault, TlsFault } from './tls-fault.ts'

export type EgressErrorCode =
  | 'target_forbidden'
  | 'dns_not_found'
  | 'dns_failed'
  | 'connect_refused'
  | 'connection_reset'
  | 'network_unreachable'
  | 'connect_timeout'
  | 'tls_timeout'
  | 'response_timeout'
  | 'tls_expired'
  | 'tls_name_mismatch'
  | 'tls_untrusted'
  | 'tls_protocol'
  | 'invalid_http'
  | 'headers_too_large'
  | 'body_too_large'

/** How an answer violates RFC 9110 or 9112. */
export type HttpFault =
  | 'not_http'
  | 'version'
  | 'status_line'
  | 'header'
  | 'content_length'
  | 'length_conflict'
  | 'chunk'
  | 'truncated_head'
  | 'truncated_body'
  | 'extra_data'
  | 'upgrade'
  | 'interim_answers'
  | 'coding_unknown'
  | 'coding_broken'
  | 'codings_too_many'
  | 'other'

export type EgressErrorDetails = {
  /** The address tried last; never present on `target_forbidden`. */
  readonly remoteAddress?: string | undefined
  /** The name server's answer on `dns_failed`, where known: SERVFAIL, REFUSED, TIMEOUT … */
  readonly rcode?: string | undefined
  /**
   * The code of the certificate verifier or of the parser, on `tls_…` and `invalid_http`, such as
   * DEPTH_ZERO_SELF_SIGNED_CERT.
   */
  readonly reason?: string | undefined
  /** When the certificate expired, in milliseconds since the epoch, on `tls_expired`. */
  readonly expiredAtMs?: number | undefined
  /** When the certificate becomes valid, on `tls_untrusted` if it is not yet. */
  readonly validFromMs?: number | undefined
  /** Present on `invalid_http`. */
  readonly httpFault?: HttpFault | undefined
  /** The name of a content coding that is not supported: a token of at most 40 characters. */
  readonly coding?: string | undefined
  /** Present on `tls_protocol`. */
  readonly tlsFault?: TlsFault | undefined
  /** The TLS alert that the peer sent, in words. */
  readonly alert?: string | undefined
  /** Present on `tls_untrusted`. */
  readonly certificateFault?: CertificateFault | undefined
  readonly cause?: unknown
}

/**
 * A connection or request that failed because of the peer. It holds classes, times and names of standards, and never
 * text that the peer sent.
 */
export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly code: EgressErrorCode
  readonly phases: Phases
  readonly remoteAddress: string | undefined
  readonly rcode: string | undefined
  readonly reason: string | undefined
  readonly expiredAtMs: number | undefined
  readonly validFromMs: number | undefined
  readonly httpFault: HttpFault | undefined
  readonly coding: string | undefined
  readonly tlsFault: TlsFault | undefined
  readonly alert: string | undefined
  readonly certificateFault: CertificateFault | undefined

  constructor(code: EgressErrorCode, phases: Phases, details: EgressErrorDetails = {}) {
    super(code, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.phases = phases
    this.remoteAddress = details.remoteAddress
    this.rcode = details.rcode
    this.reason = details.reason
    this.expiredAtMs = details.expiredAtMs
    this.validFromMs = details.validFromMs
    this.httpFault = details.httpFault
    this.coding = details.coding
    this.tlsFault = details.tlsFault
    this.alert = details.alert
    this.certificateFault = details.certificateFault
  }
}
