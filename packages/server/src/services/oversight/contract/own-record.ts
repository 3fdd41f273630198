import { defineEndpoint, displayName, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { memberDoors } from '../../../service/member-doors.ts'
import { creationOptions, registration } from '../../../service/passkeys.ts'
import { pageLimit } from '../../../service/shapes.ts'
import { oversightPolicy } from '../policy.ts'
import { envelope, time } from './blocks.ts'
import { contest, contestReasons } from './contests.ts'
import { domain, hash, optional, sessionId } from './fields.ts'
import { profileView } from './profile-views.ts'
import { storedInteraction } from './scoring.ts'
import { profileReply, window } from './views.ts'

const tag = 'own record'
const access = { kind: 'link' } as const

const authenticator = z.strictObject({
  credential_id: z.string(),
  name: z.string(),
  rp_id: z.string(),
  enrolled_by: z.enum(['link', 'member']),
  enrolled_at: time,
  last_used_at: time.nullable(),
})

export const ownRecordReply = z.strictObject({
  ...envelope,
  operator_id: z.string(),
  organization: z.strictObject({ org_id: z.string(), name: z.string() }),
  role_class: z.string(),
  first_seen: time.nullable(),
  last_seen: time.nullable(),
  notice_given_at: time.nullable(),
  notice_version: z.string().nullable(),
  /** What the organisation sees of the operator, for each domain with decisions. */
  profiles: z.array(profileReply.omit({ request_id: true, timestamp: true })),
  minimum: z.strictObject({
    interactions: z.int(),
    days: z.int(),
    interactions_by_days: z.int(),
  }),
  /** Who viewed the figures, newest first; at most one entry per viewer and day. */
  views: z.array(profileView),
  contests: z.array(contest),
  authenticators: z.array(authenticator),
  /** When this access link expires; null for a member's own session. */
  expires_at: time.nullable(),
})

export type OwnRecordReply = z.input<typeof ownRecordReply>

export const getOwnRecord = defineEndpoint({
  method: 'GET',
  path: '/v1/own-record',
  id: 'getOwnRecord',
  summary: 'Read your own record: every figure that the organisation can see, and who has viewed it',
  tag,
  access,
  query: z.strictObject({ window: window.default('90') }),
  reply: { status: 200, schema: ownRecordReply },
  problems: ['NOT_FOUND'],
})

const effect = z.strictObject({
  kind: z.enum(['score', 'commit', 'outcome', 'exclude', 'correct']),
  at: time,
  /** The published score before and after; null if it was withheld. */
  jis_before: z.number().nullable(),
  jis_after: z.number().nullable(),
})

export const ownInteraction = z.strictObject({ ...storedInteraction.shape, effects: z.array(effect) })

export type OwnInteraction = z.input<typeof ownInteraction>

const pageMax = 100

export const listOwnInteractions = defineEndpoint({
  method: 'GET',
  path: '/v1/own-record/interactions',
  id: 'listOwnInteractions',
  summary: 'List your own decisions as they are counted, with the effect of each on the score',
  tag,
  access,
  query: z.strictObject({
    domain: domain.optional(),
    limit: pageLimit(pageMax, 20),
    cursor: text(1, 500).optional(),
  }),
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      interactions: z.array(ownInteraction),
      next_cursor: z.string().nullable(),
    }),
  },
  problems: ['NOT_FOUND'],
})

export const contestBody = z
  .strictObject({
    session_id: optional(sessionId),
    interaction_id: optional(
      z.string().regex(/^int_[0-9A-HJKMNP-TV-Z]{26}$/, 'must be the id of an interaction, such as int_…'),
    ),
    reason: z.enum(contestReasons, { error: `must be one of ${contestReasons.join(', ')}` }),
    statement: text(0, oversightPolicy.contest.statementMax).default(''),
  })
  .refine((body) => (body.session_id === null) !== (body.interaction_id === null), {
    path: ['interaction_id'],
    message: 'or session_id must be given, one of the two',
  })

export type ContestBody = z.output<typeof contestBody>

