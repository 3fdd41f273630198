import type { QueryOf, ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

/** What no score can show. `root` is `/v1` for keys and `/dashboard/oversight` for members. */
export function coverageApi(send: Transport, root: string) {
  return {
    /** How many calls of an AI somebody decided about. */
    coverage: (query: QueryOf<'getCoverage'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getCoverage'>>('GET', `${root}/coverage`, { ...options, query }),
    /** How far people who decided the same cases agree. */
    agreement: (query: QueryOf<'getAgreement'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getAgreement'>>('GET', `${root}/agreement`, { ...options, query }),
  }
}
