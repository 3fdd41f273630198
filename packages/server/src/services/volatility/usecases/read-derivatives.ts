import { asGate } from '@gatehouse/kernel/db'
import type { z } from 'zod'
import type { fundingReply, ivGapReply } from '../contract/derivatives.ts'
import type { VolatilityDeps } from '../deps.ts'
import { annualizeRate, labelGap, volatilityOf30Days } from '../domain/derivative-figures.ts'
import { intervalMs } from '../domain/timeframe.ts'
import { volatilityPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { findNewestMs, listHours, listReadings, type StoredReading } from '../store/reading-store.ts'
import { findSymbol } from './choose-series.ts'

type ReadDeps = Pick<VolatilityDeps, 'board' | 'clock' | 'db' | 'derivativeFeeds'>

const settledShown = 21
const hoursRead = 721
const retryAfterSeconds = 60
const currencies: Readonly<Record<string, string>> = { btcusdt: 'BTC', ethusdt: 'ETH' }

/**
 * Throws `not_offered`, `feed_unavailable`, or `series_warming_up` if there is no realised volatility to compare with
 * yet.
 */
export async function readIvGap(deps: ReadDeps, name: string): Promise<z.input<typeof ivGapReply>> {
  const { symbol, primary } = findSymbol(deps, name)
  const currency = currencies[symbol]
  assertOffered(deps, 'dvol')
  if (currency === undefined)
    throw problems.not_offered({
      detail: `There is a volatility index of btcusdt and ethusdt, not of ${symbol}`,
    })
  const [candle] = await asGate(deps, (tx) => listReadings(tx, 'dvol', currency, 1))
  const ivMs = candle === undefined ? undefined : candle.tsMs + intervalMs['1m']
  assertFresh(deps, 'Deribit’s volatility index', ivMs)
  const reading = deps.board.find(primary, symbol, '1m')?.reading
  const realized = reading?.rv ?? 0
  if (
    candle === undefined ||
    ivMs === undefined ||
    reading == null ||
    realized === 0 ||
    deps.board.isStale(primary, symbol)
  )
    throw problems.series_warming_up({
      detail: `The series of ${symbol} has no volatility of now to compare with`,
    })
  const marketId = deps.board.findMarket(primary, symbol)?.marketId
  const hours = marketId === undefined ? [] : await asGate(deps, (tx) => listHours(tx, marketId, hoursRead))
  const implied = figure(candle, 'close') / 100
  const realized30 = volatilityOf30Days(hours)
  return {
    symbol,
    timeframe: '1m',
    realized_vol: realized,
    implied_vol: implied,
    gap: implied - realized,
    label: labelGap(implied, realized),
    rv_ts_ms: reading.openMs + intervalMs['1m'],
    iv_ts_ms: ivMs,
    realized_vol_30d: realized30,
    gap_30d: realized30 === null ? null : implied - realized30,
  }
}

/** Throws `not_offered` or `feed_unavailable`. */
export async function readFunding(deps: ReadDeps, name: string): Promise<z.input<typeof fundingReply>> {
  // A perpetual and its underlying symbol have the same funding.
  const spot = name.replace(/-perp$/, '')
  findSymbol(deps, deps.board.findCarried(spot) === undefined ? name : spot)
  assertOffered(deps, 'funding')
  const product = spot.toUpperCase()
  const { now, settled, newestMs } = await asGate(deps, async (tx) => ({
    now: (await listReadings(tx, 'funding', product, 1))[0],
    settled: await listReadings(tx, 'settled', product, settledShown),
    newestMs: await findNewestMs(tx, 'funding'),
  }))
  if (now === undefined) {
    assertFresh(deps, 'The feed of funding', newestMs)
    throw problems.not_offered({ detail: `Bybit has no linear perpetual ${product}` })
  }
  assertFresh(deps, 'The feed of funding', now.tsMs)
  const rate = figure(now, 'rate')
  const intervalMinutes = figure(now, 'intervalMinutes')
  const rates = settled.map((one) => figure(one, 'rate'))
  return {
    symbol: name,
    venue: 'bybit',
    product,
    funding_rate: rate,
    interval_minutes: intervalMinutes,
    annualized: annualizeRate(rate, intervalMinutes),
    next_funding_ms: figure(now, 'nextFundingMs'),
    mark_price: figure(now, 'markPrice'),
    index_price: figure(now, 'indexPrice'),
    as_of_ms: now.tsMs,
    history: settled.map((one) => ({ ts_ms: one.tsMs, rate: figure(one, 'rate') })),
    mean_rate: rates.length < settledShown ? null : rates.reduce((sum, one) => sum + one, 0) / rates.length,
  }
}

function assertOffered({ derivativeFeeds }: ReadDeps, feed: 'funding' | 'dvol'): void {
  if (!derivativeFeeds.includes(feed))
    throw problems.not_offered({ detail: `The feed ${feed} is switched off on this instance` })
}

function assertFresh({ clock }: ReadDeps, what: string, atMs: number | undefined): void {
  if (atMs !== undefined && clock.now() - atMs <= volatilityPolicy.readingStaleAfterMs) return
  throw problems.feed_unavailable({ detail: `${what} has told nothing of late`, retryAfterSeconds })
}

function figure({ kind, figures }: StoredReading, name: string): number {
  const value = figures[name]
  if (value === undefined) throw new Error(`A reading of ${kind} was kept without its ${name}`)
  return value
}
