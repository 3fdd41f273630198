import type { BodyOf, QueryOf, ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

/**
 * An operator's own record. `root` is `/v1/own-record` with the token of an access link as the credential, and
 * `/dashboard/oversight/own-record` for a member whose account is tied to the operator.
 */
export function ownRecordApi(send: Transport, root: string) {
  const passkeys = `${root}/authenticators`
  return {
    get: (query: QueryOf<'getOwnRecord'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getOwnRecord'>>('GET', root, { ...options, query }),
    interactions: (query: QueryOf<'listOwnInteractions'> = {}, options?: CallOptions) =>
      send<ReplyOf<'listOwnInteractions'>>('GET', `${root}/interactions`, { ...options, query }),
    /** Who looked at the figures, newest first; one entry per reader and day. */
    views: (query: QueryOf<'listOwnViews'> = {}, options?: CallOptions) =>
      send<ReplyOf<'listOwnViews'>>('GET', `${root}/views`, { ...options, query }),
    /** Objects to one decision as it is recorded. */
    contest: (body: BodyOf<'openContest'>, options?: CallOptions) =>
      send<ReplyOf<'openContest'>>('POST', `${root}/contests`, { ...options, body }),
    /** Everything that is held about the operator, as NDJSON. */
    export: (options?: CallOptions) =>
      send<Blob>('POST', `${root}/export`, { ...options, body: {}, as: 'blob' }),
    /** Signs one decision as its operator. The returned proof is passed along when the decision is scored. */
    attest: (body: BodyOf<'attestOwnDecision'>, options?: CallOptions) =>
      send<ReplyOf<'attestOwnDecision'>>('POST', `${root}/attest`, { ...options, body }),
    authenticators: {
      options: (body: BodyOf<'beginEnrolment'> = {}, options?: CallOptions) =>
        send<ReplyOf<'beginEnrolment'>>('POST', `${passkeys}/options`, { ...options, body }),
      enrol: (body: BodyOf<'enrolAuthenticator'>, options?: CallOptions) =>
        send<ReplyOf<'enrolAuthenticator'>>('POST', passkeys, { ...options, body }),
      list: (options?: CallOptions) => send<ReplyOf<'listAuthenticators'>>('GET', passkeys, options),
      remove: (credentialId: string, options?: CallOptions) =>
        send<ReplyOf<'removeAuthenticator'>>(
          'DELETE',
          `${passkeys}/${encodeURIComponent(credentialId)}`,
          options,
        ),
    },
  }
}
