import type { QueryOf, ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

type Run = ReplyOf<'adminGetPostureRun'>['run']

/** Public security claims of an instance and their evidence. */
export function publicPostureApi(send: Transport) {
  const text = async (path: string, options?: CallOptions): Promise<string> =>
    (await send<Blob>('GET', path, { ...options, as: 'blob' })).text()
  return {
    /** The latest evidence for every claim, signed with one of the `signingKeys`. */
    read: (options?: CallOptions) =>
      send<ReplyOf<'readPosture'>>('GET', '/.well-known/posture.json', options),
    /** The evidence for one claim, newest first. */
    history: (claim: string, options?: CallOptions) =>
      send<ReplyOf<'readPostureHistory'>>(
        'GET',
        `/.well-known/posture/${encodeURIComponent(claim)}.json`,
        options,
      ),
    /** CycloneDX 1.6 attestations, as JSON text. */
    attestations: (options?: CallOptions) => text('/.well-known/posture.cdx.json', options),
    /** A Node.js program, without dependencies, that verifies the results of `read` and `history`. */
    verifier: (options?: CallOptions) => text('/.well-known/verify-posture.mjs', options),
  }
}

/** Security claims for signed-in members, with their results per day. */
export function postureApi(send: Transport) {
  return {
    read: (query: QueryOf<'getPosture'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getPosture'>>('GET', '/dashboard/posture', { ...options, query }),
  }
}

/** Runs of the security probes; for instance administrators. */
export function postureRunsApi(send: Transport) {
  const all = '/admin/posture/runs'
  return {
    /** Starts probing the given claims, or all of them. The run continues in the background. */
    start: async (claims?: readonly string[], options?: CallOptions): Promise<Run> =>
      (
        await send<ReplyOf<'adminStartPostureRun'>>('POST', all, {
          ...options,
          body: claims === undefined ? {} : { claims },
        })
      ).run,
    /** The progress of a run and its results so far. */
    get: async (id: string, options?: CallOptions): Promise<Run> =>
      (await send<ReplyOf<'adminGetPostureRun'>>('GET', `${all}/${encodeURIComponent(id)}`, options)).run,
  }
}
