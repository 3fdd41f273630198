import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { volatilityEndpoints } from '../src/services/volatility/contract/endpoints.ts'
import { builtInSymbols } from '../src/services/volatility/domain/symbols.ts'
import { walks } from '../src/services/volatility/testing/walks.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { connectMcp } from './fixtures/mcp-client.ts'
import { createKey, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { tellEvents } from './fixtures/regime-events.ts'

const url = 'https://93.184.216.34/hook'
const own = 'btcusdt'
/** One that there is, and one that there is not: a key learns of neither. */
const hidden = ['ltcusdt', 'nousdt'] as const
const namedIn: readonly string[] = ['symbol', 'symbols', 'leader', 'follower', 'reference']

let server: ComposedServer
let ann: SignedIn
let key: string
let wide: string

beforeAll(async () => {
  server = await composeServer()
  ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann, 'volatility')
  wide = await createKey(server.client, ann, 'volatility')
  await send('/v1/me/allowlist', { method: 'PUT', body: { symbols: [own] } })
})
afterAll(() => server?.stop())

const send = (path: string, call: { method?: string; body?: unknown; credential?: string } = {}) =>
  server.client.send(path, { credential: key, ...call })
const codeOf = ({ text }: { readonly text: string }): string => (JSON.parse(text) as { code: string }).code

type Door = {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>> | undefined
  readonly names: readonly string[]
}

function membersOf(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

/** What a call cannot do without. */
const needed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  getStateAt: { ts_ms: '1733041680000' },
  getImpact: { to: 'high' },
  getPairLeadLag: { leader: own, follower: own },
  getLeadLag: { leader: own },
  getLeadLagFormerly: { leader: own },
}
const bodies: Readonly<Record<string, object>> = walks.bodies

const doors = volatilityEndpoints
  .filter(
    ({ id, reply, access }) =>
      !id.endsWith('SymbolAllowlist') && !('socket' in reply) && access.kind !== 'session',
  )
  .map((endpoint): Door => {
    const { id, method, path } = endpoint
    const example = 'example' in endpoint && 'body' in endpoint.example ? endpoint.example.body : undefined
    return {
      id,
      method,
      path: path.replace('{name}', 'balanced'),
      query: needed[id] ?? {},
      body: 'body' in endpoint ? { ...example, ...bodies[id] } : undefined,
      names: [
        ...(path.includes('{symbol}') ? ['path'] : []),
        ...membersOf('query' in endpoint ? endpoint.query : undefined)
          .filter((name) => namedIn.includes(name))
          .map((name) => `query ${name}`),
        ...membersOf('body' in endpoint ? endpoint.body : undefined)
          .filter((name) => namedIn.includes(name))
          .map((name) => `body ${name}`),
      ],
    }
  })

function knock(door: Door, place: string | undefined, symbol: string) {
  const [part, name = ''] = (place ?? '').split(' ')
  const query = new URLSearchParams({ ...door.query, ...(part === 'query' ? { [name]: symbol } : {}) })
  const value = name === 'symbols' ? [symbol] : symbol
  return send(`${door.path.replace('{symbol}', part === 'path' ? symbol : own)}?${query}`, {
    method: door.method,
    ...(door.body === undefined
      ? {}
      : { body: part === 'body' ? { ...door.body, [name]: value } : door.body }),
  })
}

describe('allow-lists-hold-on-every-door-and-only-narrow', () => {
  it('there are doors to walk', () => {
    expect(doors.filter(({ names }) => names.length > 0).length).toBeGreaterThan(25)
  })

  it.each(doors.flatMap((door) => door.names.map((place) => [door.id, place, door] as const)))(
    '%s refuses in its %s what the key may not see, whether there is such a symbol or not',
    async (_id, place, door) => {
      for (const symbol of hidden) {
        const { status, text } = await knock({ ...door, path: door.path.replace('{id}', '1') }, place, symbol)
        expect({ symbol, status, code: codeOf({ text }) }).toEqual({
          symbol,
          status: 403,
          code: 'symbol_not_allowed',
        })
      }
    },
  )

  it.each(
    doors
      .filter(({ method, path }) => method === 'GET' && !path.includes('{id}'))
      .map((door) => [door.id, door] as const),
  )('%s names no other symbol, neither in a reply nor in a refusal', async (_id, door) => {
    const { status, text } = await knock(door, undefined, own)
    expect(status).not.toBe(500)
    for (const { symbol } of builtInSymbols)
      if (symbol !== own) expect(text.toLowerCase()).not.toContain(symbol)
  })

  it('tools refuse and leave out the same', async () => {
    const mcp = await connectMcp(server.origin, key)
    try {
      const refused = await mcp.call('get_lead_lag', { leader: own, follower: 'ltcusdt' })
      expect([refused.isError, JSON.stringify(refused.data)]).toEqual([
        true,
        expect.stringContaining('symbol_not_allowed'),
      ])
      for (const [tool, args] of [
        ['get_lead_lag', { leader: own }],
        ['get_market_correlation', {}],
      ] as const) {
        const told = JSON.stringify(await mcp.call(tool, args)).toLowerCase()
        for (const { symbol } of builtInSymbols) if (symbol !== own) expect(told).not.toContain(symbol)
      }
    } finally {
      await mcp.close()
    }
  })

  it('through a subscription of others a key neither reads nor has sent to itself what it may not see', async () => {
    const make = (symbols: readonly string[], credential: string) =>
      server.client.ask<{ readonly id: number }>('/v1/webhooks', { credential, body: { url, symbols } })
    const [all, some, same, mine] = [
      await make(['*'], wide),
      await make([own, 'ltcusdt'], wide),
      await make([own], wide),
      await make(['*'], key),
    ]
    const listed = await server.client.ask<{ subscriptions: { id: number }[] }>('/v1/webhooks', {
      credential: key,
    })
    expect(listed.subscriptions.map(({ id }) => id)).toEqual([mine.id, same.id])
    for (const { id } of [all, some])
      for (const [path, method, body] of [
        ['', 'GET', undefined],
        ['', 'PATCH', { url }],
        ['', 'DELETE', undefined],
        ['/test', 'POST', undefined],
        ['/enable', 'POST', undefined],
        ['/replay', 'POST', { from_ms: 1_733_041_680_000, to_ms: 1_733_041_680_001 }],
        ['/deliveries', 'GET', undefined],
        ['/deliveries/x/replay', 'POST', undefined],
      ] as const) {
        const refused = await send(`/v1/webhooks/${id}${path}`, {
          method,
          ...(body === undefined ? {} : { body }),
        })
        expect([path, method, refused.status, codeOf(refused)]).toEqual([
          path,
          method,
          404,
          'webhook_not_found',
        ])
      }
    const widened = await send(`/v1/webhooks/${same.id}`, { method: 'PATCH', body: { symbols: ['*'] } })
    expect([widened.status, codeOf(widened)]).toEqual([403, 'symbol_not_allowed'])
    expect(
      (await send(`/v1/webhooks/${mine.id}`, { method: 'PATCH', body: { symbols: ['*'] } })).status,
    ).toBe(200)
    expect((await send(`/v1/webhooks/${all.id}`, { credential: wide })).status).toBe(200)
  })

  it('what happened to others is left out of its events', async () => {
    await tellEvents(server.db.pool, [{ symbol: 'ltcusdt' }, { symbol: own }])
    const { events } = await server.client.ask<{ events: { symbol: string }[] }>('/v1/me/events', {
      credential: key,
    })
    expect(events.map(({ symbol }) => symbol)).toEqual([own])
  })
})
