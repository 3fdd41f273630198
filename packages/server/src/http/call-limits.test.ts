import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { expect, it } from 'vitest'
import type { ServedService } from '../service/define-service.ts'
import { wireEnvelope } from '../service/envelope.ts'
import { limitOf, ownLimitOf } from './call-limits.ts'

const window = { limit: 1, windowSeconds: 60, whenStoreFails: 'refuse' } as const
const service: ServedService = {
  name: 'test',
  envelope: wireEnvelope,
  policy: {
    keyShape: null,
    gate: {
      credentialHeaders: ['authorization'],
      floorMs: 0,
      floorOn: 'failures',
      beforeProof: { name: 'before', ...window },
      perKey: { name: 'key', ...window },
      perKeyBy: 'key',
      perUser: { name: 'user', ...window },
    },
    publicLimits: {},
    userLimits: { rare: { name: 'rare', ...window } },
    scopes: [],
    defaultScopes: [],
    deviceScopes: null,
  },
  endpoints: [],
}
const member = {
  kind: 'member',
  orgId: '7a3d0e0c-5a0b-4bb5-9d3b-0d8a7c1f2e3d',
  userId: 'ann',
  sessionId: 's',
  role: 'viewer',
  ip: '192.0.2.1',
} as const

const endpointWith = (limit: { readonly limit?: string }) =>
  defineEndpoint({
    method: 'GET',
    path: '/x',
    id: 'x',
    summary: 'X',
    tag: 'x',
    access: { kind: 'session', role: 'viewer', ...limit },
    reply: { status: 200, schema: null },
    problems: [],
  })

it('an endpoint that names a limit of its own is counted by the person', () => {
  expect(ownLimitOf(service, endpointWith({ limit: 'rare' }), member)).toEqual({
    rule: { name: 'rare', ...window },
    subject: 'ann',
  })
})

it('an endpoint that names none is counted by the usual limit alone', () => {
  expect(ownLimitOf(service, endpointWith({}), member)).toBeUndefined()
})

it('a limit that the policy lacks is a mistake of ours, not a free pass', () => {
  expect(() => ownLimitOf(service, endpointWith({ limit: 'none' }), member)).toThrow('which test lacks')
})

it.each([
  ['key', 'key-1'],
  ['prefix', 'ck_live_ABCDEFGH'],
  ['org', '7a3d0e0c-5a0b-4bb5-9d3b-0d8a7c1f2e3d'],
] as const)('calls with a key are counted by its %s where the policy says so', (perKeyBy, subject) => {
  const policy = { ...service.policy, gate: { ...service.policy.gate, perKeyBy } }
  const caller = {
    kind: 'key',
    orgId: member.orgId,
    service: 'test',
    keyId: 'key-1',
    keyPrefix: 'ck_live_ABCDEFGH',
    scopes: [],
    ip: member.ip,
  } as const
  const found = limitOf({ ...service, policy }, endpointWith({}), { caller, requestsPerWindow: null }, {})
  expect(found?.subject).toBe(subject)
})
