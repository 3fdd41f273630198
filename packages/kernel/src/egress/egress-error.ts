import type { Phases } from './phases.ts'

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

export type EgressErrorDetails = {
  /** The address tried last; never present on `target_forbidden`. */
  readonly remoteAddress?: string | undefined
  /** The name server's answer on `dns_failed`, where known: SERVFAIL, REFUSED, TIMEOUT … */
  readonly rcode?: string | undefined
  /** The verifier's or parser's own code on `tls_…` and `invalid_http`, such as DEPTH_ZERO_SELF_SIGNED_CERT. */
  readonly reason?: string | undefined
  /** When the certificate ended, in milliseconds since the epoch, on `tls_expired`. */
  readonly expiredAtMs?: number | undefined
  readonly cause?: unknown
}

/** A connection or request that failed because of the other side: a class and times, never a byte it sent. */
export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly code: EgressErrorCode
  readonly phases: Phases
  readonly remoteAddress: string | undefined
  readonly rcode: string | undefined
  readonly reason: string | undefined
  readonly expiredAtMs: number | undefined

  constructor(code: EgressErrorCode, phases: Phases, details: EgressErrorDetails = {}) {
    super(code, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.phases = phases
    this.remoteAddress = details.remoteAddress
    this.rcode = details.rcode
    this.reason = details.reason
    this.expiredAtMs = details.expiredAtMs
  }
}
