import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { nothing } from '../../../service/shapes.ts'
import { envelope, time } from './blocks.ts'

const tag = 'administration'
const access = { kind: 'key', scope: 'keys:write' } as const

export const rotateOwnKey = defineEndpoint({
  method: 'POST',
  path: '/v1/admin/key/rotate',
  id: 'rotateOwnKey',
  summary:
    'Replace the API key that sends the request; the new key is shown once, and the old key is refused immediately',
  tag,
  access,
  body: nothing,
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      new_api_key: z.string().nullable(),
      prefix: z.string(),
      rotated_at: time,
      warning: z.string(),
    }),
  },
  revealsSecret: true,
  secretMembers: ['new_api_key'],
  problems: ['FORBIDDEN_SCOPE', 'NOT_FOUND'],
})

export const revokeOwnKey = defineEndpoint({
  method: 'POST',
  path: '/v1/admin/key/revoke',
  id: 'revokeOwnKey',
  summary: 'Revoke the API key that sends the request',
  tag,
  access,
  body: nothing,
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      revoked: z.literal(true),
      org_id: z.string(),
      revoked_at: time,
    }),
  },
  problems: ['FORBIDDEN_SCOPE', 'NOT_FOUND'],
})
