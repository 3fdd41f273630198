import { defineEndpoint, proof } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { deviceClients } from '../domain/device-login.ts'
import { policy } from '../policy.ts'
import { done, time } from '../../service/shapes.ts'
import { token } from './shapes.ts'

const tag = 'auth'

const client = z.enum(deviceClients)
const callbackUrl = z
  .string()
  .refine(isOwnMachine, 'must be http://localhost:PORT, without a path')
  .transform((value) => new URL(value).origin)

/** The code as people type it: in any case, with or without the dash. */
const userCode = proof(
  z
    .string()
    .max(20, 'must be the code that the device shows, such as BCDF-GHJK')
    .transform((value) => value.toUpperCase().replaceAll(/[^A-Z]/g, '')),
)

const byCode = z.strictObject({ userCode })

export const startDeviceLogin = defineEndpoint({
  method: 'POST',
  path: '/auth/device/code',
  id: 'startDeviceLogin',
  summary: 'Start the log-in of a device without a browser (OAuth 2.0 device authorization)',
  description:
    'Show `userCode` and open `verificationUrlComplete`, then poll POST /auth/device/token every `interval` seconds (RFC 8628). If you poll sooner, `AUTHORIZATION_PENDING` is returned and its `Retry-After` header contains the new interval in seconds.',
  tag,
  access: { kind: 'public', because: 'A device has no credential yet', limit: { name: 'auth', by: 'ip' } },
  body: z.strictObject({ client, callbackUrl: callbackUrl.optional() }),
  reply: {
    status: 200,
    schema: z
      .strictObject({
        deviceCode: z.string(),
        userCode: z.string(),
        verificationUrl: z.string(),
        verificationUrlComplete: z.string(),
        /** In seconds. */
        expiresIn: z.int(),
        /** The least time between two polls, in seconds. */
        interval: z.int(),
      })
      .meta({ id: 'StartedDeviceLogin' }),
  },
  example: { body: { client: 'cli' } },
  problems: [],
  revealsSecret: true,
})

export const collectDeviceKey = defineEndpoint({
  method: 'POST',
  path: '/auth/device/token',
  id: 'collectDeviceKey',
  summary: 'Get the API key of an approved device; it is returned once',
  tag,
  access: {
    kind: 'public',
    because: 'The device code is the proof',
    limit: { name: 'device-token', by: 'ip' },
  },
  body: z.strictObject({ deviceCode: token }),
  reply: { status: 200, schema: z.strictObject({ apiKey: z.string() }) },
  problems: ['AUTHORIZATION_PENDING', 'ACCESS_DENIED', 'EXPIRED_TOKEN', 'KEY_LIMIT_REACHED'],
  revealsSecret: true,
})

const problems = ['EMAIL_UNVERIFIED', 'EXPIRED_TOKEN', 'TOO_MANY_ATTEMPTS'] as const
const access = { kind: 'session', role: 'member' } as const

export const getDeviceLogin = defineEndpoint({
  method: 'GET',
  path: '/dashboard/device/{userCode}',
  id: 'getDeviceLogin',
  summary: 'Read the pending request of a device and the permissions that it would get',
  description: `After ${policy.deviceGuessesMax} wrong codes, all codes are refused for one hour.`,
  tag,
  access,
  params: byCode,
  reply: {
    status: 200,
    schema: z
      .strictObject({
        client,
        /** The address of the device. */
        ipAddress: z.string(),
        userAgent: z.string().nullable(),
        callbackUrl: z.string().nullable(),
        apiKeyName: z.string(),
        service: z.string(),
        /** The scopes that the role allows. The key ends with the membership, and its scopes shrink with the role. */
        scopes: z.array(z.string()),
        /** The number of days without use after which the key expires. */
        keyExpiresAfterDays: z.int(),
        createdAt: time,
        expiresAt: time,
      })
      .meta({ id: 'DeviceLogin' }),
  },
  problems,
})

export const approveDevice = defineEndpoint({
  method: 'POST',
  path: '/dashboard/device/approve',
  id: 'approveDevice',
  summary: 'Approve a device: it gets an API key of your current organisation',
  description:
    'The key acts for you: it has the permissions of your role in this organisation. It is revoked when your membership ends, and it expires after a period without use.',
  tag,
  access: { ...access, sudo: true },
  body: byCode,
  reply: {
    status: 200,
    schema: z
      .strictObject({
        approved: z.literal(true),
        apiKeyName: z.string(),
        /** The URL at which the device waits for the browser to return; null when it does not. */
        callbackUrl: z.string().nullable(),
      })
      .meta({ id: 'ApprovedDevice' }),
  },
  example: { body: { userCode: 'BCDF-GHJK' } },
  problems,
})

export const denyDevice = defineEndpoint({
  method: 'POST',
  path: '/dashboard/device/deny',
  id: 'denyDevice',
  summary: 'Deny the request of a device',
  tag,
  access,
  body: byCode,
  reply: { status: 200, schema: done },
  example: { body: { userCode: 'BCDF-GHJK' } },
  problems,
})

function isOwnMachine(value: string): boolean {
  return /^http:\/\/localhost:[1-9]\d{0,4}\/?$/.test(value) && URL.parse(value) !== null
}

export const deviceEndpoints = [startDeviceLogin, collectDeviceKey, getDeviceLogin, approveDevice, denyDevice]
