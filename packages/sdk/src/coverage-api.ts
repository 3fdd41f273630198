import type { QueryOf, ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

/** Figures that scores alone cannot show. `root` is `/v1` for API keys and `/dashboard/oversight` for members. */
export function coverageApi(send: Transport, root: string) {
  return {
    /** For how many of the observed AI calls a human decision was recorded. */
    coverage: (query: QueryOf<'getCoverage'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getCoverage'>>('GET', `${root}/coverage`, { ...options, query }),
    /** Agreement between operators who decided the same cases. */
    agreement: (query: QueryOf<'getAgreement'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getAgreement'>>('GET', `${root}/agreement`, { ...options, query }),
  }
}
