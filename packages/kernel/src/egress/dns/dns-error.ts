/** The error codes of node:dns, so that both resolvers report alike. */
export type DnsErrorCode =
  | 'ENOTFOUND'
  | 'ENODATA'
  | 'EFORMERR'
  | 'ESERVFAIL'
  | 'ENOTIMP'
  | 'EREFUSED'
  | 'EBADRESP'
  /** A name server that answers other questions did not answer this one. */
  | 'ETIMEOUT'
  /** No name server answered any question, so nothing is known of the name. */
  | 'ECONNREFUSED'
  | 'ECANCELLED'

export class DnsError extends Error {
  override readonly name = 'DnsError'
  readonly code: DnsErrorCode

  constructor(code: DnsErrorCode, hostname: string) {
    super(`${code} ${hostname}`)
    this.code = code
  }
}
