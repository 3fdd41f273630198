import { afterEach, expect, it } from 'vitest'
import { minute, testMarkets, type TestMarkets } from '../testing/test-markets.ts'
import { ensureBarPartitions } from './bar-partitions.ts'
import { ingestMinutes } from './ingest-minute.ts'

const openMs = Date.UTC(2026, 0, 5)
const symbols = Array.from({ length: 40 }, (_, index) => `coin${index}usdt`)

let markets: TestMarkets
afterEach(() => markets.database.drop())

it('a-minute-leaves-the-loop-to-others: between ten markets and the next ten whatever else waits has its turn', async () => {
  let turn = 0
  let isCounting = true
  const count = (): void => {
    turn += 1
    if (isCounting) setImmediate(count)
  }
  const marketsOfTurn = new Map<number, number>()
  markets = await testMarkets(symbols, openMs + 61_000, {
    // Asked once for each market, when its minute is taken.
    monotonic: () => {
      marketsOfTurn.set(turn, (marketsOfTurn.get(turn) ?? 0) + 1)
      return openMs
    },
  })
  const bars = [minute(openMs, 100)]
  await ensureBarPartitions(markets.database.db, bars)
  setImmediate(count)
  const offers = symbols.map((symbol) => ({ booked: markets.find('binance', symbol), bars }))
  const { accepted } = await ingestMinutes(markets.deps, offers, markets.epochs)
  isCounting = false
  expect(accepted).toBe(symbols.length)
  expect(Math.max(...marketsOfTurn.values())).toBeLessThanOrEqual(10)
  expect(markets.ingested.map(({ steps }) => steps.length)).toEqual([symbols.length])
})
