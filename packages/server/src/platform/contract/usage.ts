import { day, defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { policy } from '../policy.ts'

export const getUsage = defineEndpoint({
  method: 'GET',
  path: '/dashboard/usage',
  id: 'getUsage',
  summary: 'Count the API calls of the organisation by day, route and status class',
  description: `Days are UTC days, both ends inclusive: at most ${policy.usageDaysMax}, by default the last ${policy.usageDaysDefault}. \`perDay\` has the same order as \`days\`. A call is counted about one second after it was made. Requests of user sessions, such as those of the dashboard, are not counted.`,
  tag: 'usage',
  access: { kind: 'session', role: 'viewer' },
  query: z.strictObject({ from: day.optional(), to: day.optional() }),
  reply: {
    status: 200,
    schema: z
      .strictObject({
        days: z.array(z.iso.date()),
        calls: z.int(),
        routes: z.array(
          z
            .strictObject({
              method: z.string(),
              /** The endpoint's path with its `{names}`. */
              route: z.string(),
              statusClass: z.enum(['1xx', '2xx', '3xx', '4xx', '5xx']),
              calls: z.int(),
              perDay: z.array(z.int()),
            })
            .meta({ id: 'RouteUsage' }),
        ),
      })
      .meta({ id: 'Usage' }),
  },
  problems: [],
})

export type UsageQuery = z.output<typeof getUsage.query>
export type WireUsage = z.output<typeof getUsage.reply.schema>

export const usageEndpoints = [getUsage]
