import { coverageApi } from './coverage-api.ts'
import { gateApi } from './gate.ts'
import { oversightViewsApi } from './oversight-views-api.ts'
import { ownRecordApi } from './own-record-api.ts'
import { peopleApi } from './people-api.ts'
import type { BodyOf, QueryOf, ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

export type OversightApi = ReturnType<typeof oversightApi>

/** Human decisions with AI advice: `client.oversight.score(…)`. Needs a key of the oversight service. */
export function oversightApi(transport: Transport) {
  const send: Transport = (method, path, call) => transport(method, path, { ...call, keyHeader: 'x-api-key' })
  const session = (id: string, ...rest: readonly string[]): string =>
    ['/v1/score', encodeURIComponent(id), ...rest].join('/')
  const org = (id: string, deed: string): string => `/v1/admin/org/${encodeURIComponent(id)}/${deed}`
  const billing = (id: string, deed: string): string =>
    `/v1/admin/billing/org/${encodeURIComponent(id)}/${deed}`
  return {
    ...gateApi(send),
    /** Records one decision and says how its operator stands. */
    score: (
      body: BodyOf<'scoreInteraction'>,
      query: QueryOf<'scoreInteraction'> = {},
      options?: CallOptions,
    ) => send<ReplyOf<'scoreInteraction'>>('POST', '/v1/score', { ...options, query, body }),
    /** Records up to 100 decisions of one operator, all or none. */
    scoreBatch: (body: BodyOf<'scoreBatch'>, options?: CallOptions) =>
      send<ReplyOf<'scoreBatch'>>('POST', '/v1/score/batch', { ...options, body }),
    /** Says what was finally decided; takes a session's id or an interaction's. */
    commit: (id: string, body: BodyOf<'commitScore'>, options?: CallOptions) =>
      send<ReplyOf<'commitScore'>>('POST', session(id, 'commit'), { ...options, body }),
    /** Says how a decision turned out. */
    reportOutcome: (id: string, body: BodyOf<'reportOutcome'>, options?: CallOptions) =>
      send<ReplyOf<'reportOutcome'>>('POST', session(id, 'outcome'), { ...options, body }),
    get: (id: string, options?: CallOptions) => send<ReplyOf<'getScore'>>('GET', session(id), options),
    /** Computes a score again from what is stored, and compares. */
    replay: (id: string, options?: CallOptions) =>
      send<ReplyOf<'replayScore'>>('GET', session(id, 'replay'), options),
    decisions: decisionCalls(send, transport),
    /** Its successor, shown once; the key that asks is refused from then on. */
    rotateKey: (options?: CallOptions) =>
      send<ReplyOf<'rotateOwnKey'>>('POST', '/v1/admin/key/rotate', { ...options, body: {} }),
    /** Revokes the key that asks. */
    revokeKey: (options?: CallOptions) =>
      send<ReplyOf<'revokeOwnKey'>>('POST', '/v1/admin/key/revoke', { ...options, body: {} }),
    /** What this API is, and what there is. */
    about: (options?: CallOptions) => send<ReplyOf<'readOversight'>>('GET', '/v1', options),
    /** For the operator's own automation: each call takes its own secret in place of a key, and an `idempotencyKey`. */
    operator: {
      createOrg: (body: BodyOf<'masterCreateOrg'>, options?: CallOptions) =>
        send<ReplyOf<'masterCreateOrg'>>('POST', '/v1/admin/org/create', { ...options, body }),
      suspendOrg: (orgId: string, body: BodyOf<'masterSuspendOrg'>, options?: CallOptions) =>
        send<ReplyOf<'masterSuspendOrg'>>('POST', org(orgId, 'suspend'), { ...options, body }),
      reactivateOrg: (orgId: string, body: BodyOf<'masterReactivateOrg'>, options?: CallOptions) =>
        send<ReplyOf<'masterReactivateOrg'>>('POST', org(orgId, 'reactivate'), { ...options, body }),
      forceRotate: (orgId: string, body: BodyOf<'masterForceRotate'>, options?: CallOptions) =>
        send<ReplyOf<'masterForceRotate'>>('POST', org(orgId, 'force-rotate'), { ...options, body }),
      forceRevoke: (orgId: string, body: BodyOf<'masterForceRevoke'>, options?: CallOptions) =>
        send<ReplyOf<'masterForceRevoke'>>('POST', org(orgId, 'force-revoke'), { ...options, body }),
      suspendBilling: (orgId: string, body: BodyOf<'masterSuspendBilling'>, options?: CallOptions) =>
        send<ReplyOf<'masterSuspendBilling'>>('POST', billing(orgId, 'suspend'), { ...options, body }),
      rotateBilling: (orgId: string, body: BodyOf<'masterRotateBilling'>, options?: CallOptions) =>
        send<ReplyOf<'masterRotateBilling'>>('POST', billing(orgId, 'rotate'), { ...options, body }),
      usage: (orgId: string, options?: CallOptions) =>
        send<ReplyOf<'masterReadUsage'>>('GET', org(orgId, 'usage'), options),
      /** With a key one's own chain; with the operator's secret any. */
      verifyChain: (query: QueryOf<'verifyAnyChain'> = {}, options?: CallOptions) =>
        send<ReplyOf<'verifyAnyChain'>>('GET', '/v1/admin/audit/verify-chain', { ...options, query }),
    },
    webhooks: {
      /** The secret that signs what is sent is shown once. */
      register: (body: BodyOf<'registerWebhook'>, options?: CallOptions) =>
        send<ReplyOf<'registerWebhook'>>('POST', '/v1/admin/webhook/register', { ...options, body }),
      list: (options?: CallOptions) =>
        send<ReplyOf<'listRegisteredWebhooks'>>('GET', '/v1/admin/webhook/list', options),
      delete: (id: string, options?: CallOptions) =>
        send<ReplyOf<'deleteRegisteredWebhook'>>(
          'DELETE',
          `/v1/admin/webhook/${encodeURIComponent(id)}`,
          options,
        ),
    },
    audit: {
      list: (query: QueryOf<'oversightAuditLog'> = {}, options?: CallOptions) =>
        send<ReplyOf<'oversightAuditLog'>>('GET', '/v1/admin/audit-log', { ...options, query }),
      /** With a limit so many events, signed; without one the whole chain, for the verifier. */
      export: (query: QueryOf<'oversightAuditExport'> = {}, options?: CallOptions) =>
        send<Blob>('GET', '/v1/admin/audit-log/export', { ...options, query, as: 'blob' }),
      /** The program that verifies the chain offline. */
      verifier: (options?: CallOptions) =>
        send<Blob>('GET', '/v1/admin/audit-log/verify-audit.mjs', { ...options, as: 'blob' }),
      verify: (query: QueryOf<'verifyOversightChain'> = {}, options?: CallOptions) =>
        send<ReplyOf<'verifyOversightChain'>>('GET', '/v1/audit/chain/verify', { ...options, query }),
      /** Puts an event of your own, or its hash, into the chain. */
      append: (body: BodyOf<'appendOversightAudit'>, options?: CallOptions) =>
        send<ReplyOf<'appendOversightAudit'>>('POST', '/v1/audit/append', { ...options, body }),
      /** With all that it takes to check it offline; of a batch, for the item that is named. */
      receipt: (receiptId: string, query: QueryOf<'getAuditReceipt'> = {}, options?: CallOptions) =>
        send<ReplyOf<'getAuditReceipt'>>('GET', `/v1/audit/receipts/${encodeURIComponent(receiptId)}`, {
          ...options,
          query,
        }),
    },
    /** Opens a session in which the server sees a person look and decide. */
    openTelemetry: (body: BodyOf<'openTelemetrySession'>, options?: CallOptions) =>
      send<ReplyOf<'openTelemetrySession'>>('POST', '/v1/telemetry/session/open', { ...options, body }),
    /** Reports that something was looked at, or that the person decided. */
    recordTelemetryEvent: (body: BodyOf<'recordTelemetryEvent'>, options?: CallOptions) =>
      send<ReplyOf<'recordTelemetryEvent'>>('POST', '/v1/telemetry/event', { ...options, body }),
    /** Says that an AI was called, so that a call which nobody decided about shows. */
    observeAiCall: (body: BodyOf<'observeAiCall'>, options?: CallOptions) =>
      send<ReplyOf<'observeAiCall'>>('POST', '/v1/telemetry/ai-call-observed', { ...options, body }),
    /** Asks for the bytes of one decision, for its operator to sign. */
    challenge: (body: BodyOf<'challengeDecision'>, options?: CallOptions) =>
      send<ReplyOf<'challengeDecision'>>('POST', '/v1/attest/challenge', { ...options, body }),
    ...oversightViewsApi(send, '/v1'),
    ...coverageApi(send, '/v1'),
    people: peopleApi(send, '/v1'),
    /** With the token of a link as the client's `accessToken`. */
    ownRecord: ownRecordApi(transport, '/v1/own-record'),
    /** For people who are signed in. */
    members: {
      ...oversightViewsApi(transport, '/dashboard/oversight'),
      ...coverageApi(transport, '/dashboard/oversight'),
      people: peopleApi(transport, '/dashboard/oversight'),
      ownRecord: ownRecordApi(transport, '/dashboard/oversight/own-record'),
      /** Says whose account an operator's is; null: nobody's. */
      tie: (operatorId: string, userId: string | null, options?: CallOptions) =>
        transport<ReplyOf<'tieMember'>>(
          'PUT',
          `/dashboard/oversight/operator/${encodeURIComponent(operatorId)}/member`,
          { ...options, body: { user_id: userId } },
        ),
    },
  }
}

/**
 * Decisions that are scored and routed, and people who look at those that wait. A key asks under `/v1`; whoever is signed in
 * asks under `/dashboard/oversight`, and reviews as themselves.
 */
function decisionCalls(send: Transport, sendAsMember: Transport) {
  const part = encodeURIComponent
  const calls = (ask: Transport, root: string) => ({
    get: (id: string, options?: CallOptions) =>
      ask<ReplyOf<'getDecision'>>('GET', `${root}/decision/${part(id)}`, options),
    /** What waits for a reviewer, soonest expiry first. */
    queue: (query: QueryOf<'listDecisionQueue'> = {}, options?: CallOptions) =>
      ask<ReplyOf<'listDecisionQueue'>>('GET', `${root}/decision/queue`, { ...options, query }),
    list: (query: QueryOf<'listDecisions'> = {}, options?: CallOptions) =>
      ask<ReplyOf<'listDecisions'>>('GET', `${root}/decisions`, { ...options, query }),
    /** Claims, hands on, approves, changes, rejects, escalates or overrides. */
    review: (id: string, body: BodyOf<'reviewDecision'>, options?: CallOptions) =>
      ask<ReplyOf<'reviewDecision'>>('POST', `${root}/decision/${part(id)}/reviewer-action`, {
        ...options,
        body,
      }),
    /** Computes a decision again from what is stored, and compares. */
    replay: (id: string, options?: CallOptions) =>
      ask<ReplyOf<'replayDecision'>>('GET', `${root}/decision/replay/${part(id)}`, options),
    /** The decision as one signed document. */
    receipt: (id: string, options?: CallOptions) =>
      ask<ReplyOf<'getOversightReceipt'>>('GET', `${root}/decisions/${part(id)}/receipt`, options),
    policy: (options?: CallOptions) =>
      ask<ReplyOf<'getDecisionPolicy'>>('GET', `${root}/decision/policy`, options),
    setPolicy: (body: BodyOf<'setDecisionPolicy'>, options?: CallOptions) =>
      ask<ReplyOf<'setDecisionPolicy'>>('PUT', `${root}/decision/policy`, { ...options, body }),
  })
  return {
    /** Proceed on `routing_decision: 'auto'` alone: whatever else comes of this call is a block. */
    score: (body: BodyOf<'scoreDecision'>, options?: CallOptions) =>
      send<ReplyOf<'scoreDecision'>>('POST', '/v1/decision/score', { ...options, body }),
    /** Waits up to `wait_s` seconds for the resolution, with the token that the score gave. */
    resume: (body: BodyOf<'resumeDecision'>, options?: CallOptions) =>
      send<ReplyOf<'resumeDecision'>>('POST', '/v1/decision/resume', { ...options, body }),
    ...calls(send, '/v1'),
    /** For people who are signed in. */
    byHand: calls(sendAsMember, '/dashboard/oversight'),
  }
}
