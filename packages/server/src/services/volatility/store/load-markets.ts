import { type GateTx, query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { MarketState, PresetsByTimeframe } from '../domain/market.ts'
import type { MinuteBar } from '../domain/minute-gate.ts'
import type { Regime } from '../domain/regime-code.ts'
import type { Machine, TrackedPreset, TrackerState } from '../domain/series-tracker.ts'
import { newestVersions } from '../domain/tracked-presets.ts'
import { intervalMs, type Timeframe, timeframes } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { findTrackedPresets } from './applied-preset-store.ts'
import { flagsOf } from './column-text.ts'
import { minuteColumns, type MinuteRow, toMinute } from './minute-rows.ts'
import { toTimeframe } from './span.ts'
import { decodeTracker } from './tracker-codec.ts'

export type SeriesRef = {
  readonly seriesId: number
  readonly version: number
  /** Increased when a node other than the feed's owner changed the series' data. */
  readonly edition: number
  /** When its newest bar was processed. */
  readonly computedAtMs: number | null
}

/** A market as stored. */
export type LoadedMarket = {
  readonly marketId: number
  readonly venue: Venue
  readonly symbol: string
  /** When this instance started to carry it; changes before are history, and are not published. */
  readonly carriedSinceMs: number
  readonly series: Readonly<Record<Timeframe, SeriesRef>>
  /** The presets that its new series start with. */
  readonly presets: PresetsByTimeframe
  readonly state: MarketState
}

export type NewMarket = {
  readonly venue: Venue
  readonly symbol: string
  readonly kind: 'spot' | 'perp'
  readonly product: string
  /** Whether it is the primary market, whose series is the symbol's own. */
  readonly isPrimary?: boolean
}

/** Ensures that each market has a row, and a series per timeframe. */
export async function ensureMarkets(
  tx: WriterTx,
  markets: readonly NewMarket[],
  nowMs: number,
): Promise<void> {
  await sql`
    INSERT INTO volatility.market (venue, symbol, kind, product, is_primary, status, carried_since_ms)
    SELECT v, s, k, p, i, 'unverified', ${nowMs}::bigint
      FROM unnest(${markets.map(({ venue }) => venue)}::text[], ${markets.map(({ symbol }) => symbol)}::text[],
                  ${markets.map(({ kind }) => kind)}::text[], ${markets.map(({ product }) => product)}::text[],
                  ${flagsOf(markets.map(({ isPrimary = false }) => isPrimary))}::bool[])
        AS given (v, s, k, p, i)
        ON CONFLICT (venue, symbol) DO UPDATE
       SET product = excluded.product, is_primary = excluded.is_primary,
           status = CASE WHEN volatility.market.product = excluded.product THEN volatility.market.status
                         ELSE 'unverified' END
     WHERE (volatility.market.product, volatility.market.is_primary) <> (excluded.product, excluded.is_primary)`.execute(
    query(tx),
  )
  await sql`
    INSERT INTO volatility.series (market_id, timeframe)
    SELECT market_id, timeframe FROM volatility.market CROSS JOIN unnest(${[...timeframes]}::text[]) AS t (timeframe)
        ON CONFLICT DO NOTHING`.execute(query(tx))
}

type SeriesRow = {
  readonly market_id: number
  readonly venue: Venue
  readonly symbol: string
  readonly carried_since_ms: string
  readonly series_id: number
  readonly timeframe: string
  readonly version: number
  readonly edition: number
  readonly computed_at_ms: string | null
  readonly state: Buffer | null
}

type MachineRow = {
  readonly series_id: number
  readonly preset: string
  readonly method: string
  readonly preset_version: number
  readonly regime: Regime
  readonly run: number
  readonly entered_ms: string | null
}

export type LoadedSeries = SeriesRef & {
  readonly marketId: number
  readonly venue: Venue
  readonly symbol: string
  readonly carriedSinceMs: number
  readonly timeframe: Timeframe
  /** The newest versions of its presets. */
  readonly presets: readonly TrackedPreset[]
  /** Null before its first bar. */
  readonly state: TrackerState | null
}

type Which =
  | { readonly venue: Venue }
  | { readonly marketIds: readonly number[] }
  | { readonly seriesIds: readonly number[] }

/** Series as of their newest bar, with the newest machine of each preset and method. */
export async function loadSeries(tx: GateTx | WriterTx, which: Which): Promise<readonly LoadedSeries[]> {
  const chosen =
    'venue' in which
      ? sql`m.venue = ${which.venue}`
      : 'marketIds' in which
        ? sql`m.market_id = ANY (${[...which.marketIds]}::int[])`
        : sql`s.series_id = ANY (${[...which.seriesIds]}::int[])`
  const { rows } = await sql<SeriesRow>`
    SELECT m.market_id, m.venue, m.symbol, m.carried_since_ms, s.series_id, s.timeframe, s.version, s.edition,
           s.computed_at_ms, s.state
      FROM volatility.market m JOIN volatility.series s USING (market_id)
     WHERE ${chosen} ORDER BY m.market_id`.execute(query(tx))
  const machines = Map.groupBy(
    await listMachines(
      tx,
      rows.map(({ series_id }) => series_id),
    ),
    ({ series_id }) => series_id,
  )
  const presetsOf = await findTrackedPresets(tx)
  return rows.map(({ series_id: seriesId, market_id: marketId, venue, symbol, version, edition, ...row }) => {
    const timeframe = toTimeframe(row.timeframe)
    const presets = presetsOf(symbol, timeframe)
    const own = newestVersions(
      (machines.get(seriesId) ?? []).flatMap((machine) => toMachine(machine, presets)),
    )
    return {
      seriesId,
      marketId,
      venue,
      symbol,
      version,
      edition,
      carriedSinceMs: Number(row.carried_since_ms),
      timeframe,
      presets: newestVersions(presets),
      computedAtMs: row.computed_at_ms === null ? null : Number(row.computed_at_ms),
      state: row.state === null ? null : decodeTracker(row.state, own),
    }
  })
}

/** Markets with the data needed to continue after their last bar. */
export async function loadMarkets(tx: GateTx | WriterTx, which: Which): Promise<readonly LoadedMarket[]> {
  const all = await loadSeries(tx, which)
  const days = await listMinutesOfDay(tx, [...new Set(all.map(({ marketId }) => marketId))])
  return [...Map.groupBy(all, ({ marketId }) => marketId)].flatMap(([marketId, own]) => {
    const [first] = own
    if (first === undefined) return []
    const { venue, symbol, carriedSinceMs } = first
    const trackers = Object.fromEntries(
      own.flatMap(({ timeframe, state }) => (state === null ? [] : [[timeframe, state]])),
    )
    const minutesOfDay = days.get(marketId) ?? []
    const series = byTimeframe(own, (one): SeriesRef => one)
    const presets = byTimeframe(own, (one) => one.presets)
    return [{ marketId, venue, symbol, carriedSinceMs, series, presets, state: { trackers, minutesOfDay } }]
  })
}

function byTimeframe<T>(
  own: readonly LoadedSeries[],
  pick: (series: LoadedSeries) => T,
): Readonly<Record<Timeframe, T>> {
  const of = (name: Timeframe): T => {
    const found = own.find(({ timeframe }) => timeframe === name)
    if (found === undefined) throw new Error(`A market has no series of ${name}`)
    return pick(found)
  }
  return { '1m': of('1m'), '5m': of('5m'), '15m': of('15m'), '1h': of('1h'), '4h': of('4h'), '1d': of('1d') }
}

async function listMachines(
  tx: GateTx | WriterTx,
  seriesIds: readonly number[],
): Promise<readonly MachineRow[]> {
  const { rows } = await sql<MachineRow>`
    SELECT series_id, preset, method, preset_version, regime, run, entered_ms FROM volatility.machine
     WHERE series_id = ANY (${[...seriesIds]}::int[]) ORDER BY series_id, preset, preset_version`.execute(
    query(tx),
  )
  return rows
}

/** A machine of a preset that no longer exists is left out. */
function toMachine(row: MachineRow, presets: readonly TrackedPreset[]): readonly Machine[] {
  const found = presets.find(
    ({ preset, method, version }) =>
      preset === row.preset && method === row.method && version === row.preset_version,
  )
  if (found === undefined) return []
  const enteredMs = row.entered_ms === null ? null : Number(row.entered_ms)
  return [{ ...found, state: { regime: row.regime, run: row.run }, enteredMs }]
}

/** Minutes of the day that contains each market's cursor. */
async function listMinutesOfDay(
  tx: GateTx | WriterTx,
  marketIds: readonly number[],
): Promise<ReadonlyMap<number, readonly MinuteBar[]>> {
  const dayMs = intervalMs['1d']
  const { rows } = await sql<MinuteRow>`
    SELECT ${minuteColumns}
      FROM volatility.series s
      JOIN volatility.bar b
        ON b.market_id = s.market_id AND b.span = 1
       AND b.open_at >= to_timestamp((s.cursor_ms + 60000) / ${dayMs} * (${dayMs} / 1000))
     WHERE s.timeframe = '1m' AND s.cursor_ms IS NOT NULL AND s.market_id = ANY (${[...marketIds]}::int[])
     ORDER BY b.market_id, b.open_at`.execute(query(tx))
  const grouped = Map.groupBy(rows, ({ market_id }) => market_id)
  return new Map([...grouped].map(([marketId, own]) => [marketId, own.map(toMinute)]))
}