export const openContest = defineEndpoint({
  method: 'POST',
  path: '/v1/own-record/contests',
  id: 'openContest',
  summary: 'Object to the record of one of your own decisions',
  tag,
  access,
  body: contestBody,
  example: {
    body: {
      session_id: 'sess-001',
      reason: 'wrong_outcome',
      statement: 'The case was reopened and my decision turned out right.',
    },
  },
  reply: { status: 201, schema: z.strictObject({ ...envelope, contest }) },
  problems: ['VALIDATION_FAILED', 'NOT_FOUND', 'CONTEST_OPEN'],
})

export const exportOwnRecord = defineEndpoint({
  method: 'POST',
  path: '/v1/own-record/export',
  id: 'exportOwnRecord',
  summary: 'Export all data stored about you as NDJSON',
  tag,
  access,
  body: z.strictObject({}),
  reply: { status: 200, mediaType: 'application/x-ndjson' },
  problems: ['NOT_FOUND'],
})

export const attestBody = z.strictObject({
  canonical_hash: hash,
  nonce: z.string().min(1).max(256),
})

export const attestOwnDecision = defineEndpoint({
  method: 'POST',
  path: '/v1/own-record/attest',
  id: 'attestOwnDecision',
  summary: 'Confirm a decision as your own; the proof can be used once and expires after five minutes',
  tag,
  access,
  body: attestBody,
  example: {
    body: {
      canonical_hash: 'dcff9231563abeb84aa4644838d7dfbfce6da1e0dc3ce93f595cd7e057b5d2a0',
      nonce: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    },
  },
  reply: {
    status: 201,
    schema: z.strictObject({ ...envelope, proof: z.string(), expires_at_ms: z.int() }),
  },
  revealsSecret: true,
  secretMembers: ['proof'],
  problems: ['VALIDATION_FAILED', 'NOT_FOUND'],
})

export const enrolmentOptions = defineEndpoint({
  method: 'POST',
  path: '/v1/own-record/authenticators/options',
  id: 'beginEnrolment',
  summary: 'Get the WebAuthn options for creating a passkey that signs your own decisions',
  tag,
  access,
  body: z.strictObject({
    /** This server's relying-party id or one of the organisation's `attest_rp_ids`; this server's if absent. */
    rp_id: optional(text(1, 253)),
  }),
  example: { body: {} },
  reply: { status: 200, schema: z.strictObject({ ...envelope, options: creationOptions }) },
  problems: ['VALIDATION_FAILED', 'NOT_FOUND', 'PASSKEYS_UNAVAILABLE', 'AUTHENTICATOR_LIMIT_REACHED'],
})

export const enrolAuthenticator = defineEndpoint({
  method: 'POST',
  path: '/v1/own-record/authenticators',
  id: 'enrolAuthenticator',
  summary: 'Register a passkey for signing your own decisions',
  tag,
  access,
  body: z.strictObject({ name: displayName(100), registration }),
  reply: { status: 201, schema: z.strictObject({ ...envelope, authenticator }) },
  problems: ['VALIDATION_FAILED', 'NOT_FOUND', 'PROOF_REFUSED', 'AUTHENTICATOR_LIMIT_REACHED'],
})

export const listAuthenticators = defineEndpoint({
  method: 'GET',
  path: '/v1/own-record/authenticators',
  id: 'listAuthenticators',
  summary: 'List your passkeys for signing decisions',
  tag,
  access,
  reply: {
    status: 200,
    schema: z.strictObject({ ...envelope, authenticators: z.array(authenticator) }),
  },
  problems: ['NOT_FOUND'],
})

export const removeAuthenticator = defineEndpoint({
  method: 'DELETE',
  path: '/v1/own-record/authenticators/{credential_id}',
  id: 'removeAuthenticator',
  summary: 'Remove one of your passkeys; existing signatures stay valid',
  tag,
  access,
  params: z.strictObject({ credential_id: text(1, 1_400) }),
  reply: { status: 200, schema: z.strictObject({ ...envelope, removed: z.literal(true) }) },
  problems: ['NOT_FOUND'],
})

const own = [
  getOwnRecord,
  listOwnInteractions,
  openContest,
  exportOwnRecord,
  attestOwnDecision,
  enrolmentOptions,
  enrolAuthenticator,
  listAuthenticators,
  removeAuthenticator,
] as const

/** For holders of an access link, and for members of any role whose account is tied to the operator. */
export const ownRecordEndpoints = [...own, ...memberDoors('oversight', { role: 'viewer' }, ...own)] as const
