/** The codes of node:dns, so that its look-ups and ours read alike. */
export type DnsErrorCode =
  | 'ENOTFOUND'
  | 'ENODATA'
  | 'EFORMERR'
  | 'ESERVFAIL'
  | 'ENOTIMP'
  | 'EREFUSED'
  | 'EBADRESP'
  /** A name server that answers others left this question open. */
  | 'ETIMEOUT'
  /** No name server answered anything, so nothing is known of the name. */
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
