import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { domains } from '../domain/interaction.ts'
import { outcomes } from '../domain/preview-policy.ts'
import { oversightPolicy } from '../policy.ts'
import { envelope, time } from './blocks.ts'
import { route } from './decision-blocks.ts'
import { policyBody } from './decision-policy.ts'

const { decisionsMax, differingMax } = oversightPolicy.decisions.preview

const perRoute = z.strictObject({
  auto: z.int(),
  async_review: z.int(),
  must_review: z.int(),
  policy_blocked: z.int(),
})

const ruled = z.strictObject({ route, outcome: z.enum(outcomes) })

const tally = z.strictObject({
  routes: perRoute,
  /**
   * What became of them: `released` and `blocked` at once, `decided` by a person in time, `expired_released` and
   * `expired_blocked` by the fallback, `open` if that cannot be known. People are taken to decide when they did.
   */
  outcomes: z.strictObject({
    released: z.int(),
    blocked: z.int(),
    decided: z.int(),
    expired_released: z.int(),
    expired_blocked: z.int(),
    open: z.int(),
  }),
  /** How many wait for a person. */
  waiting: z.int(),
  /** Null if the decisions span less than a day. */
  waiting_per_day: z.number().nullable(),
  /** Those that wait, by the pool that may review them; null: anyone may. Most first. */
  pools: z.array(z.strictObject({ pool: z.string().nullable(), waiting: z.int() })),
})

const policyPreview = z.strictObject({
  ...envelope,
  /** The version in force, which the change is compared with. */
  policy_version: z.int(),
  policy_version_id: z.string(),
  /** The number of decisions read: the newest ones. */
  decisions: z.int(),
  decisions_max: z.int(),
  /** When the oldest and the newest of them came; null if there is none. */
  since: time.nullable(),
  until: time.nullable(),
  judged: z.int(),
  not_judged: z.strictObject({
    count: z.int(),
    /** The inputs were erased with the person, or were never complete. */
    inputs_gone: z.int(),
    /** Scored by a model that this build does not have. */
    model_unknown: z.int(),
  }),
  /** How the decisions were routed when they came. */
  recorded: z.strictObject({ routes: perRoute }),
  in_force: tally,
  changed: tally,
  /** How many decisions the change makes a difference to. `outcome`: on the same route, with another outcome. */
  moved: z.strictObject({ stricter: z.int(), looser: z.int(), outcome: z.int(), same: z.int() }),
  /** The newest decisions that the change makes a difference to. */
  differing: z
    .array(
      z.strictObject({
        ai_decision_log_id: z.string(),
        received_at: time,
        domain: z.enum(domains),
        moved: z.enum(['stricter', 'looser', 'outcome']),
        recorded: route,
        in_force: ruled,
        changed: ruled,
      }),
    )
    .max(differingMax),
})

export type PolicyPreviewReply = z.input<typeof policyPreview>

const none = { auto: 0, async_review: 0, must_review: 0, policy_blocked: 0 }
const noOutcome = {
  released: 0,
  blocked: 0,
  decided: 0,
  expired_released: 0,
  expired_blocked: 0,
  open: 0,
}
const at = '2026-06-30T12:00:00.000Z'

export const previewDecisionPolicy = defineEndpoint({
  method: 'POST',
  path: '/v1/decision/policy/preview',
  id: 'previewDecisionPolicy',
  summary:
    'Preview what a changed routing policy would have done with the newest decisions; nothing is saved',
  description:
    `The newest ${decisionsMax.toLocaleString('en')} decisions are routed again by the policy in force and by the changed one, from what was known ` +
    'when each was scored. Omitted members stay as they are in force. Decisions whose inputs are no longer complete are counted as not judged.',
  tag: 'decisions',
  access: { kind: 'key', scope: 'settings:write' },
  body: policyBody,
  example: {
    body: { routes: { async_review: 0.3, must_review: 0.6 } },
    reply: {
      request_id: 'req_01KW0000000000000000000000',
      timestamp: at,
      policy_version: 1,
      policy_version_id: 'pol_1',
      decisions: 1,
      decisions_max: decisionsMax,
      since: at,
      until: at,
      judged: 1,
      not_judged: { count: 0, inputs_gone: 0, model_unknown: 0 },
      recorded: { routes: { ...none, auto: 1 } },
      in_force: {
        routes: { ...none, auto: 1 },
        outcomes: { ...noOutcome, released: 1 },
        waiting: 0,
        waiting_per_day: null,
        pools: [],
      },
      changed: {
        routes: { ...none, async_review: 1 },
        outcomes: { ...noOutcome, open: 1 },
        waiting: 1,
        waiting_per_day: null,
        pools: [{ pool: null, waiting: 1 }],
      },
      moved: { stricter: 1, looser: 0, outcome: 0, same: 0 },
      differing: [
        {
          ai_decision_log_id: 'dec_01KW0000000000000000000000',
          received_at: at,
          domain: 'housing',
          moved: 'stricter',
          recorded: 'auto',
          in_force: { route: 'auto', outcome: 'released' },
          changed: { route: 'async_review', outcome: 'open' },
        },
      ],
    },
  },
  reply: { status: 200, schema: policyPreview },
  problems: ['VALIDATION_FAILED', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE'],
})
