import { type GateTx, query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { TrackedPreset, TrackerState } from '../domain/series-tracker.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import { newestVersions } from '../domain/tracked-presets.ts'
import { findTrackedPresets } from './applied-preset-store.ts'
import { toTimeframe } from './span.ts'
import { decodeTracker, encodeTracker } from './tracker-codec.ts'

/** A series with bars that lacks machines for applied presets. */
export type Unadopted = {
  readonly seriesId: number
  readonly marketId: number
  readonly venue: string
  readonly timeframe: Timeframe
  readonly presets: readonly TrackedPreset[]
}

type Row = {
  readonly series_id: number
  readonly market_id: number
  readonly venue: string
  readonly symbol: string
  readonly timeframe: string
}

/** Series of symbols with applied presets whose newest version has no machine yet. */
export async function listUnadopted(tx: GateTx | WriterTx): Promise<readonly Unadopted[]> {
  const { rows } = await sql<Row>`
    SELECT s.series_id, s.market_id, m.venue, m.symbol, s.timeframe
      FROM volatility.series s JOIN volatility.market m USING (market_id)
     WHERE s.state IS NOT NULL
       AND EXISTS (
         SELECT FROM volatility.applied_preset a
          WHERE a.symbol = m.symbol AND a.timeframe = s.timeframe
            AND a.version = (SELECT max(version) FROM volatility.applied_preset
                              WHERE symbol = a.symbol AND timeframe = a.timeframe AND method = a.method
                                AND preset = a.preset)
            AND NOT EXISTS (SELECT FROM volatility.machine k
                             WHERE k.series_id = s.series_id AND k.preset = a.preset AND k.method = a.method
                               AND k.preset_version = a.version))
     ORDER BY s.series_id`.execute(query(tx))
  if (rows.length === 0) return []
  const presetsOf = await findTrackedPresets(tx)
  const known = await listVersions(
    tx,
    rows.map(({ series_id }) => series_id),
  )
  return rows.map(({ series_id: seriesId, market_id: marketId, venue, symbol, ...row }) => {
    const timeframe = toTimeframe(row.timeframe)
    const presets = newestVersions(presetsOf(symbol, timeframe)).filter(
      ({ preset, method, version }) => !known.has(`${seriesId}/${preset}/${method}/${version}`),
    )
    return { seriesId, marketId, venue, timeframe, presets }
  })
}

async function listVersions(
  tx: GateTx | WriterTx,
  seriesIds: readonly number[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ key: string }>`
    SELECT series_id || '/' || preset || '/' || method || '/' || preset_version AS key
      FROM volatility.machine WHERE series_id = ANY (${[...seriesIds]}::int[])`.execute(query(tx))
  return new Set(rows.map(({ key }) => key))
}

export type LockedSeries = {
  readonly version: number
  readonly lastOpenMs: number | null
  readonly state: TrackerState | null
}

/** Locks a series, so that a writer of its next bar waits and then reads it again. */
export async function lockSeries(tx: WriterTx, seriesId: number): Promise<LockedSeries | undefined> {
  const { rows } = await sql<{ version: number; last_open_ms: string | null; state: Buffer | null }>`
    SELECT version, last_open_ms, state FROM volatility.series WHERE series_id = ${seriesId} FOR UPDATE`.execute(
    query(tx),
  )
  return rows.map(({ version, last_open_ms, state }) => ({
    version,
    lastOpenMs: last_open_ms === null ? null : Number(last_open_ms),
    state: state === null ? null : decodeTracker(state, []),
  }))[0]
}

/** Updates a series without changing its bars, so that the owner of its feed reads it again. */
export async function changeSeries(tx: WriterTx, seriesId: number, state: TrackerState): Promise<void> {
  await sql`
    UPDATE volatility.series SET edition = edition + 1, state = ${encodeTracker(state)}
     WHERE series_id = ${seriesId}`.execute(query(tx))
}
