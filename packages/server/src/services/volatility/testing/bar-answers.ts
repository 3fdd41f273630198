import { expect } from 'vitest'
import type { z } from 'zod'
import type {
  ConditionalReply,
  DurationsReply,
  ExplainReply,
  MatrixReply,
  StateAtReply,
  StoriesReply,
  TopDownReply,
} from '../contract/analytics.ts'
import type { BoardReply } from '../contract/board.ts'
import type { ConsensusTimeframesReply, VenueReading } from '../contract/consensus.ts'
import type { MarketCorrelationReply, SymbolCorrelationReply } from '../contract/correlation.ts'
import type { ivGapReply } from '../contract/derivatives.ts'
import type { ImpactReply, SizingReply } from '../contract/impact.ts'
import type { LeadLagReply, PairReply } from '../contract/lead-lag.ts'
import type { PreviewReply } from '../contract/preset-preview.ts'
import type { RangeReply } from '../contract/quality.ts'
import type { regimeReply } from '../contract/regime.ts'
import { type Timeframe, timeframes } from '../domain/timeframe.ts'
import {
  correlationOf,
  countPairs,
  dayMs,
  followingReturns,
  lastDays,
  listRuns,
  meanOf,
  medianOf,
  returnsOf,
  slopeOn,
} from '../fixtures/shown-bars.ts'
import { again, type BarAnswer, type Door, type Later, type Line, now, readsNoBars } from './bar-answer.ts'
import type { Asked } from './filled-markets.ts'

/** A preset that changes state often, so that there are changes to compare. */
const preset = 'aggressive'
const days = 7
const regimes = ['low', 'normal', 'high'] as const
const shortest = { timeframe: '1m', preset }
const quarters = { timeframe: '15m', preset }
const window = { ...quarters, lookback_days: String(days) }
const close = (value: number): unknown => expect.closeTo(value, 10)
const of = (symbol: string, query: Readonly<Record<string, string>> = {}): Asked => ({
  params: { symbol },
  query,
})
const endedBy = (atMs: number): { readonly to_ms: string } => ({ to_ms: String(atMs + 1) })
const manages = readsNoBars('manages what belongs to an organisation')
const tellsOnce = readsNoBars('tells each change as the transaction of its bar wrote it')
const lists = readsNoBars('lists what does not depend on bars')

type Told = z.output<typeof regimeReply>

async function asRegime(told: Told, { last, changes }: Later) {
  const { symbol, timeframe, regime, confidence } = told
  const bar = {
    ts: told.last_update_ms,
    close: told.close,
    rv: told.realized_vol,
    z: told.z_vol,
    regime,
    confidence,
  }
  const then = {
    bar: await last(symbol, timeframe),
    change: (await changes(symbol, timeframe)).at(-1) ?? null,
  }
  return [{ bar, change: told.last_transition }, then] as const
}

/** The last values of each venue's own series. */
async function venuesOf(timeframe: Timeframe, { last }: Later) {
  const read = async (venue: string) => {
    const bar = await last('btcusdt', timeframe, venue)
    return {
      regime: bar?.regime,
      z_vol: bar?.z,
      realized_vol: bar?.rv,
      close: bar?.close,
      last_update_ms: bar?.ts,
    }
  }
  return { binance: await read('binance'), bybit: await read('bybit') }
}

async function minuteReturns({ bars }: Later, symbol: string): Promise<readonly number[]> {
  return returnsOf(await bars(symbol, '1m'), 60)
}

/** Changes on 15-minute bars of a symbol in the last days before the newest one. */
async function recentChanges({ changes, last }: Later, symbol: string) {
  const lastMs = (await last('btcusdt', '15m'))?.ts ?? 0
  return (await changes(symbol, '15m')).filter(({ ts_ms: at }) => at > lastMs - days * dayMs)
}

async function countHighs(later: Later, symbol: string): Promise<number> {
  return (await recentChanges(later, symbol)).filter(({ to }) => to === 'high').length
}

