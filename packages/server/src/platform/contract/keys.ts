import { defineEndpoint, displayName, instant, text, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { byId, done, time } from '../../service/shapes.ts'

const tag = 'keys'

export const keyModes = ['live', 'test'] as const
export const keyTypes = ['persistent', 'expiring', 'session'] as const

export const apiKey = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    service: z.string(),
    mode: z.enum(keyModes),
    keyPrefix: z.string(),
    scopes: z.array(z.string()),
    type: z.enum(keyTypes),
    expiresAt: time.nullable(),
    ipAllow: z.array(z.string()),
    rateLimit: z.int().nullable(),
    createdBy: z.string(),
    lastUsedAt: time.nullable(),
    createdAt: time,
  })
  .meta({
    id: 'ApiKey',
    examples: [
      {
        id: '01K7Z3N8Q4W2X5Y6A7B8C9D0EF',
        name: 'deploy pipeline',
        service: 'uptime',
        mode: 'live',
        keyPrefix: 'mk_4f9c2ab1',
        scopes: ['monitors:read', 'monitors:write'],
        type: 'persistent',
        expiresAt: null,
        ipAllow: [],
        rateLimit: null,
        createdBy: '01K7Z3N8Q4W2X5Y6A7B8C9D0EG',
        lastUsedAt: null,
        createdAt: '2026-01-31T12:00:00.000Z',
      },
    ],
  })

export type WireApiKey = z.output<typeof apiKey>

/** The only reply that ever holds the key itself (K3). */
const newApiKey = z.strictObject({
  apiKey: apiKey.extend({ key: z.string() }).meta({ id: 'RevealedApiKey' }),
})

export const keyName = displayName(100)
const scopes = z.array(text(1, 100)).min(1).max(50)
const ipAllow = z.array(text(1, 50)).max(50)
const rateLimit = wholeNumber(1, 100_000)

export const listKeys = defineEndpoint({
  method: 'GET',
  path: '/dashboard/api-keys',
  id: 'listApiKeys',
  summary: 'List the API keys of the organisation',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply: { status: 200, schema: z.strictObject({ apiKeys: z.array(apiKey) }) },
  problems: [],
})

export const createKey = defineEndpoint({
  method: 'POST',
  path: '/dashboard/api-keys',
  id: 'createApiKey',
  summary: 'Create an API key; it is shown once',
  description:
    '`scopes` contains scopes of the service, or the shorthands `read` and `write` for all of them; if it is omitted, the key gets the default scopes of the service. `type` is derived from `expiresAt` if it is omitted; a key of type `session` lives at most 24 hours. With `mode` `test`, for services that support it, the key works on test data that is separate from the data of live keys.',
  tag,
  access: { kind: 'session', role: 'owner', sudo: true },
  body: z
    .strictObject({
      name: keyName,
      service: text(1, 50),
      mode: z.enum(keyModes).default('live'),
      scopes: scopes.optional(),
      type: z.enum(keyTypes).optional(),
      expiresAt: instant.optional(),
      ipAllow: ipAllow.optional(),
      rateLimit: rateLimit.optional(),
    })
    .meta({ id: 'NewApiKey' }),
  reply: { status: 201, schema: newApiKey },
  example: {
    body: { name: 'deploy pipeline', service: 'uptime', scopes: ['monitors:read', 'monitors:write'] },
  },
  problems: ['KEY_LIMIT_REACHED', 'plan_limit_reached'],
  revealsSecret: true,
  secretMembers: ['key'],
})

export const updateKey = defineEndpoint({
  method: 'PUT',
  path: '/dashboard/api-keys/{id}',
  id: 'updateApiKey',
  summary: 'Change the name or the permissions of an API key',
  tag,
  access: { kind: 'session', role: 'owner', sudo: true },
  params: byId,
  body: z
    .strictObject({
      name: keyName.optional(),
      scopes: scopes.optional(),
      ipAllow: ipAllow.optional(),
      rateLimit: rateLimit.nullable().optional(),
    })
    .refine((body) => Object.keys(body).length > 0, 'must name at least one change')
    .meta({ id: 'ApiKeyChange' }),
  reply: { status: 200, schema: z.strictObject({ apiKey }) },
  example: { body: { name: 'deploy pipeline', ipAllow: ['192.0.2.0/24'] } },
  problems: ['NOT_FOUND'],
})

export const rotateKey = defineEndpoint({
  method: 'POST',
  path: '/dashboard/api-keys/{id}/rotate',
  id: 'rotateApiKey',
  summary: 'Replace an API key; the new key is shown once, and the old key becomes invalid immediately',
  description:
    'With `overlapSeconds`, the old key stays valid for that many seconds, so that clients can switch without interruption.',
  tag,
  access: { kind: 'session', role: 'owner', sudo: true },
  params: byId,
  body: z.strictObject({ overlapSeconds: wholeNumber(0, 86_400).default(0) }),
  reply: { status: 200, schema: newApiKey },
  example: { body: { overlapSeconds: 3600 } },
  problems: ['NOT_FOUND'],
  revealsSecret: true,
  secretMembers: ['key'],
})

export const revokeKey = defineEndpoint({
  method: 'DELETE',
  path: '/dashboard/api-keys/{id}',
  id: 'revokeApiKey',
  summary: 'Revoke an API key; all nodes refuse it within one second',
  tag,
  access: { kind: 'session', role: 'owner', sudo: true },
  params: byId,
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND'],
})

export const listKeyServices = defineEndpoint({
  method: 'GET',
  path: '/dashboard/api-keys/services',
  id: 'listKeyServices',
  summary: 'List the services that API keys can be created for, and their scopes',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply: {
    status: 200,
    schema: z.strictObject({
      services: z.array(
        z
          .strictObject({
            name: z.string(),
            title: z.string(),
            scopes: z.array(z.string()),
            /** The scopes of a key when none are named. */
            defaultScopes: z.array(z.string()),
            modes: z.array(z.enum(keyModes)),
          })
          .meta({ id: 'KeyService' }),
      ),
    }),
  },
  problems: [],
})

export const keyEndpoints = [listKeys, listKeyServices, createKey, updateKey, rotateKey, revokeKey]
