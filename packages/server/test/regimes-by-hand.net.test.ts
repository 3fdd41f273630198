import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barsUpTo } from '../src/services/volatility/fixtures/cut-bars.ts'
import { drawBars } from '../src/services/volatility/fixtures/drawn-bars.ts'
import { openFilledMarkets } from '../src/services/volatility/testing/filled-markets.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { eventually } from './fixtures/eventually.ts'
import { createKey, setUpOwner, type SignedIn } from './fixtures/people.ts'

/** They leave and come back often, so that there is much to read. */
const nervous = { high_enter: 1, high_exit: 0.4, low_enter: -1, low_exit: -0.4, enter_k: 1, exit_k: 2 }

let server: ComposedServer
let ann: SignedIn
let key: string

beforeAll(async () => {
  server = await composeServer()
  ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann, 'volatility')
  const nowMs = Date.now()
  const markets = await openFilledMarkets(server.db, nowMs)
  for (const timeframe of ['1m', '15m', '1h'] as const)
    await markets.fill(
      'binance',
      'btcusdt',
      timeframe,
      barsUpTo(drawBars(timeframe, 700, 5), timeframe, nowMs),
    )
  await markets.stop()
  await eventually('the server has seen the bars', async () => {
    for (const timeframe of ['1m', '15m', '1h']) {
      const { regime } = await ask<{ regime: string | null }>(`/v1/regime/btcusdt?timeframe=${timeframe}`)
      if (regime === null) return undefined
    }
    return true
  })
})
afterAll(() => server.stop())

const send = (path: string) => server.client.send(path, { credential: key })
const ask = <T>(path: string): Promise<T> => server.client.ask<T>(path, { credential: key })
type Listed = { readonly presets: readonly { readonly name: string }[] }
const namesOf = ({ presets }: Listed): readonly string[] => presets.map(({ name }) => name)

describe('what a person sees of regimes', () => {
  const byHand = <T>(path: string, body?: object): Promise<T> =>
    server.client.ask<T>(`/dashboard/volatility${path}`, {
      credential: ann.accessToken,
      ...(body === undefined ? {} : { body }),
    })

  it('the-board-agrees-with-each-symbol: one call says of every timeframe what each regime says by itself', async () => {
    const board = await ask<{ symbols: { symbol: string; cells: Record<string, unknown> }[] }>('/v1/board')
    const bitcoin = board.symbols.find(({ symbol }) => symbol === 'btcusdt')
    for (const timeframe of ['1m', '15m', '1h', '1d']) {
      const alone = await ask<object>(`/v1/regime/btcusdt?timeframe=${timeframe}`)
      expect(alone).toMatchObject(Object(bitcoin?.cells[timeframe]) as object)
    }
    expect(board.symbols.map(({ symbol }) => symbol)).toContain('ltcusdt')
    expect((await send('/v1/board?preset=nobody')).text).toContain('preset_not_found')
  })

  it('a-preview-says-what-a-saved-preset-would: of every stored bar, beside its base, and keeps nothing', async () => {
    type Preview = {
      wanted: { changes: number; share: Record<string, number> }
      base: { preset: string; changes: number }
      regime: (string | null)[]
      classified: number
    }
    const preview = await byHand<Preview>('/presets/preview', { symbol: 'btcusdt', ...nervous })
    expect(namesOf(await ask('/v1/presets/custom'))).not.toContain('seen')
    await server.client.ask('/v1/presets/custom/seen', { method: 'PUT', credential: key, body: nervous })
    const { count } = await ask<{ count: number }>('/v1/regime/btcusdt/history?preset=seen&limit=10000')
    const series = await ask<{ regime: (string | null)[] }>('/v1/regime/btcusdt/series?preset=seen&limit=500')
    expect(preview.wanted.changes).toBe(count)
    expect(preview.regime).toEqual(series.regime)
    const { low = 0, normal = 0, high = 0 } = preview.wanted.share
    expect(low + normal + high).toBeCloseTo(1, 9)
    expect(preview.base).toMatchObject({ preset: 'balanced' })
    const same = await byHand<Preview>('/presets/preview', { symbol: 'btcusdt' })
    expect(same.wanted.changes).toBe(same.base.changes)
    const wrong = await server.client.send('/dashboard/volatility/presets/preview', {
      credential: ann.accessToken,
      body: { symbol: 'btcusdt', low_enter: 0 },
    })
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('low_exit')])
  })

  it('members see the presets of their organisation, and the changes that its keys see', async () => {
    expect(namesOf(await byHand('/presets/custom'))).toEqual(namesOf(await ask('/v1/presets/custom')))
    const newest = async (query: string) =>
      (await byHand<{ events: { to: string }[] }>(`/me/events?${query}`)).events
    expect(await newest('')).toEqual((await ask<{ events: object[] }>('/v1/me/events')).events)
    for (const { to } of await newest('to=high')) expect(to).toBe('high')
  })
})
