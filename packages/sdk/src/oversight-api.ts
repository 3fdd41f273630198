import { coverageApi } from './coverage-api.ts'
import { gateApi } from './gate.ts'
import { oversightViewsApi } from './oversight-views-api.ts'
import { ownRecordApi } from './own-record-api.ts'
import { peopleApi } from './people-api.ts'
import type { BodyOf, QueryOf, ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

export type OversightApi = ReturnType<typeof oversightApi>

/**
 * Recording and scoring of human decisions with AI advice, for example `client.oversight.score(…)`. Needs an API key
 * of the oversight service.
 */
export function oversightApi(transport: Transport) {
  const send: Transport = (method, path, call) => transport(method, path, { ...call, keyHeader: 'x-api-key' })
  const session = (id: string, ...rest: readonly string[]): string =>
    ['/v1/score', encodeURIComponent(id), ...rest].join('/')
  const org = (id: string, deed: string): string => `/v1/admin/org/${encodeURIComponent(id)}/${deed}`
  const billing = (id: string, deed: string): string =>
    `/v1/admin/billing/org/${encodeURIComponent(id)}/${deed}`
  return {
    ...gateApi(send),
    /** Records one decision and returns the operator's current standing. */
    score: (
      body: BodyOf<'scoreInteraction'>,
      query: QueryOf<'scoreInteraction'> = {},
      options?: CallOptions,
    ) => send<ReplyOf<'scoreInteraction'>>('POST', '/v1/score', { ...options, query, body }),
    /** Records up to 100 decisions of one operator in one transaction: all or none. */
    scoreBatch: (body: BodyOf<'scoreBatch'>, options?: CallOptions) =>
      send<ReplyOf<'scoreBatch'>>('POST', '/v1/score/batch', { ...options, body }),
    /** Records the final decision. `id` is the id of a session or of an interaction. */
    commit: (id: string, body: BodyOf<'commitScore'>, options?: CallOptions) =>
      send<ReplyOf<'commitScore'>>('POST', session(id, 'commit'), { ...options, body }),
    /** Reports the outcome of a decision. */
    reportOutcome: (id: string, body: BodyOf<'reportOutcome'>, options?: CallOptions) =>
      send<ReplyOf<'reportOutcome'>>('POST', session(id, 'outcome'), { ...options, body }),
    get: (id: string, options?: CallOptions) => send<ReplyOf<'getScore'>>('GET', session(id), options),
    /** Recomputes a score from the stored inputs and compares it with the recorded one. */
    replay: (id: string, options?: CallOptions) =>
      send<ReplyOf<'replayScore'>>('GET', session(id, 'replay'), options),
    decisions: decisionCalls(send, transport),
    /** Replaces the API key of this client. The new key is returned once; the old one is refused from then on. */
    rotateKey: (options?: CallOptions) =>
      send<ReplyOf<'rotateOwnKey'>>('POST', '/v1/admin/key/rotate', { ...options, body: {} }),
    /** Revokes the API key of this client. */
    revokeKey: (options?: CallOptions) =>
      send<ReplyOf<'revokeOwnKey'>>('POST', '/v1/admin/key/revoke', { ...options, body: {} }),
    /** Describes this API and lists its endpoints. */
    about: (options?: CallOptions) => send<ReplyOf<'readOversight'>>('GET', '/v1', options),
    /**
     * For the operator's own automation. Each call takes its own operator's secret in place of an API key, and an
     * `idempotencyKey`.
     */
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
      /**
       * With an API key, verifies the organisation's own chain; with the operator's secret, the chain of any
       * organisation.
       */
      verifyChain: (query: QueryOf<'verifyAnyChain'> = {}, options?: CallOptions) =>
        send<ReplyOf<'verifyAnyChain'>>('GET', '/v1/admin/audit/verify-chain', { ...options, query }),
    },
    webhooks: {
      /** The reply contains the signing secret, which is shown only once. */
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
      /**
       * With a limit: that many events, as a signed document. Without one: the whole chain, in the form that the
       * verifier reads.
       */
      export: (query: QueryOf<'oversightAuditExport'> = {}, options?: CallOptions) =>
        send<Blob>('GET', '/v1/admin/audit-log/export', { ...options, query, as: 'blob' }),
      /** A Node.js program that verifies the chain offline. */
      verifier: (options?: CallOptions) =>
        send<Blob>('GET', '/v1/admin/audit-log/verify-audit.mjs', { ...options, as: 'blob' }),
      verify: (query: QueryOf<'verifyOversightChain'> = {}, options?: CallOptions) =>
        send<ReplyOf<'verifyOversightChain'>>('GET', '/v1/audit/chain/verify', { ...options, query }),
      /** Appends an event of your own, or its hash, to the chain. */
      append: (body: BodyOf<'appendOversightAudit'>, options?: CallOptions) =>
        send<ReplyOf<'appendOversightAudit'>>('POST', '/v1/audit/append', { ...options, body }),
      /**
       * A receipt with everything needed to verify it offline. For a receipt of a batch, name the item in the query.
       */
      receipt: (receiptId: string, query: QueryOf<'getAuditReceipt'> = {}, options?: CallOptions) =>
        send<ReplyOf<'getAuditReceipt'>>('GET', `/v1/audit/receipts/${encodeURIComponent(receiptId)}`, {
          ...options,
          query,
        }),
    },
    /** Opens a telemetry session, in which the server itself observes how a person reviews and decides. */
    openTelemetry: (body: BodyOf<'openTelemetrySession'>, options?: CallOptions) =>
      send<ReplyOf<'openTelemetrySession'>>('POST', '/v1/telemetry/session/open', { ...options, body }),
    /** Records that the person viewed something, or decided. */
    recordTelemetryEvent: (body: BodyOf<'recordTelemetryEvent'>, options?: CallOptions) =>
      send<ReplyOf<'recordTelemetryEvent'>>('POST', '/v1/telemetry/event', { ...options, body }),
    /** Records that an AI was called, so that calls without a recorded human decision become visible. */
    observeAiCall: (body: BodyOf<'observeAiCall'>, options?: CallOptions) =>
      send<ReplyOf<'observeAiCall'>>('POST', '/v1/telemetry/ai-call-observed', { ...options, body }),
    /** Returns the bytes of one decision for its operator to sign. */
    challenge: (body: BodyOf<'challengeDecision'>, options?: CallOptions) =>
      send<ReplyOf<'challengeDecision'>>('POST', '/v1/attest/challenge', { ...options, body }),
    ...oversightViewsApi(send, '/v1'),
    ...coverageApi(send, '/v1'),
    people: peopleApi(send, '/v1'),
    /** The operator's own record. Pass the token of an access link as the client's `accessToken`. */
    ownRecord: ownRecordApi(transport, '/v1/own-record'),
    /** For signed-in members; needs an `accessToken`. */
    members: {
      ...oversightViewsApi(transport, '/dashboard/oversight'),
      ...coverageApi(transport, '/dashboard/oversight'),
      people: peopleApi(transport, '/dashboard/oversight'),
      ownRecord: ownRecordApi(transport, '/dashboard/oversight/own-record'),
      /** Ties an operator to a member's account; null unties it. */
      tie: (operatorId: string, userId: string | null, options?: CallOptions) =>
        transport<ReplyOf<'tieMember'>>(
          'PUT',
          `/dashboard/oversight/operator/${encodeURIComponent(operatorId)}/member`,
          { ...options, body: { user_id: userId } },
        ),
      /** The member whose account an operator is tied to. For owners. */
      tiedMember: (operatorId: string, options?: CallOptions) =>
        transport<ReplyOf<'getTiedMember'>>(
          'GET',
          `/dashboard/oversight/operator/${encodeURIComponent(operatorId)}/member`,
          options,
        ),
      /** When an operator was erased; 404 for anybody else. */
      erasure: (operatorId: string, options?: CallOptions) =>
        transport<ReplyOf<'getErasure'>>(
          'GET',
          `/dashboard/oversight/operator/${encodeURIComponent(operatorId)}/erasure`,
          options,
        ),
    },
  }
}

