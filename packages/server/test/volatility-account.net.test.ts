import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './fixtures/eventually.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

type Rotated = {
  readonly api_key: string
  readonly key_prefix: string
  readonly created_at_ms: number
  readonly previous_key_prefix: string
  readonly previous_invalid_since_ms: number
}

let server: ComposedServer
let ann: SignedIn

beforeAll(async () => {
  server = await composeServer()
  ann = await setUpOwner(server.client, server.ownerToken)
})
afterAll(() => server.stop())

const newKey = (): Promise<string> => createKey(server.client, ann, 'volatility')
const statusOf = async (path: string, credential: string): Promise<number> =>
  (await server.client.send(path, { credential })).status
const rotate = (credential: string) =>
  server.client.send('/v1/me/rotate-key', { method: 'POST', credential, body: {} })

describe('a key of the volatility service', () => {
  it('is told whose it is, what it may do and what the plan allows', async () => {
    const credential = await newKey()
    const me = await server.client.ask<Record<string, unknown>>('/v1/me', { credential })
    expect(me).toMatchObject({
      org: { id: ann.user.teamId },
      plan: 'unlimited',
      plan_source: 'operator',
      key: { prefix: credential.slice(0, 11), scopes: expect.arrayContaining(['regime:read']) },
      limits: { requests_per_minute: 60_000, subscriptions: 1_000 },
    })
    expect(JSON.stringify(me)).not.toContain(credential)
  })

  it('rotates: its successor works at once while it is dead everywhere, and a rotation is an entry', async () => {
    const credential = await newKey()
    const { status, text, headers } = await rotate(credential)
    expect(status).toBe(200)
    // Safe: the contract has parsed it.
    const rotated = JSON.parse(text) as Rotated
    expect(rotated).toEqual({
      api_key: expect.stringMatching(/^ak_[0-9A-Za-z]{38}$/),
      key_prefix: rotated.api_key.slice(0, 11),
      created_at_ms: expect.any(Number),
      previous_key_prefix: credential.slice(0, 11),
      previous_invalid_since_ms: rotated.created_at_ms,
    })
    expect(headers.get('cache-control')).toContain('no-store')
    expect([await statusOf('/v1/me', credential), await statusOf('/v1/me', rotated.api_key)]).toEqual([
      401, 200,
    ])
    const { text: page } = await server.client.send('/dashboard/audit-logs?action=key.rotate&limit=1', {
      credential: ann.accessToken,
    })
    expect(page).toContain(`"replaces":"${credential.slice(0, 11)}"`)
  })

  it('parallel-rotations-give-one-key: the others are refused like any dead key', async () => {
    const credential = await newKey()
    const answers = await Promise.all(Array.from({ length: 8 }, () => rotate(credential)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const losers = answers.filter(({ status }) => status === 401)
    expect(losers).toHaveLength(7)
    expect(losers.map(({ text }) => JSON.parse(text) as object)).toEqual(
      losers.map(() => expect.objectContaining({ code: 'unauthorized' })),
    )
  })

  it('needs no scope for that', async () => {
    const { apiKey } = await server.client.ask<{ apiKey: { key: string } }>('/dashboard/api-keys', {
      credential: ann.accessToken,
      headers: await proveAnew(server.client, ann),
      body: { name: 'narrow', service: 'volatility', scopes: ['stream:read'] },
    })
    expect(await statusOf('/v1/me', apiKey.key)).toBe(403)
    expect((await rotate(apiKey.key)).status).toBe(200)
  })
})

describe('usage', () => {
  it('counts the calls of the org, by route and by day, a limited one as that alone', async () => {
    const credential = await newKey()
    for (let call = 0; call < 3; call += 1) await statusOf('/v1/symbols', credential)
    await statusOf('/v1/presets/nothing', credential)
    const ask = (query: string) =>
      server.client.ask<{ calls: number; hours: number; from_ms: number; to_ms: number }>(
        `/v1/me/usage${query}`,
        { credential },
      )
    const { hours, from_ms: fromMs, to_ms: toMs } = await ask('')
    expect([hours, toMs - fromMs, toMs % 60_000]).toEqual([24, 86_400_000, 0])
    expect(await ask('?days=2')).toMatchObject({ hours: 48, per_day: expect.any(Array) })
    for (const query of ['?hours=0', '?hours=2161', '?days=91', '?hours=x', '?hours=1.5']) {
      const { status, text } = await server.client.send(`/v1/me/usage${query}`, { credential })
      expect({ query, status, text }).toMatchObject({
        status: 422,
        text: expect.stringContaining(query.slice(1, 5)),
      })
    }
  })
})

describe('what everybody may know', () => {
  it('the instance asks itself, and its own calls are not counted as those of others', async () => {
    await eventually('the instance calls itself', async () => {
      const { rows } = await server.db.pool.query<{ calls: string }>(
        "SELECT count(*) AS calls FROM gatehouse.api_call WHERE route = 'self' AND status = 200",
      )
      return Number(rows[0]?.calls) > 0 ? true : undefined
    })
    expect(await server.client.ask('/v1/public-stats')).toEqual({
      regime_events: 0,
      uptime_observed_pct: null,
      uptime_window_days: expect.any(Number),
      api_calls_24h: expect.any(Number),
      as_of_ms: expect.any(Number),
    })
    expect(await server.client.ask('/v1/public-incidents')).toEqual({
      count: 0,
      window_days: 30,
      incidents: [],
    })
  })
})
