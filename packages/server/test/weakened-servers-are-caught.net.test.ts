import { generateKeyPairSync } from 'node:crypto'
import { createAuditLog } from '@gatehouse/kernel/audit'
import { createEgress, parseEgressAllowance } from '@gatehouse/kernel/egress'
import { createKeyVerifier } from '@gatehouse/kernel/keys'
import { describe, expect, it } from 'vitest'
import type { Parts } from '../src/parts.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { proveAnew, setUpOwner } from './fixtures/people.ts'

/** Whether a control holds on this server, seen from outside; and the server with that control weakened. */
type Mutant = {
  readonly promise: string
  readonly holds: (server: ComposedServer) => Promise<boolean>
  readonly weakened: Partial<Parts>
}

const floorMs = 80
const authLimit = 10

const mutants: readonly Mutant[] = [
  {
    promise: 'no refusal leaves before the floor (G2)',
    holds: async ({ client }) => {
      const startedMs = performance.now()
      await client.send('/api/v1/monitors')
      return performance.now() - startedMs >= floorMs
    },
    weakened: {
      wrapService: (service) => ({
        ...service,
        policy: { ...service.policy, gate: { ...service.policy.gate, floorMs: 0 } },
      }),
    },
  },
  {
    promise: 'no window exceeds its limit (L1)',
    holds: async ({ client }) => {
      const headers = { 'x-forwarded-for': '198.51.100.7' }
      const body = { email: 'nobody@example.com', password: 'not a password' }
      const answers = []
      while (answers.length <= authLimit) answers.push(await client.send('/auth/login', { headers, body }))
      return answers.at(-1)?.status === 429
    },
    weakened: {
      wrapLimitStore: (store) => ({ ...store, take: () => ({ admitted: true, counted: false }) }),
    },
  },
  {
    promise: 'no special address is taken as a target (E1)',
    holds: async ({ client, ownerToken }) => {
      const ann = await setUpOwner(client, ownerToken)
      const { status } = await client.send('/dashboard/webhooks', {
        credential: ann.accessToken,
        headers: await proveAnew(client, ann),
        body: { url: 'https://127.0.0.1/', events: ['key.created'] },
      })
      return status === 400
    },
    weakened: {
      createEgress: (options) => createEgress({ ...options, allow: parseEgressAllowance('127.0.0.0/8') }),
    },
  },
  {
    promise: 'a revoked key is dead (K7)',
    holds: async ({ client, ownerToken }) => {
      const ann = await setUpOwner(client, ownerToken)
      const headers = await proveAnew(client, ann)
      const { apiKey } = await client.ask<{ apiKey: { id: string; key: string } }>('/dashboard/api-keys', {
        credential: ann.accessToken,
        headers,
        body: { name: 'test', service: 'uptime', scopes: ['read'] },
      })
      const use = async () => (await client.send('/api/v1/monitors', { credential: apiKey.key })).status
      if ((await use()) !== 200) throw new Error('The key must work before it is revoked')
      await client.ask(`/dashboard/api-keys/${apiKey.id}`, {
        method: 'DELETE',
        credential: ann.accessToken,
        headers,
      })
      return (await use()) === 401
    },
    weakened: {
      createKeyVerifier: (options) =>
        createKeyVerifier({
          ...options,
          invalidations: { ...options.invalidations, subscribe: () => () => undefined },
        }),
    },
  },
  {
    promise: 'the audit chain verifies (A5)',
    holds: async ({ client, ownerToken }) => {
      const { accessToken } = await setUpOwner(client, ownerToken)
      const { text } = await client.send('/dashboard/audit-logs/verify', { credential: accessToken })
      return (JSON.parse(text) as { intact: boolean }).intact
    },
    weakened: {
      createAuditLog: ({ id }) => createAuditLog({ id, ...generateKeyPairSync('ed25519') }),
    },
  },
]

async function judge(mutant: Mutant, parts: Partial<Parts>): Promise<boolean> {
  const server = await composeServer({}, parts)
  try {
    return await mutant.holds(server)
  } finally {
    await server.stop()
  }
}

describe.each(mutants)('$promise', (mutant) => {
  it('holds on the real server', async () => expect(await judge(mutant, {})).toBe(true))
  it('fails on a server that was weakened there', async () =>
    expect(await judge(mutant, mutant.weakened)).toBe(false))
})
