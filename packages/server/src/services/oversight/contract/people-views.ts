import { defineEndpoint, instant, readsTool, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { pageLimit } from '../../../service/shapes.ts'
import { domains } from '../domain/interaction.ts'
import { bands } from '../domain/score.ts'
import { roleClasses } from '../domain/settings.ts'
import { trends } from '../domain/standing.ts'
import { band, compliance, decayProjection, dimensionName, envelope, maintenance, time } from './blocks.ts'
import { exercise } from './exercises.ts'
import { domain, operatorId } from './fields.ts'
import { storedInteraction } from './scoring.ts'

const tag = 'views'
const readsOperators = { kind: 'key', scope: 'operators:read' } as const

const byOperator = z.strictObject({ operator_id: operatorId })
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` })

export const recommendPractice = defineEndpoint({
  method: 'POST',
  path: '/v1/maintenance/recommend',
  id: 'recommendPractice',
  summary: 'Recommend exercises for an operator; nothing happens automatically',
  tag,
  access: readsOperators,
  body: z.strictObject({ operator_id: operatorId, domain: domain.nullish() }),
  tool: { name: 'recommend_practice', annotations: readsTool },
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      operator_id: z.string(),
      recommendation: maintenance.extend({
        operator_id: z.string(),
        current_jis: z.number(),
        trend: z.enum(trends),
        domain: z.enum(domains),
        compliance,
        decay_projection: decayProjection,
        frequency_ratio: z.number(),
        summary: z.string(),
        focus_dimensions: z.array(dimensionName),
        /** Present only if something is recommended. */
        exercises: z
          .array(
            z.strictObject({
              type: z.string(),
              frequency: z.string(),
              description: z.string(),
              duration_minutes: z.int(),
            }),
          )
          .optional(),
      }),
      exercises: z.array(exercise),
    }),
  },
  problems: ['NOT_FOUND', 'INSUFFICIENT_DATA', 'OPERATOR_ID_INVALID'],
  example: { body: { operator_id: 'analyst-42', domain: 'financial' } },
})

const days = z
  .string()
  .regex(/^\d{1,3}$/, 'must be a whole number between 7 and 365')
  .meta({ type: 'integer', minimum: 7, maximum: 365 })
  .transform(Number)
  .refine((value) => value >= 7 && value <= 365, 'must be a whole number between 7 and 365')
  .default(90)

export const getSparkline = defineEndpoint({
  method: 'GET',
  path: '/v1/operator/{operator_id}/sparkline',
  id: 'getOperatorSparkline',
  summary: 'Read the published score of each day; null on days when it was withheld',
  tag,
  access: readsOperators,
  params: byOperator,
  query: z.strictObject({ domain: domain.optional(), days }),
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      operator_id: z.string(),
      domain: z.enum(domains),
      points: z.array(z.strictObject({ day: z.string(), jis: z.number().nullable() })),
    }),
  },
  problems: ['NOT_FOUND', 'OPERATOR_ID_INVALID'],
})

const interactionQuery = z.strictObject({
  since: instant.optional(),
  until: instant.optional(),
  limit: pageLimit(100, 50),
  cursor: text(1, 500).optional(),
})

export type InteractionQuery = z.output<typeof interactionQuery>

export const listInteractions = defineEndpoint({
  method: 'GET',
  path: '/v1/operator/{operator_id}/interactions',
  id: 'listOperatorInteractions',
  summary:
    'List the received interactions of an operator, newest first; `since` is inclusive, `until` exclusive',
  tag,
  access: readsOperators,
  params: byOperator,
  query: interactionQuery,
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      interactions: z.array(storedInteraction),
      next_cursor: z.string().nullable(),
    }),
  },
  problems: ['NOT_FOUND', 'OPERATOR_ID_INVALID'],
})

const operator = z
  .strictObject({
    operator_id: z.string(),
    role_class: z.enum(roleClasses),
    notice_given_at: time.nullable(),
    notice_version: z.string().nullable(),
    first_seen: time,
    last_seen: time,
  })
  .meta({ id: 'Operator' })

const operatorChange = z
  .strictObject({
    role_class: oneOf(roleClasses).optional(),
    notice_given_at: instant.nullable().optional(),
    notice_version: text(1, 64).nullable().optional(),
  })
  .refine((body) => Object.values(body).some((value) => value !== undefined), 'must name at least one field')

export type OperatorChange = z.output<typeof operatorChange>

export const changeOperator = defineEndpoint({
  method: 'PATCH',
  path: '/v1/operator/{operator_id}',
  id: 'changeOperator',
  summary:
    'Set the stakes of an operator’s decisions, and the date when the operator was informed about the recording',
  tag,
  access: { kind: 'key', scope: 'operators:write' },
  params: byOperator,
  body: operatorChange,
  reply: { status: 200, schema: z.strictObject({ ...envelope, operator }) },
  problems: ['NOT_FOUND', 'OPERATOR_ID_INVALID'],
  example: {
    body: { role_class: 'critical', notice_given_at: '2026-06-01T09:00:00.000Z', notice_version: '2' },
  },
})

const operatorPage = z.strictObject({
  band: oneOf(bands).optional(),
  role_class: oneOf(roleClasses).optional(),
  has_alert: oneOf(['true', 'false'] as const).optional(),
  limit: pageLimit(100, 50),
  cursor: text(1, 500).optional(),
})

export type OperatorPage = z.output<typeof operatorPage>

export const listOperators = defineEndpoint({
  method: 'GET',
  path: '/v1/organization/operators',
  id: 'listOperators',
  summary: 'List all operators with recorded decisions, by last activity; nobody is ranked',
  tag,
  access: readsOperators,
  query: operatorPage,
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      operators: z.array(
        operator.extend({
          alerts_open: z.int(),
          domains: z.array(
            z.strictObject({
              domain: z.enum(domains),
              interactions: z.int(),
              displayed_jis: z.number().nullable(),
              jis_interval: z.tuple([z.number(), z.number()]).nullable(),
              band: band.nullable(),
              withheld: z.boolean(),
            }),
          ),
        }),
      ),
      next_cursor: z.string().nullable(),
    }),
  },
  problems: [],
})
