import { defineEndpoint, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { nothing } from '../../../service/shapes.ts'
import { volatilityPolicy } from '../policy.ts'
import { publicRead } from './access.ts'
import { ms } from './fields.ts'

const tag = 'volatility'
const readsAccount = { kind: 'key', scope: 'account:read' } as const
const { usage } = volatilityPolicy

/** Query values arrive as text. */
function upTo(most: number) {
  return z.coerce.number().meta({ type: 'integer', minimum: 1, maximum: most }).pipe(wholeNumber(1, most))
}

/** The limits of a plan. */
export const limits = z.strictObject({
  requests_per_minute: z.int(),
  backtests_per_minute: z.int(),
  connections: z.int(),
  pairs_per_connection: z.int(),
  subscriptions: z.int(),
  presets: z.int(),
  keys: z.int(),
})

export const getOwnAccount = defineEndpoint({
  method: 'GET',
  path: '/v1/me',
  id: 'getOwnAccount',
  summary: 'Read the organisation, the permissions and the plan limits of the API key',
  tag,
  access: readsAccount,
  reply: {
    status: 200,
    schema: z.strictObject({
      org: z.strictObject({ id: z.string(), name: z.string() }),
      plan: z.string(),
      /** Where the plan comes from. */
      plan_source: z.enum(['operator', 'subscription']),
      key: z.strictObject({
        prefix: z.string(),
        name: z.string(),
        scopes: z.array(z.string()),
        created_at_ms: ms,
        last_used_ms: ms.nullable(),
      }),
      limits,
      usage_now: z.strictObject({ keys: z.int(), calls_last_hour: z.int() }),
    }),
  },
  example: {
    reply: {
      org: { id: '0b8c7a52-6f0e-4c38-9b1e-3d1a0b7f9c11', name: 'Acme' },
      plan: 'pro',
      plan_source: 'subscription',
      key: {
        prefix: 'ak_01234567',
        name: 'bot',
        scopes: ['regime:read', 'account:read'],
        created_at_ms: 1_733_041_680_000,
        last_used_ms: 1_733_045_280_000,
      },
      limits: {
        requests_per_minute: 600,
        backtests_per_minute: 10,
        connections: 5,
        pairs_per_connection: 120,
        subscriptions: 10,
        presets: 5,
        keys: 5,
      },
      usage_now: { keys: 1, calls_last_hour: 42 },
    },
  },
  problems: [],
})

export const rotateVolatilityKey = defineEndpoint({
  method: 'POST',
  path: '/v1/me/rotate-key',
  id: 'rotateVolatilityKey',
  summary:
    'Replace the API key that sends the request; the new key is shown once, and the old key is refused immediately',
  tag,
  access: { kind: 'key', scope: 'account:read', anyKey: true },
  body: nothing,
  reply: {
    status: 200,
    schema: z.strictObject({
      /** Null in a reply that is repeated under an `Idempotency-Key`. */
      api_key: z.string().nullable(),
      key_prefix: z.string(),
      created_at_ms: ms,
      previous_key_prefix: z.string(),
      previous_invalid_since_ms: ms,
    }),
  },
  revealsSecret: true,
  secretMembers: ['api_key'],
  problems: [],
})

const counts = {
  calls: z.int(),
  ok: z.int(),
  client_errors: z.int(),
  rate_limited: z.int(),
  server_errors: z.int(),
}

export const getMyUsage = defineEndpoint({
  method: 'GET',
  path: '/v1/me/usage',
  id: 'getMyUsage',
  summary: 'Count the API calls of the organisation by route and, with `days`, also by day',
  tag,
  access: readsAccount,
  passesOverUnknownQuery: true,
  query: z.object({
    hours: upTo(usage.hoursMax).optional(),
    days: upTo(usage.daysMax).optional(),
  }),
  reply: {
    status: 200,
    schema: z.strictObject({
      hours: z.int(),
      from_ms: ms,
      to_ms: ms,
      ...counts,
      routes: z.array(z.strictObject({ route: z.string(), ...counts })),
      per_day: z.array(z.strictObject({ day_ms: ms, ...counts })).optional(),
    }),
  },
  problems: [],
})

export const getPublicStats = defineEndpoint({
  method: 'GET',
  path: '/v1/public-stats',
  id: 'getPublicStats',
  summary: 'Read public statistics of this instance: processed data and uptime',
  tag,
  access: publicRead,
  passesOverUnknownQuery: true,
  reply: {
    status: 200,
    schema: z.strictObject({
      regime_events: z.int(),
      uptime_observed_pct: z.number().nullable(),
      uptime_window_days: z.number(),
      api_calls_24h: z.int(),
      as_of_ms: ms,
    }),
  },
  problems: [],
})

export const getPublicIncidents = defineEndpoint({
  method: 'GET',
  path: '/v1/public-incidents',
  id: 'getPublicIncidents',
  summary: 'List the outages of this instance, newest first',
  tag,
  access: publicRead,
  passesOverUnknownQuery: true,
  reply: {
    status: 200,
    schema: z.strictObject({
      count: z.int(),
      window_days: z.int(),
      incidents: z.array(z.strictObject({ started_ms: ms, ended_ms: ms.nullable(), minutes: z.int() })),
    }),
  },
  problems: [],
})