/**
 * Routing of AI decisions and human review of those that are held. API keys use `/v1`; members use
 * `/dashboard/oversight` and review under their own name.
 */
function decisionCalls(send: Transport, sendAsMember: Transport) {
  const part = encodeURIComponent
  const calls = (ask: Transport, root: string) => ({
    get: (id: string, options?: CallOptions) =>
      ask<ReplyOf<'getDecision'>>('GET', `${root}/decision/${part(id)}`, options),
    /** Decisions that wait for a reviewer, soonest expiry first. */
    queue: (query: QueryOf<'listDecisionQueue'> = {}, options?: CallOptions) =>
      ask<ReplyOf<'listDecisionQueue'>>('GET', `${root}/decision/queue`, { ...options, query }),
    list: (query: QueryOf<'listDecisions'> = {}, options?: CallOptions) =>
      ask<ReplyOf<'listDecisions'>>('GET', `${root}/decisions`, { ...options, query }),
    /** Claims, hands over, approves, edits, rejects, escalates or overrides a decision. */
    review: (id: string, body: BodyOf<'reviewDecision'>, options?: CallOptions) =>
      ask<ReplyOf<'reviewDecision'>>('POST', `${root}/decision/${part(id)}/reviewer-action`, {
        ...options,
        body,
      }),
    /** Recomputes a decision from the stored inputs and compares it with the recorded one. */
    replay: (id: string, options?: CallOptions) =>
      ask<ReplyOf<'replayDecision'>>('GET', `${root}/decision/replay/${part(id)}`, options),
    /** A signed document that describes the decision. */
    receipt: (id: string, options?: CallOptions) =>
      ask<ReplyOf<'getOversightReceipt'>>('GET', `${root}/decisions/${part(id)}/receipt`, options),
    policy: (options?: CallOptions) =>
      ask<ReplyOf<'getDecisionPolicy'>>('GET', `${root}/decision/policy`, options),
    setPolicy: (body: BodyOf<'setDecisionPolicy'>, options?: CallOptions) =>
      ask<ReplyOf<'setDecisionPolicy'>>('PUT', `${root}/decision/policy`, { ...options, body }),
    /** What a change would have done with the newest decisions. Nothing is saved. */
    previewPolicy: (body: BodyOf<'previewDecisionPolicy'>, options?: CallOptions) =>
      ask<ReplyOf<'previewDecisionPolicy'>>('POST', `${root}/decision/policy/preview`, { ...options, body }),
  })
  return {
    /** Proceed only on `routing_decision: 'auto'`; treat every other result, including an error, as a block. */
    score: (body: BodyOf<'scoreDecision'>, options?: CallOptions) =>
      send<ReplyOf<'scoreDecision'>>('POST', '/v1/decision/score', { ...options, body }),
    /** Waits up to `wait_s` seconds for the resolution. Takes the resume token that `score` returned. */
    resume: (body: BodyOf<'resumeDecision'>, options?: CallOptions) =>
      send<ReplyOf<'resumeDecision'>>('POST', '/v1/decision/resume', { ...options, body }),
    ...calls(send, '/v1'),
    /** For signed-in members; needs an `accessToken`. */
    byHand: calls(sendAsMember, '/dashboard/oversight'),
  }
}
