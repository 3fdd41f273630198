import type { QueryOf, ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

type Run = ReplyOf<'adminGetPostureRun'>['run']

/** What an instance proves to anybody of its security. */
export function publicPostureApi(send: Transport) {
  const text = async (path: string, options?: CallOptions): Promise<string> =>
    (await send<Blob>('GET', path, { ...options, as: 'blob' })).text()
  return {
    /** The latest evidence of every claim, signed by a key of `signingKeys`. */
    read: (options?: CallOptions) =>
      send<ReplyOf<'readPosture'>>('GET', '/.well-known/posture.json', options),
    /** The newest evidence of one claim, newest first. */
    history: (claim: string, options?: CallOptions) =>
      send<ReplyOf<'readPostureHistory'>>(
        'GET',
        `/.well-known/posture/${encodeURIComponent(claim)}.json`,
        options,
      ),
    /** CycloneDX 1.6, as text. */
    attestations: (options?: CallOptions) => text('/.well-known/posture.cdx.json', options),
    /** The program that verifies what `read` and `history` give, for Node.js alone. */
    verifier: (options?: CallOptions) => text('/.well-known/verify-posture.mjs', options),
  }
}

/** The same for people who are signed in, with how it went day by day. */
export function postureApi(send: Transport) {
  return {
    read: (query: QueryOf<'getPosture'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getPosture'>>('GET', '/dashboard/posture', { ...options, query }),
  }
}

/** For the administrators of an instance. */
export function postureRunsApi(send: Transport) {
  const all = '/admin/posture/runs'
  return {
    /** Has these claims probed, or all of them; it goes on in the background. */
    start: async (claims?: readonly string[], options?: CallOptions): Promise<Run> =>
      (
        await send<ReplyOf<'adminStartPostureRun'>>('POST', all, {
          ...options,
          body: claims === undefined ? {} : { claims },
        })
      ).run,
    /** How far it has come, and what it found so far. */
    get: async (id: string, options?: CallOptions): Promise<Run> =>
      (await send<ReplyOf<'adminGetPostureRun'>>('GET', `${all}/${encodeURIComponent(id)}`, options)).run,
  }
}
