import { afterAll, beforeAll, expect, it } from 'vitest'
import { timeframes } from '../src/services/volatility/domain/timeframe.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'

const patienceMs = 400_000
let server: ComposedServer

beforeAll(async () => {
  server = await composeServer({ GATEHOUSE_FEEDS: 'simulated' })
})
afterAll(() => server.stop())

type Regimes = { readonly regimes: readonly { readonly regime: string | null; readonly feed: string }[] }

it(
  'the-board-fills-without-a-network: from a simulator on this machine, and every reply says so',
  { timeout: patienceMs },
  async () => {
    for (const timeframe of timeframes.toReversed()) {
      const warm = async () => {
        const { regimes } = await server.client.ask<Regimes>(`/v1/regimes?timeframe=${timeframe}`)
        return regimes.filter(({ regime, feed }) => regime !== null && feed === 'simulated').length
      }
      await expect.poll(warm, { timeout: patienceMs, interval: 1_000 }).toBe(20)
    }
    const { text, headers } = await server.client.send('/v1/regime/btcusdt')
    expect(headers.get('x-gatehouse-feed')).toBe('simulated')
    expect(JSON.parse(text)).toMatchObject({ feed: 'simulated', warmup: false, stale: false, status: 'ok' })
    expect((await server.client.send('/v1/regime/nothing')).headers.get('x-gatehouse-feed')).toBe('simulated')
    await expect
      .poll(() => server.client.ask<object>('/v1/status'), { timeout: patienceMs, interval: 1_000 })
      .toMatchObject({ venues: { binance: { status: 'live' }, bybit: { status: 'live' } } })
  },
)
