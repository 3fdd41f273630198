import { defineEndpoint, instant, readsTool } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { byId, time } from '../../../service/shapes.ts'
import { twoDoors } from '../../../service/two-doors.ts'
import { uptimePolicy as policy } from '../policy.ts'

const { bucketsMax, daysMax, daysDefault } = policy.responseTimes

export const responseTimesQuery = z.strictObject({ from: instant.optional(), to: instant.optional() })

/** Figures in milliseconds over a bucket's successful checks that reached the phase; null if there are none. */
const phase = z
  .strictObject({
    meanMs: z.number().min(0),
    /** 95th percentile by nearest rank: 95 % of these checks took at most this long. */
    p95Ms: z.int().min(0),
  })
  .nullable()

const responseTimesReply = z
  .strictObject({
    from: time,
    to: time,
    bucketSeconds: z.int(),
    /** Ascending; buckets without checks are omitted. */
    buckets: z.array(
      z.strictObject({
        /** Start of the bucket: a multiple of its length in UTC, so it can be before `from`. */
        startsAt: time,
        /** Checks that succeeded in time; the figures are over these. */
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
  summary: 'Read the response times of a monitor, by phase of the request',
  description: `By default, the last ${daysDefault * 24} hours; \`from\` and \`to\` select another period of at most ${daysMax} days. The period is divided into at most ${bucketsMax} buckets.`,
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
