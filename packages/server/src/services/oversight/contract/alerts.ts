import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { pageLimit } from '../../../service/shapes.ts'
import { alertKinds, severities } from '../domain/alerts.ts'
import { domains } from '../domain/interaction.ts'
import { envelope, time } from './blocks.ts'

const tag = 'alerts'
const reads = { kind: 'key', scope: 'alerts:read' } as const
const writes = { kind: 'key', scope: 'alerts:write' } as const

const alertStates = ['open', 'acknowledged', 'closed'] as const

const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` })

const alert = z
  .strictObject({
    alert_id: z.string(),
    kind: z.enum(alertKinds),
    severity: z.enum(severities),
    state: z.enum(alertStates),
    title: z.string(),
    summary: z.string(),
    /** Null unless the organisation lets alerts name operators. */
    operator_id: z.string().nullable(),
    domain: z.enum(domains).nullable(),
    /** The data of the alert's event, without operator and domain. */
    data: z.record(z.string(), z.unknown()),
    /** Whether an open contest concerns a decision that the alert rests on. */
    contested: z.boolean(),
    opened_at: time,
    acknowledged_at: time.nullable(),
    acknowledged_by: z.string().nullable(),
    closed_at: time.nullable(),
  })
  .meta({ id: 'OversightAlert' })

export type AlertReply = z.input<typeof alert>

const alertQuery = z.strictObject({
  kind: oneOf(alertKinds).optional(),
  severity: oneOf(severities).optional(),
  state: oneOf(alertStates).optional(),
  limit: pageLimit(100, 50),
  cursor: text(1, 500).optional(),
})

export type AlertQuery = z.output<typeof alertQuery>

export const listAlerts = defineEndpoint({
  method: 'GET',
  path: '/v1/alerts',
  id: 'listOversightAlerts',
  summary: 'List alerts, newest first',
  tag,
  access: reads,
  query: alertQuery,
  reply: {
    status: 200,
    schema: z.strictObject({ ...envelope, alerts: z.array(alert), next_cursor: z.string().nullable() }),
  },
  problems: [],
})

export const acknowledgeAlert = defineEndpoint({
  method: 'POST',
  path: '/v1/alerts/{id}/acknowledge',
  id: 'acknowledgeOversightAlert',
  summary: 'Acknowledge an alert; alerts that are not closed by a measured value are closed by it',
  tag,
  access: writes,
  params: z.strictObject({ id: text(1, 64) }),
  reply: { status: 200, schema: z.strictObject({ ...envelope, alert }) },
  problems: ['NOT_FOUND'],
})
