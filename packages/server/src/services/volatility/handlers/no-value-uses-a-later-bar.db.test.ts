import { randomInt } from 'node:crypto'
import { expect, it } from 'vitest'
import { volatilityEndpoints } from '../contract/endpoints.ts'
import { mulberry32 } from '../domain/mulberry32.ts'
import { type ShownBar, toShownBars } from '../fixtures/shown-bars.ts'
import type { Ask, Door, Held, Later } from '../testing/bar-answer.ts'
import { barAnswers } from '../testing/bar-answers.ts'
import { startLaterBars } from '../testing/later-bars.ts'

const minuteMs = 60_000
const moments = 4
const lastMinute = 12 * 60

type Told = {
  readonly door: Door
  readonly atMs: number
  readonly hold: (later: Later) => Promise<Held>
}

it('no-value-uses-a-later-bar: every operation says of itself how what it tells of bars is found again', () => {
  const doors = volatilityEndpoints.filter((endpoint) => !('handledBy' in endpoint)).map(({ id }) => id)
  expect(Object.keys(barAnswers).toSorted()).toEqual(doors.toSorted())
})

it('no-value-uses-a-later-bar: what each operation says of a moment is said of it when later bars are there', async () => {
  const seed = randomInt(1_000_000)
  const draw = mulberry32(seed)
  const minutes = new Set(Array.from({ length: moments }, () => 1 + Math.floor(draw() * (lastMinute - 1))))
  const { ask, reach, stop } = await startLaterBars(seed, lastMinute * minuteMs)
  try {
    const told: Told[] = []
    for (const minute of [...minutes].toSorted((a, b) => a - b)) {
      const atMs = await reach(minute * minuteMs)
      for (const door of Object.keys(barAnswers) as Door[]) {
        const line = barAnswers[door]
        if (typeof line === 'function') told.push({ door, atMs, hold: await line(door, ask, atMs) })
      }
    }
    await reach(lastMinute * minuteMs)
    for (const [atMs, own] of Map.groupBy(told, (one) => one.atMs)) {
      const later = laterOf(ask, atMs)
      expect((await later.changes('btcusdt', '15m')).length).toBeGreaterThan(0)
      for (const { door, hold } of own) {
        const [said, then] = await hold(later)
        expect({ said }, `${door}, drawn with ${seed}`).toMatchObject({ said: then })
      }
    }
  } finally {
    await stop()
  }
}, 120_000)

/** What the series and the history say of everything up to a moment, each read once. */
function laterOf(ask: Ask, atMs: number): Later {
  const series = new Map<string, Promise<readonly ShownBar[]>>()
  const query = { preset: 'aggressive', to_ms: String(atMs + 1) }
  const bars: Later['bars'] = (symbol, timeframe, venue = 'binance') => {
    const key = `${venue} ${symbol} ${timeframe}`
    const known =
      series.get(key) ??
      ask<Parameters<typeof toShownBars>[0]>('getRegimeSeries', {
        params: { symbol },
        query: { ...query, timeframe, venue, limit: '1000' },
      }).then(toShownBars)
    series.set(key, known)
    return known
  }
  return {
    ask,
    atMs,
    bars,
    last: async (...of) => (await bars(...of)).at(-1),
    changes: async (symbol, timeframe) => {
      const asked = { params: { symbol }, query: { ...query, timeframe } }
      return (await ask<{ transitions: Awaited<ReturnType<Later['changes']>> }>('getRegimeHistory', asked))
        .transitions
    },
  }
}
