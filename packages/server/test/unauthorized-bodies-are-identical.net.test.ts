import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { welch } from '../../../bench/auth-timing/welch.ts'
import type { Answer } from './fixtures/client.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

const floorMs = 80
const trialsPerCause = 60
const lanes = 12
let server: ComposedServer
let ann: SignedIn
let causes: Readonly<Record<string, () => Readonly<Record<string, string>>>>

beforeAll(async () => {
  server = await composeServer()
  ann = await setUpOwner(server.client, server.ownerToken)
  const headers = await proveAnew(server.client, ann)
  const make = async (more: object = {}): Promise<{ id: string; key: string }> => {
    const { apiKey } = await server.client.ask<{ apiKey: { id: string; key: string } }>(
      '/dashboard/api-keys',
      {
        credential: ann.accessToken,
        headers,
        body: { name: 'test', service: 'uptime', scopes: ['read'], ...more },
      },
    )
    return apiKey
  }
  const [good, revoked] = [await make(), await make()]
  const elsewhere = await make({ ipAllow: ['203.0.113.0/24'] })
  await server.client.ask(`/dashboard/api-keys/${revoked.id}`, {
    method: 'DELETE',
    credential: ann.accessToken,
    headers,
  })
  const bearer = (text: string) => ({ authorization: `Bearer ${text}` })
  causes = {
    missing: () => ({}),
    malformed: () => bearer('mk_short'),
    'unknown prefix': () => bearer(`mk_${randomBytes(32).toString('hex')}`),
    'wrong secret': () => bearer(good.key.slice(0, 11) + randomBytes(28).toString('hex')),
    revoked: () => bearer(revoked.key),
    'not allowed from here': () => bearer(elsewhere.key),
    'two different ones': () => ({ ...bearer(good.key), 'x-api-key': revoked.key }),
  }
})
afterAll(() => server.stop())

const refuse = async (toHeaders: () => Readonly<Record<string, string>>): Promise<Answer> => {
  const answer = await server.client.send('/api/v1/monitors', { headers: toHeaders() })
  expect(answer.status).toBe(401)
  return answer
}

describe('whatever is wrong with a credential', () => {
  it('unauthorized-bodies-are-identical, and so are the headers but for the request id', async () => {
    const seen = new Set<string>()
    for (const toHeaders of Object.values(causes)) {
      const { text, headers } = await refuse(toHeaders)
      const rest = [...headers].filter(([name]) => !['x-request-id', 'date'].includes(name))
      seen.add(JSON.stringify([text, rest]))
    }
    expect([...seen]).toHaveLength(1)
  })

  it('outcomes-are-indistinguishable-in-time: none before the floor, and no cause apart from another', async () => {
    const samples = new Map<string, number[]>(Object.keys(causes).map((name) => [name, []]))
    const trials = Array.from({ length: trialsPerCause }, () => Object.entries(causes)).flat()
    const run = async (): Promise<void> => {
      for (let trial = trials.pop(); trial !== undefined; trial = trials.pop()) {
        const [name, toHeaders] = trial
        const startedMs = performance.now()
        await refuse(toHeaders)
        samples.get(name)?.push(performance.now() - startedMs)
      }
    }
    await Promise.all(Array.from({ length: lanes }, run))
    const all = [...samples.values()]
    expect(Math.min(...all.flat())).toBeGreaterThanOrEqual(floorMs)
    const apart = all.flatMap((left, index) =>
      all.slice(index + 1).map((right) => Math.abs(welch(left, right))),
    )
    expect(Math.max(...apart)).toBeLessThan(4.5)
  })
})
