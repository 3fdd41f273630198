import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { deviceClients } from '../domain/device-login.ts'
import { policy } from '../policy.ts'
import { done, time, token } from './shapes.ts'

const tag = 'auth'

const client = z.enum(deviceClients)
const callbackUrl = z
  .string()
  .refine(isOwnMachine, 'must be http://localhost:PORT, without a path')
  .transform((value) => new URL(value).origin)

/** As people type it: in any case, with or without the dash. */
const userCode = z
  .string()
  .max(20, 'must be the code that the device shows, such as BCDF-GHJK')
  .transform((value) => value.toUpperCase().replaceAll(/[^A-Z]/g, ''))

const byCode = z.strictObject({ userCode })

export const startDeviceLogin = defineEndpoint({
  method: 'POST',
  path: '/auth/device/code',
  id: 'startDeviceLogin',
  summary: 'Start a log-in on a device without a browser',
  description:
    'Show `userCode` and open `verificationUrlComplete`, then ask POST /auth/device/token every `interval` seconds (RFC 8628).',
  tag,
  access: { kind: 'public', because: 'A device has no credential yet', limit: { name: 'auth', by: 'ip' } },
  body: z.strictObject({ client, callbackUrl: callbackUrl.optional() }),
  reply: {
    status: 200,
    schema: z.strictObject({
      deviceCode: z.string(),
      userCode: z.string(),
      verificationUrl: z.string(),
      verificationUrlComplete: z.string(),
      /** Seconds. */
      expiresIn: z.int(),
      /** Seconds between two questions. */
      interval: z.int(),
    }),
  },
  problems: [],
  revealsSecret: true,
})

export const collectDeviceKey = defineEndpoint({
  method: 'POST',
  path: '/auth/device/token',
  id: 'collectDeviceKey',
  summary: 'Collect the key of an approved device, once',
  tag,
  access: {
    kind: 'public',
    because: 'The device code is the proof',
    limit: { name: 'device-token', by: 'ip' },
  },
  body: z.strictObject({ deviceCode: token }),
  reply: { status: 200, schema: z.strictObject({ apiKey: z.string() }) },
  problems: ['AUTHORIZATION_PENDING', 'SLOW_DOWN', 'ACCESS_DENIED', 'EXPIRED_TOKEN', 'KEY_LIMIT_REACHED'],
  revealsSecret: true,
})

const problems = ['EMAIL_UNVERIFIED', 'EXPIRED_TOKEN', 'TOO_MANY_ATTEMPTS'] as const
const access = { kind: 'session', role: 'member' } as const

export const getDeviceLogin = defineEndpoint({
  method: 'GET',
  path: '/dashboard/device/{userCode}',
  id: 'getDeviceLogin',
  summary: 'See which device asks, and what it would get',
  description: `After ${policy.deviceGuessesMax} wrong codes no more are taken for an hour.`,
  tag,
  access,
  params: byCode,
  reply: {
    status: 200,
    schema: z.strictObject({
      client,
      /** Where the device asked from. */
      ipAddress: z.string(),
      userAgent: z.string().nullable(),
      callbackUrl: z.string().nullable(),
      apiKeyName: z.string(),
      service: z.string(),
      scopes: z.array(z.string()),
      createdAt: time,
      expiresAt: time,
    }),
  },
  problems,
})

export const approveDevice = defineEndpoint({
  method: 'POST',
  path: '/dashboard/device/approve',
  id: 'approveDevice',
  summary: 'Give a device a key of the organisation you act in',
  tag,
  access,
  body: byCode,
  reply: {
    status: 200,
    schema: z.strictObject({
      approved: z.literal(true),
      apiKeyName: z.string(),
      /** Where the device waits for the browser to come back, if it does. */
      callbackUrl: z.string().nullable(),
    }),
  },
  problems,
})

export const denyDevice = defineEndpoint({
  method: 'POST',
  path: '/dashboard/device/deny',
  id: 'denyDevice',
  summary: 'Turn a device away',
  tag,
  access,
  body: byCode,
  reply: { status: 200, schema: done },
  problems,
})

function isOwnMachine(value: string): boolean {
  return /^http:\/\/localhost:[1-9]\d{0,4}\/?$/.test(value) && URL.parse(value) !== null
}
