import { defineEndpoint, instant, readsTool } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { byId, time } from '../../../service/shapes.ts'
import { twoDoors } from '../../../service/two-doors.ts'
import { uptimePolicy as policy } from '../policy.ts'

const { bucketsMax, daysMax, daysDefault } = policy.responseTimes

export const responseTimesQuery = z.strictObject({ from: instant.optional(), to: instant.optional() })

/** Of the checks of a bucket that were answered and reached the phase, in milliseconds; null if none did. */
const phase = z
  .strictObject({
    meanMs: z.number().min(0),
    /** Nearest rank: 95 % of these checks took no longer, and one took just as long. */
    p95Ms: z.int().min(0),
  })
  .nullable()

const responseTimesReply = z
  .strictObject({
    from: time,
    to: time,
    bucketSeconds: z.int(),
    /** Ascending; a bucket in which nothing was checked is left out. */
    buckets: z.array(
      z.strictObject({
        /** Where the bucket begins: a whole multiple of its length in UTC, and so perhaps before `from`. */
        startsAt: time,
        /** Checks that were answered, in time and as expected: of them are the figures. */
        answered: z.int(),
        failed: z.int(),
        dns: phase,
        connect: phase,
        tls: phase,
        ttfb: phase,
        download: phase,
        total: phase,
      }),
    ),
  })
  .meta({ id: 'ResponseTimes' })

export const getResponseTimes = defineEndpoint({
  method: 'GET',
  path: '/api/v1/monitors/{id}/response-times',
  id: 'getResponseTimes',
  summary: 'Read how long a monitor took to answer, by phase',
  description: `The last ${daysDefault * 24} hours unless \`from\` and \`to\` say otherwise; at most ${daysMax} days, in at most ${bucketsMax} buckets.`,
  tag: 'monitors',
  access: { kind: 'key', scope: 'monitors:read' },
  params: byId,
  query: responseTimesQuery,
  tool: { name: 'get_response_times', annotations: readsTool },
  reply: { status: 200, schema: responseTimesReply },
  problems: ['NOT_FOUND'],
})

export type ResponseTimesQuery = z.output<typeof responseTimesQuery>
export type ResponseTimesReply = z.input<typeof responseTimesReply>

export const responseTimeEndpoints = [...twoDoors(getResponseTimes)]
