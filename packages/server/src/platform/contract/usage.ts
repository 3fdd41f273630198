import { day, defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { policy } from '../policy.ts'

export const getUsage = defineEndpoint({
  method: 'GET',
  path: '/dashboard/usage',
  id: 'getUsage',
  summary: 'Count the calls of programs for the organisation per day, route and class of status',
  description: `Days are those of UTC, both ends included, ${policy.usageDaysMax} at most; the last ${policy.usageDaysDefault} unless \`from\` and \`to\` are given. \`perDay\` stands in the order of \`days\`. Calls count from the second after they were made; what people do with a session, such as in the dashboard, does not.`,
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
