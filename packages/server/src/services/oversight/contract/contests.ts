import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { memberDoors } from '../../../service/member-doors.ts'
import { pageLimit } from '../../../service/shapes.ts'
import { domains } from '../domain/interaction.ts'
import { oversightPolicy } from '../policy.ts'
import { envelope, time } from './blocks.ts'
import { optional } from './fields.ts'

const tag = 'people'
const access = { kind: 'key', scope: 'people:write' } as const

export const contestReasons = ['wrong_outcome', 'not_me', 'wrong_telemetry', 'unfair_case', 'other'] as const

export const contestStates = ['open', 'upheld', 'rejected', 'lapsed'] as const

const remedy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exclude') }),
  z.strictObject({
    kind: z.literal('correct'),
    outcome_correct: z.boolean().nullable(),
    ai_correct: z.boolean().nullable(),
  }),
])

export const contest = z.strictObject({
  contest_id: z.string(),
  operator_id: z.string(),
  domain: z.enum(domains),
  session_id: z.string(),
  interaction_id: z.string(),
  reason: z.enum(contestReasons),
  statement: z.string(),
  /** `lapsed`: nobody decided in time, so the decision was excluded from the counters. */
  state: z.enum(contestStates),
  opened_at: time,
  due_at: time,
  decided_at: time.nullable(),
  remedy: remedy.nullable(),
  /** The comment of whoever decided the contest. */
  answer: z.string().nullable(),
})

export type WireContest = z.input<typeof contest>

export const listContests = defineEndpoint({
  method: 'GET',
  path: '/v1/contests',
  id: 'listContests',
  summary: 'List objections of operators to their recorded decisions, the oldest open one first',
  tag,
  access,
  query: z.strictObject({
    state: z.enum(contestStates, { error: `must be one of ${contestStates.join(', ')}` }).default('open'),
    limit: pageLimit(100, 50),
    cursor: text(1, 500).optional(),
  }),
  reply: {
    status: 200,
    schema: z.strictObject({ ...envelope, contests: z.array(contest), next_cursor: z.string().nullable() }),
  },
  problems: [],
})

const reason = text(1, oversightPolicy.contest.statementMax)

export const contestDecisionBody = z.discriminatedUnion('decision', [
  z
    .strictObject({
      decision: z.literal('upheld'),
      exclude: optional(z.literal(true)),
      correct: optional(
        z
          .strictObject({ outcome_correct: optional(z.boolean()), ai_correct: optional(z.boolean()) })
          .refine((values) => values.outcome_correct !== null || values.ai_correct !== null, {
            message: 'must hold outcome_correct or ai_correct',
          }),
      ),
      reason: optional(reason),
    })
    .refine((body) => (body.exclude === null) !== (body.correct === null), {
      path: ['exclude'],
      message: 'or correct must be given, one of the two',
    }),
  z.strictObject({ decision: z.literal('rejected'), reason }),
])

export type ContestDecisionBody = z.output<typeof contestDecisionBody>

export const decideContest = defineEndpoint({
  method: 'POST',
  path: '/v1/contests/{id}/decision',
  id: 'decideContest',
  summary:
    'Decide an objection: exclude or correct the recorded decision, or reject the objection with a reason',
  description:
    'The sender of the decision and its operator cannot decide the objection. If it is not decided within 30 days, the decision is excluded.',
  tag,
  access,
  params: z.strictObject({ id: text(1, 64) }),
  body: contestDecisionBody,
  example: { body: { decision: 'upheld', exclude: true } },
  reply: { status: 200, schema: z.strictObject({ ...envelope, contest }) },
  problems: ['VALIDATION_FAILED', 'NOT_FOUND', 'CONTEST_DECIDED', 'CONTEST_NOT_YOURS'],
})

const both = [listContests, decideContest] as const

export const contestEndpoints = [...both, ...memberDoors('oversight', { role: 'member' }, ...both)] as const
