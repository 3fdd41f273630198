import { generateKeyPairSync } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { createAuditLog } from '@gatehouse/kernel/audit'
import { asWriter } from '@gatehouse/kernel/db'
import { RawReply, WithHeaders } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { builtInPresets } from '../domain/built-in-presets.ts'
import { fitHar, garmanKlassVariances, harRegressors, spreadOf } from '../domain/har-gk.ts'
import { barsAhead, smoothAhead, volatilityAhead } from '../domain/labels.ts'
import type { OhlcColumns } from '../domain/ohlc.ts'
import { replaySeries } from '../domain/replay.ts'
import { intervalMs, type Timeframe, timeframes } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { barsUntil, barsUpTo } from '../fixtures/cut-bars.ts'
import { drawBars } from '../fixtures/drawn-bars.ts'
import { derivativeHandlers } from '../handlers/derivative-handlers.ts'
import { exportHandlers } from '../handlers/export-handlers.ts'
import { regimeHandlers } from '../handlers/regime-handlers.ts'
import { insertCalibration } from '../store/calibration-store.ts'
import { adoptPresets } from '../usecases/adopt-presets.ts'
import { applyCalibration } from '../usecases/apply-calibration.ts'
import { makeDueTables } from '../usecases/make-day-tables.ts'
import { makeDueRangeTables } from '../usecases/make-range-tables.ts'
import { measureDueQuality } from '../usecases/measure-live-quality.ts'
import { readOwnEvents } from '../usecases/own-events.ts'
import { previewPreset } from '../usecases/preview-preset.ts'
import type { Ask } from './bar-answer.ts'
import { askThrough, type FilledMarkets, startFilledMarkets } from './filled-markets.ts'

const dayMs = 86_400_000
const minuteMs = 60_000
const midnightMs = Date.UTC(2026, 0, 6)
/** Enough bars of a day for a table, and enough errors for a forecast. */
const minutesBefore = 6 * 1_440
const barsBefore = 800

type Source = {
  readonly venue: Venue
  readonly symbol: string
  readonly timeframe: Timeframe
  readonly bars: OhlcColumns
}

/** Markets whose bars a test extends, with a calibration and midnight tables. */
export type LaterBars = {
  readonly ask: Ask
  /** Adds bars that end this long after midnight and sets the clock there; returns that time. */
  readonly reach: (afterMs: number) => Promise<number>
  readonly stop: () => Promise<void>
}

/** Bars exist up to `lastMs` after midnight and are generated from `seed`. */
export async function startLaterBars(seed: number, lastMs: number): Promise<LaterBars> {
  const markets = await startFilledMarkets(midnightMs)
  const { deps } = markets
  const sources = drawSources(seed, midnightMs + lastMs)
  let reachedMs = 0
  const reach = async (afterMs: number): Promise<number> => {
    const endMs = midnightMs + afterMs
    markets.clock.set(endMs)
    await deps.db.pool.query(
      `INSERT INTO volatility.reading (kind, product, at, figures) VALUES ('dvol', 'BTC', $1, $2)`,
      [new Date(endMs - minuteMs), { close: 40 + ((afterMs / minuteMs) % 7) }],
    )
    for (const { venue, symbol, timeframe, bars } of sources)
      await markets.fill(venue, symbol, timeframe, between(bars, timeframe, reachedMs, endMs))
    reachedMs = endMs
    return endMs
  }
  await reach(0)
  await calibrate(markets, barsUntil(minutesOf(sources), midnightMs))
  const { signal } = new AbortController()
  await makeDueTables(deps, new Map(), signal)
  await makeDueRangeTables(deps, new Map(), signal)
  await measureDueQuality(deps, new Map(), signal)
  await deps.board.refresh()
  return { ask: askOf(markets), reach, stop: markets.stop }
}

const caller: KeyPrincipal = {
  kind: 'key',
  orgId: '0b8c7a52-6f0e-4c38-9b1e-3d1a0b7f9c11',
  service: 'volatility',
  keyId: '0b8c7a52-6f0e-4c38-9b1e-3d1a0b7f9c12',
  keyPrefix: 'ak_01234567',
  scopes: [],
  ip: '192.0.2.1',
}