const conditional: BarAnswer = now(
  of('btcusdt', window),
  async ({ baseline, by_regime: byRegime }: ConditionalReply, { bars }) => {
    const classified = lastDays(await bars('btcusdt', '15m'), days).filter(({ regime }) => regime !== null)
    const returns = followingReturns(classified, 900_000)
    const counted = regimes.map((regime) => returns.filter(({ bar }) => bar.regime === regime).length)
    return [
      { n: baseline.n, mean: baseline.mean, counted: regimes.map((regime) => byRegime[regime].n) },
      { n: returns.length, mean: close(meanOf(returns.map(({ value }) => value))), counted },
    ]
  },
)

const backtest = { timeframe: '15m', rule: 'avoid_high', preset, include_equity: true }

/** For every operation, how its statements about bars are verified later, or why it makes none. */
export const barAnswers: Readonly<Record<Door, Line>> = {
  getRegime: now(of('btcusdt', shortest), asRegime),
  listRegimes: now(
    { query: { ...quarters, symbols: 'btcusdt,ethusdt' } },
    async (reply: { readonly regimes: readonly Told[] }, later) => {
      const held = await Promise.all(reply.regimes.map((told) => asRegime(told, later)))
      return [
        [held.length, held.map(([told]) => told)],
        [2, held.map(([, then]) => then)],
      ]
    },
  ),
  getRegimeBoard: now({ query: { preset } }, async ({ symbols }: BoardReply, { last }) => {
    const then = await Promise.all(
      timeframes.map(async (timeframe) => {
        const bar = await last('btcusdt', timeframe)
        const { regime, z: z_vol, rv: realized_vol, confidence } = bar ?? {}
        return [timeframe, { regime, z_vol, realized_vol, confidence }] as const
      }),
    )
    return [symbols.find(({ symbol }) => symbol === 'btcusdt')?.cells, Object.fromEntries(then)]
  }),
  getRegimeHistory: again(
    () => of('btcusdt', shortest),
    (atMs) => of('btcusdt', { ...shortest, ...endedBy(atMs) }),
  ),
  getRegimeSeries: again(
    () => of('btcusdt', { ...shortest, limit: '1000' }),
    (atMs) => of('btcusdt', { ...shortest, limit: '1000', ...endedBy(atMs) }),
  ),
  // Its range refers to open times.
  exportSeries: again((atMs) =>
    of('btcusdt', { ...shortest, from_ms: String(atMs - 2 * dayMs), to_ms: String(atMs) }),
  ),
  getStateAt: again((atMs) => of('btcusdt', { ...quarters, ts_ms: String(atMs) })),
  explainRegime: now(of('btcusdt', quarters), async (told: ExplainReply, { ask, atMs, last }) => {
    const bar = await last('btcusdt', '15m')
    const { since_ms } = await ask<StateAtReply>(
      'getStateAt',
      of('btcusdt', { ...quarters, ts_ms: String(atMs) }),
    )
    return [told, { regime: bar?.regime, z_vol: bar?.z, realized_vol: bar?.rv, as_of_ms: bar?.ts, since_ms }]
  }),
  getRegimeMatrix: now(of('btcusdt', window), async ({ counts }: MatrixReply, { bars }) => {
    const told = Object.entries(counts).flatMap(([from, row]) =>
      Object.entries(row).map(([to, count]) => [`${from} ${to}`, count] as const),
    )
    const pairs = countPairs(lastDays(await bars('btcusdt', '15m'), days), '15m')
    return [Object.fromEntries(told), Object.fromEntries(told.map(([pair]) => [pair, pairs[pair] ?? 0]))]
  }),
  getRegimeDurations: now(of('btcusdt', window), async ({ durations }: DurationsReply, { bars }) => {
    const runs = listRuns(lastDays(await bars('btcusdt', '15m'), days))
    const then = regimes.map((regime) => {
      const own = runs.filter((run) => run.regime === regime).map((run) => run.bars)
      return [regime, { n: own.length, max: own.length === 0 ? null : Math.max(...own) }] as const
    })
    return [durations, Object.fromEntries(then)]
  }),
  getConditionalReturns: conditional,
  getRegimeForecast: conditional,
  getTopDown: now(of('btcusdt', { preset }), async ({ readings }: TopDownReply, { last }) => {
    const then = await Promise.all(
      (['1d', '4h', '1h', '15m'] as const).map(async (timeframe) => {
        const bar = await last('btcusdt', timeframe)
        return [timeframe, { regime: bar?.regime, z_vol: bar?.z, last_update_ms: bar?.ts }] as const
      }),
    )
    return [readings, Object.fromEntries(then)]
  }),
  listStories: now(
    of('btcusdt', { ...quarters, days: String(days), limit: '500' }),
    async ({ events }: StoriesReply, later) => {
      const changes = (await recentChanges(later, 'btcusdt')).toReversed()
      return [
        events,
        changes.map(({ ts_ms, from, to, z_vol, realized_vol }) => ({ ts_ms, from, to, z_vol, realized_vol })),
      ]
    },
  ),
  getImpact: now(of('btcusdt', { ...window, to: 'high' }), async (told: ImpactReply, later) => {
    const highs = (await recentChanges(later, 'btcusdt')).filter(({ to }) => to === 'high')
    const atMs = new Set(highs.map(({ ts_ms: at }) => at))
    const after = followingReturns(await later.bars('btcusdt', '15m'), 3_600_000)
      .filter(({ bar }) => atMs.has(bar.ts))
      .map(({ value }) => value)
    const median = after.length === 0 ? null : close(medianOf(after))
    return [told, { sample_size: highs.length, horizons: { '1h': { n: after.length, median } } }]
  }),
  getSizing: now(of('btcusdt', { ...quarters, target_vol: '0.2' }), async (told: SizingReply, { last }) => {
    const bar = await last('btcusdt', '15m')
    const raw_fraction = close(0.2 / (bar?.rv ?? 0))
    return [told, { regime: bar?.regime, realized_vol: bar?.rv, raw_fraction }]
  }),
  getMarketCorrelation: now({ query: { window: '60' } }, async (told: MarketCorrelationReply, later) => {
    const [btc, eth, sol] = [
      await minuteReturns(later, 'btcusdt'),
      await minuteReturns(later, 'ethusdt'),
      await minuteReturns(later, 'solusdt'),
    ]
    const mean = meanOf([correlationOf(btc, eth), correlationOf(btc, sol), correlationOf(eth, sol)])
    return [told, { pairs: 3, as_of_ms: later.atMs, mean_correlation: close(mean) }]
  }),
  getSymbolCorrelation: now(of('ethusdt', { window: '60' }), async (told: SymbolCorrelationReply, later) => {
    const [btc, eth] = [await minuteReturns(later, 'btcusdt'), await minuteReturns(later, 'ethusdt')]
    return [
      told,
      {
        as_of_ms: later.atMs,
        beta_to_reference: close(slopeOn(btc, eth)),
        correlation_with_peers: { btcusdt: close(correlationOf(eth, btc)) },
      },
    ]
  }),
  getConsensus: now(
    of('btcusdt', quarters),
    async ({ venues }: { readonly venues: Readonly<Record<string, VenueReading>> }, later) => [
      venues,
      await venuesOf('15m', later),
    ],
  ),
  getConsensusTimeframes: now(of('btcusdt', { preset }), async (told: ConsensusTimeframesReply, later) => {
    const then = await Promise.all(
      timeframes.map(async (timeframe) => [timeframe, { venues: await venuesOf(timeframe, later) }] as const),
    )
    return [told.timeframes, Object.fromEntries(then)]
  }),
  getPairLeadLag: now(
    { query: { ...window, leader: 'btcusdt', follower: 'ethusdt' } },
    async (told: PairReply, later) => [
      told,
      {
        leader_events: await countHighs(later, 'btcusdt'),
        follower_events: await countHighs(later, 'ethusdt'),
      },
    ],
  ),
  getLeadLag: now(
    { query: { ...window, leader: 'btcusdt', follower: 'solusdt' } },
    async ({ pairs }: LeadLagReply, later) => [
      pairs,
      [
        {
          leader_events: await countHighs(later, 'btcusdt'),
          follower_events: await countHighs(later, 'solusdt'),
        },
      ],
    ],
  ),
  runBacktest: again(
    () => ({ body: { symbol: 'btcusdt', ...backtest } }),
    (atMs) => ({ body: { symbol: 'btcusdt', ...backtest, to_ms: atMs + 1 } }),
  ),
  runSymbolBacktest: again(
    () => ({ params: { symbol: 'ethusdt' }, body: backtest }),
    (atMs) => ({ params: { symbol: 'ethusdt' }, body: { ...backtest, to_ms: atMs + 1 } }),
  ),
  previewPreset: now(
    { body: { symbol: 'btcusdt', timeframe: '15m', base: preset, bars: 1_000 } },
    async ({ ts_ms: ts, close: closes, z_vol: z, regime }: PreviewReply, { bars }) => {
      const then = await bars('btcusdt', '15m')
      return [
        ts.map((at, bar) => ({ ts: at, close: closes[bar], z: z[bar], regime: regime[bar] })),
        then.map((bar) => ({ ts: bar.ts, close: bar.close, z: bar.z, regime: bar.regime })),
      ]
    },
  ),
  // Midnight measurements are constant for the rest of the day, and so is the width of a range.
  getRegimeQuality: again(() => of('btcusdt', { timeframe: '1m' })),
  getVolatilityRange: now(of('btcusdt'), async (told: RangeReply, { ask, atMs, last }) => {
    const next = await ask<RangeReply>('getVolatilityRange', of('btcusdt'))
    const widths = ({ interval, median }: RangeReply): readonly number[] =>
      Object.values(interval).flatMap((ends) => ends.map((end) => end / median))
    const { as_of_ms, realized_vol } = told
    const rv = (await last('btcusdt', '1m'))?.rv
    return [
      [as_of_ms, realized_vol, widths(told)],
      [atMs, rv, widths(next).map(close)],
    ]
  }),
  getIvGap: now(of('btcusdt'), async (told: z.output<typeof ivGapReply>, { atMs, bars, last }) => {
    const squares = returnsOf(await bars('btcusdt', '1h'), 720).map((value) => value ** 2)
    return [
      told,
      {
        rv_ts_ms: atMs,
        iv_ts_ms: atMs,
        realized_vol: (await last('btcusdt', '1m'))?.rv,
        realized_vol_30d: close(Math.sqrt(8_760 * meanOf(squares))),
      },
    ]
  }),
  listOwnRegimeEvents: now(
    { query: { limit: '100' } },
    async ({ events }: { readonly events: readonly { readonly ts_ms: number }[] }, { ask, atMs }) => {
      const since = await ask<{ events: { ts_ms: number }[] }>('listOwnRegimeEvents', {
        query: { limit: '500' },
      })
      return [since.events.filter(({ ts_ms: at }) => at <= atMs).slice(0, 100), events]
    },
  ),
  getFunding: readsNoBars('tells what a venue of derivatives said'),
  openStream: tellsOnce,
  replayRegimeWebhook: tellsOnce,
  replayRegimeDelivery: tellsOnce,
  listSymbols: lists,
  listTimeframes: lists,
  listPresets: lists,
  getPreset: lists,
  getFeedStatus: readsNoBars('says how the feeds are now'),
  getPublicStats: readsNoBars('counts what was told and called up to now'),
  getPublicIncidents: readsNoBars('reads the log of calls'),
  getMyUsage: readsNoBars('reads the log of calls'),
  listCustomPresets: manages,
  upsertCustomPreset: manages,
  deleteCustomPreset: manages,
  createPreset: manages,
  replacePreset: manages,
  deletePreset: manages,
  getOwnAccount: manages,
  rotateVolatilityKey: manages,
  getMyBilling: manages,
  startCheckout: manages,
  openBillingPortal: manages,
  receivePaddle: manages,
  createRegimeWebhook: manages,
  listRegimeWebhooks: manages,
  getRegimeWebhook: manages,
  updateRegimeWebhook: manages,
  deleteRegimeWebhook: manages,
  testRegimeWebhook: manages,
  enableRegimeWebhook: manages,
  listRegimeDeliveries: manages,
  submitRegimeFeedback: manages,
  getSymbolAllowlist: manages,
  setSymbolAllowlist: manages,
  getKeyCeiling: manages,
  setKeyCeiling: manages,
}
