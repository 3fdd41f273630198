import { defineEndpoint, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { domains } from '../domain/interaction.ts'
import { triggerFacts, triggerOps } from '../domain/triggers.ts'
import { oversightPolicy } from '../policy.ts'
import { envelope, time } from './blocks.ts'
import { pool } from './decision-bodies.ts'
import { operatorId, optional, share } from './fields.ts'

const tag = 'decisions'
const access = { kind: 'key', scope: 'settings:write' } as const
const figures = oversightPolicy.decisions

const thresholds = z
  .strictObject({ async_review: share, must_review: share })
  .refine(
    ({ async_review: low, must_review: high }) => low <= high,
    'must have async_review no higher than must_review',
  )

const factValue = z.union(
  [
    z.string().min(1).max(256).refine(isStorable, 'must not contain U+0000 or half a character'),
    z.number(),
    z.boolean(),
  ],
  { error: 'must be a text, a number or a boolean' },
)

const condition = z
  .strictObject({
    fact: z.enum(triggerFacts, { error: `must be one of ${triggerFacts.join(', ')}` }),
    op: z.enum(triggerOps, { error: `must be one of ${triggerOps.join(', ')}` }),
    value: optional(z.union([factValue, z.array(factValue).min(1).max(50)])),
  })
  .superRefine(({ op, value }, context) => {
    const refuse = (message: string): void => context.addIssue({ code: 'custom', path: ['value'], message })
    if (op === 'is_unknown' && value !== null) refuse('goes with every op but is_unknown')
    if (op === 'in' && !Array.isArray(value)) refuse('must be a list for the op in')
    if ((op === 'eq' || op === 'ne') && (value === null || Array.isArray(value)))
      refuse(`must be one value for the op ${op}`)
    if (/^[lg]te?$/.test(op) && typeof value !== 'number') refuse(`must be a number for the op ${op}`)
  })

const triggerId = z
  .string()
  .regex(/^[a-z0-9_.-]{1,64}$/, 'must be 1 to 64 lower-case letters, digits or any of _ . -')
  .refine((id) => id !== 'engine_error', 'must not be engine_error, which stands for a failure')

const trigger = z.strictObject({
  id: triggerId,
  enabled: z.boolean(),
  minimum_route: z.enum(['async_review', 'must_review', 'policy_blocked'], {
    error: 'must be one of async_review, must_review, policy_blocked',
  }),
  when: z
    .array(condition)
    .min(1, `must hold 1 to ${figures.conditionsMax} conditions`)
    .max(figures.conditionsMax, `must hold 1 to ${figures.conditionsMax} conditions`),
})

const triggers = z
  .array(trigger)
  .max(figures.triggersMax, `must hold at most ${figures.triggersMax} triggers`)
  .superRefine((list, context) => {
    const seen = new Set<string>()
    for (const [at, { id }] of list.entries()) {
      if (seen.has(id)) context.addIssue({ code: 'custom', path: [at, 'id'], message: 'must be its own' })
      seen.add(id)
    }
  })

const pools = z
  .record(
    pool,
    z
      .array(operatorId)
      .max(figures.poolReviewersMax, `must hold at most ${figures.poolReviewersMax} reviewers`),
  )
  .refine(
    (given) => Object.keys(given).length <= figures.poolsMax,
    `must hold at most ${figures.poolsMax} pools`,
  )

const assignee = z.discriminatedUnion(
  'rule',
  [
    z.strictObject({ rule: z.literal('none') }),
    z.strictObject({ rule: z.literal('person'), reviewer_id: operatorId }),
    z.strictObject({ rule: z.literal('fewest_open'), pool }),
  ],
  { error: 'must have a rule, one of none, person, fewest_open' },
)

const { min, max } = figures.expirySeconds
const seconds = wholeNumber(min, max)

const members = {
  /** The lowest score at which each route applies. */
  routes: thresholds,
  /** Default stakes by domain, used if the caller sends none; domains not listed here have the built-in default. */
  stakes: z.partialRecord(z.enum(domains), share),
  triggers,
  pools,
  assignee,
  expiry: z.strictObject({ async_review_s: seconds, must_review_s: seconds }),
  fallback: z.strictObject({
    async_review: z.enum(['auto', 'policy_blocked'], { error: 'must be one of auto, policy_blocked' }),
  }),
}

export const policyReply = z.strictObject({
  ...envelope,
  version: z.int(),
  policy_version_id: z.string(),
  ...members,
  /** Null if the policy was never changed and the defaults apply. */
  created_at: time.nullable(),
})

export type PolicyReply = z.input<typeof policyReply>

const exampleReply = {
  request_id: 'req_01KW0000000000000000000000',
  timestamp: '2026-06-30T12:00:00.000Z',
  version: 2,
  policy_version_id: 'pol_2',
  routes: { async_review: 0.35, must_review: 0.6 },
  stakes: {},
  triggers: [],
  pools: {},
  assignee: { rule: 'none' },
  expiry: { async_review_s: 86_400, must_review_s: 3_600 },
  fallback: { async_review: 'policy_blocked' },
  created_at: '2026-06-30T12:00:00.000Z',
}

export const getDecisionPolicy = defineEndpoint({
  method: 'GET',
  path: '/v1/decision/policy',
  id: 'getDecisionPolicy',
  summary: 'Read the routing policy of decisions',
  tag,
  access,
  example: { reply: exampleReply },
  reply: { status: 200, schema: policyReply },
  problems: [],
})

export const policyBody = z
  .strictObject({
    routes: optional(members.routes),
    stakes: optional(members.stakes),
    triggers: optional(members.triggers),
    pools: optional(members.pools),
    assignee: optional(members.assignee),
    expiry: optional(members.expiry),
    fallback: optional(members.fallback),
  })
  .superRefine((body, context) => {
    if (Object.values(body).every((value) => value === null))
      context.addIssue({
        code: 'custom',
        message: `must hold at least one of ${Object.keys(members).join(', ')}`,
      })
  })

export type PolicyBody = z.output<typeof policyBody>

export const setDecisionPolicy = defineEndpoint({
  method: 'PUT',
  path: '/v1/decision/policy',
  id: 'setDecisionPolicy',
  summary: 'Change the routing policy of decisions; it applies to new decisions only',
  description:
    'Omitted members stay unchanged. Send `If-Match` with the ETag of the version that you read: the change is then refused if the policy was changed in the meantime.',
  tag,
  access,
  body: policyBody,
  example: { body: { expiry: { async_review_s: 86_400, must_review_s: 3_600 } }, reply: exampleReply },
  reply: { status: 200, schema: policyReply },
  problems: ['VALIDATION_FAILED', 'VERSION_MISMATCH'],
})

function isStorable(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0')
}