/** Calls any operation that reads bars, with a key. */
function askOf({ deps, handlers }: FilledMarkets): Ask {
  const reading = { ...deps, cursors: noCursors, derivativeFeeds: ['dvol'] as const }
  const answer = askThrough(
    {
      ...handlers,
      ...regimeHandlers(reading),
      ...derivativeHandlers(reading),
      ...exportHandlers(deps),
      previewPreset: (_: unknown, { body }: { readonly body: Parameters<typeof previewPreset>[2] }) =>
        previewPreset(deps, caller, body),
      listOwnRegimeEvents: (_: unknown, { query }: { readonly query: Parameters<typeof readOwnEvents>[2] }) =>
        readOwnEvents(deps, caller, query),
    },
    caller,
  )
  return async <T>(door: string, asked: Parameters<typeof answer>[1]) => {
    const reply = await answer(door, asked)
    const value =
      reply instanceof WithHeaders ? reply.value : reply instanceof RawReply ? await bodyOf(reply) : reply
    // Safe: the reply was validated by the contract from which these types are derived.
    return value as T
  }
}

async function bodyOf({ body }: RawReply): Promise<string> {
  return typeof body === 'string' || Buffer.isBuffer(body) ? String(body) : text(body)
}

/** Results in this test fit on one page. */
const noCursors = { seal: () => '', open: () => undefined }

function minutesOf(sources: readonly Source[]): OhlcColumns {
  const found = sources.find(
    ({ venue, symbol, timeframe }) => venue === 'binance' && symbol === 'btcusdt' && timeframe === '1m',
  )
  if (found === undefined) throw new Error('There are minutes')
  return found.bars
}

/** Several venues, symbols and timeframes; one has as many minutes as a forecast needs. */
function drawSources(seed: number, endMs: number): readonly Source[] {
  let next = seed
  const draw = (venue: Venue, symbol: string, timeframe: Timeframe, before: number): Source => {
    next += 1
    const count = before + Math.ceil(dayMs / intervalMs[timeframe])
    return { venue, symbol, timeframe, bars: barsUpTo(drawBars(timeframe, count, next), timeframe, endMs) }
  }
  return [
    ...timeframes.map((timeframe) => draw('bybit', 'btcusdt', timeframe, barsBefore)),
    ...(['ethusdt', 'solusdt'] as const).flatMap((symbol) =>
      (['15m', '1m'] as const).map((timeframe) => draw('binance', symbol, timeframe, barsBefore)),
    ),
    ...timeframes
      .filter((timeframe) => timeframe !== '1m')
      .map((timeframe) => draw('binance', 'btcusdt', timeframe, barsBefore)),
    draw('binance', 'btcusdt', '1m', minutesBefore),
  ]
}

/** Applies a forecast fitted to the minutes before midnight, so that there is a range. */
async function calibrate(markets: FilledMarkets, minutes: OhlcColumns): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const training = { from: 0, to: minutes.openMs.length }
  const smooth = smoothAhead(volatilityAhead('1m', replaySeries('1m', minutes).returns))
  const coefficients = fitHar(harRegressors(garmanKlassVariances(minutes)), smooth, {
    from: 0,
    to: training.to - barsAhead,
  })
  if (coefficients === undefined) throw new Error('There are enough bars to fit')
  const id = newId(1)
  await asWriter(markets.deps, (tx) =>
    insertCalibration(
      tx,
      {
        id,
        symbol: 'btcusdt',
        venue: 'binance',
        timeframe: '1m',
        method: 'har-gk',
        dataFromMs: 0,
        dataToMs: 1,
        bars: training.to,
        codeVersion: 1,
        because: 'command',
        drive: { kind: 'forecast', coefficients, ...spreadOf(smooth, training) },
        presets: {
          conservative: null,
          balanced: { thresholds: builtInPresets.balanced, macroF1: 0, alertsPerDay: 0 },
          aggressive: null,
        },
        scores: [],
      },
      1,
    ),
  )
  const audit = createAuditLog({ id: 'test-1', privateKey, publicKey })
  await applyCalibration({ ...markets.deps, audit }, id)
  await adoptPresets(markets.deps, new AbortController().signal)
  await markets.deps.board.refresh()
  await markets.restart()
}

function between(all: OhlcColumns, timeframe: Timeframe, fromMs: number, toMs: number): OhlcColumns {
  const ended = barsUntil(all, toMs, timeframe)
  const found = ended.openMs.findIndex((openMs) => openMs + intervalMs[timeframe] > fromMs)
  const first = found === -1 ? ended.openMs.length : found
  const cut = (column: Float64Array): Float64Array => column.subarray(first)
  return {
    openMs: cut(ended.openMs),
    opens: cut(ended.opens),
    highs: cut(ended.highs),
    lows: cut(ended.lows),
    closes: cut(ended.closes),
    volumes: cut(ended.volumes),
  }
}
