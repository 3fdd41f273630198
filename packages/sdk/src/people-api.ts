import type { BodyOf, QueryOf, ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

/** Rights of the people who are measured. `root` is `/v1` for API keys and `/dashboard/oversight` for members. */
export function peopleApi(send: Transport, root: string) {
  const operator = (id: string, ...rest: readonly string[]): string =>
    [`${root}/operator`, ...[id, ...rest].map(encodeURIComponent)].join('/')
  return {
    contests: (query: QueryOf<'listContests'> = {}, options?: CallOptions) =>
      send<ReplyOf<'listContests'>>('GET', `${root}/contests`, { ...options, query }),
    decideContest: (contestId: string, body: BodyOf<'decideContest'>, options?: CallOptions) =>
      send<ReplyOf<'decideContest'>>('POST', `${root}/contests/${encodeURIComponent(contestId)}/decision`, {
        ...options,
        body,
      }),
    /** Creates a link with which an operator reads their own record. It is returned only once. */
    createAccessLink: (operatorId: string, body: BodyOf<'createAccessLink'> = {}, options?: CallOptions) =>
      send<ReplyOf<'createAccessLink'>>('POST', operator(operatorId, 'access-link'), { ...options, body }),
    accessLinks: (operatorId: string, options?: CallOptions) =>
      send<ReplyOf<'listAccessLinks'>>('GET', operator(operatorId, 'access-links'), options),
    revokeAccessLink: (operatorId: string, linkId: string, options?: CallOptions) =>
      send<ReplyOf<'revokeAccessLink'>>('DELETE', operator(operatorId, 'access-links', linkId), options),
    /** Everything that is held about an operator, as NDJSON. */
    export: (operatorId: string, options?: CallOptions) =>
      send<Blob>('GET', operator(operatorId, 'export'), { ...options, as: 'blob' }),
    erase: (operatorId: string, options?: CallOptions) =>
      send<ReplyOf<'eraseOperator'>>('DELETE', operator(operatorId), options),
    /** Allows decisions of an erased operator to be recorded again. */
    readmit: (operatorId: string, options?: CallOptions) =>
      send<ReplyOf<'readmitOperator'>>('POST', operator(operatorId, 'readmit'), { ...options, body: {} }),
  }
}
