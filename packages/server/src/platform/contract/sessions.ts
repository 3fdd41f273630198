import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { byId, done, time } from '../../service/shapes.ts'

const tag = 'account'

export const listSessions = defineEndpoint({
  method: 'GET',
  path: '/dashboard/sessions',
  id: 'listSessions',
  summary: 'List your active sessions',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply: {
    status: 200,
    schema: z.strictObject({
      sessions: z.array(
        z
          .strictObject({
            id: z.string(),
            userAgent: z.string().nullable(),
            device: z
              .strictObject({ browser: z.string().nullable(), system: z.string().nullable() })
              .describe('The browser (or other program) and the operating system, derived from `userAgent`'),
            ipAddress: z.string(),
            createdAt: time,
            lastUsedAt: time,
            current: z.boolean(),
          })
          .meta({ id: 'Session' }),
      ),
    }),
  },
  problems: [],
})

export const endSession = defineEndpoint({
  method: 'DELETE',
  path: '/dashboard/sessions/{id}',
  id: 'endSession',
  summary: 'End one of your sessions',
  tag,
  access: { kind: 'session', role: 'viewer' },
  params: byId,
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND'],
})

export const sessionEndpoints = [listSessions, endSession]
