import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { envelope } from './blocks.ts'

/** Machine-readable name of this API. */
export const programName = 'gatehouse-oversight'

export const readFront = defineEndpoint({
  method: 'GET',
  path: '/v1',
  id: 'readOversight',
  summary: 'Read the name and the available endpoints of this service',
  tag: 'service',
  access: {
    kind: 'public',
    because: 'whoever points a client here must learn that it is the right place',
    limit: { name: 'keyless', by: 'ip' },
  },
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      version: z.string(),
      name: z.literal(programName),
      uptime_seconds: z.int(),
      /** Every endpoint as `METHOD /path`. */
      endpoints: z.array(z.string()),
      openapi: z.string(),
      docs: z.string(),
    }),
  },
  problems: [],
})
