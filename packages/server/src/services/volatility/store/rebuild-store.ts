import { type GateTx, query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { AcceptedBar } from '../domain/market.ts'
import type { MinuteBar } from '../domain/minute-gate.ts'
import type { Regime } from '../domain/regime-code.ts'
import { startOfMachine } from '../domain/regime-machine.ts'
import type { Machine, TrackedPreset, TrackerState } from '../domain/series-tracker.ts'
import { intervalMs, type Timeframe, timeframes } from '../domain/timeframe.ts'
import { numbersOf } from './column-text.ts'
import { insertBars } from './ingest-store.ts'
import { minuteColumns, type MinuteRow, toMinute } from './minute-rows.ts'
import type { StoredTransition } from './snapshot-store.ts'
import { isShort, spanOf } from './span.ts'
import { decodeTracker, encodeTracker } from './tracker-codec.ts'

type ReadTx = GateTx | WriterTx

/** A late minute that was not included in the series yet; in order of arrival. */
export type UnfoldedBar = MinuteBar & { readonly lateBarId: number }

export async function listUnfolded(tx: ReadTx, marketId: number): Promise<readonly UnfoldedBar[]> {
  const { rows } = await sql<MinuteRow & { readonly late_bar_id: string }>`
    SELECT late_bar_id, market_id, open_ms::float8, open, high, low, close, volume, quote_volume, trades, origin, filled
      FROM volatility.late_bar
     WHERE market_id = ${marketId} AND span = 1 AND folded_in_version IS NULL ORDER BY late_bar_id`.execute(
    query(tx),
  )
  return rows.map(({ late_bar_id, ...row }) => ({ ...toMinute(row), lateBarId: Number(late_bar_id) }))
}

/** The minutes of some days, given by their midnights, oldest first. */
export async function listMinutesOfDays(
  tx: ReadTx,
  marketId: number,
  midnights: readonly number[],
): Promise<readonly MinuteBar[]> {
  if (midnights.length === 0) return []
  const { rows } = await sql<MinuteRow>`
    SELECT ${minuteColumns}
      FROM unnest(${numbersOf(midnights)}::float8[]) AS given (day_ms)
      JOIN volatility.bar b
        ON b.market_id = ${marketId} AND b.span = 1 AND b.open_at >= to_timestamp(day_ms / 1000)
       AND b.open_at < to_timestamp(day_ms / 1000) + interval '24 hours'
     ORDER BY b.open_at`.execute(query(tx))
  return rows.map(toMinute)
}

/** The state stored after a bar, from which machines of later presets can start. */
export async function findCheckpoint(
  tx: ReadTx,
  {
    seriesId,
    version,
    openMs,
  }: { readonly seriesId: number; readonly version: number; readonly openMs: number },
  presets: readonly TrackedPreset[],
): Promise<TrackerState | undefined> {
  type Kept = Pick<Machine, 'preset' | 'method' | 'version' | 'enteredMs'> & {
    readonly regime: Regime
    readonly run: number
  }
  const { rows } = await sql<{ readonly state: Buffer; readonly machines: readonly Kept[] }>`
    SELECT state, machines FROM volatility.checkpoint
     WHERE series_id = ${seriesId} AND series_version = ${version} AND open_ms = ${openMs}`.execute(query(tx))
  const [row] = rows
  if (row === undefined) return undefined
  const machines = presets.map((preset): Machine => {
    const kept = row.machines.find(
      (one) => one.preset === preset.preset && one.method === preset.method && one.version === preset.version,
    )
    if (kept === undefined) return { ...preset, state: startOfMachine, enteredMs: null }
    return { ...preset, state: { regime: kept.regime, run: kept.run }, enteredMs: kept.enteredMs }
  })
  return decodeTracker(row.state, machines)
}

/** All changes of a series' version up to a time, by all presets, oldest first. */
export async function listAllTransitions(
  tx: ReadTx,
  seriesId: number,
  version: number,
  throughMs: number,
): Promise<readonly StoredTransition[]> {
  const { rows } = await sql<Omit<StoredTransition, 'seq' | 'tsMs'> & { seq: string; ts: string }>`
    SELECT seq, series_id AS "seriesId", preset, method, preset_version AS "presetVersion", from_regime AS "from",
           to_regime AS "to", ts_ms AS ts, z, rv, baseline, close, reason, late
      FROM volatility.transition
     WHERE series_id = ${seriesId} AND series_version = ${version} AND ts_ms <= ${throughMs}
     ORDER BY ts_ms, seq`.execute(query(tx))
  return rows.map(({ seq, ts, ...row }) => ({ ...row, seq: Number(seq), tsMs: Number(ts) }))
}

/** The number of bars of all timeframes in some markets. */
export async function countStoredBars(tx: ReadTx, marketIds: readonly number[]): Promise<number> {
  const { rows } = await sql<{ bars: string }>`
    SELECT (SELECT count(*) FROM volatility.bar WHERE market_id = ANY (${[...marketIds]}::int[]))
         + (SELECT count(*) FROM volatility.long_bar WHERE market_id = ANY (${[...marketIds]}::int[])) AS bars`.execute(
    query(tx),
  )
  return Number(rows[0]?.bars ?? 0)
}

/**
 * Increases a venue's epoch: after the commit, writes under the previous one fail, and the feed's owner reads its
 * markets again.
 */
export async function raiseEpoch(tx: WriterTx, venue: string): Promise<void> {
  await sql`UPDATE volatility.feed SET epoch = epoch + 1 WHERE venue = ${venue}`.execute(query(tx))
}

/** Replaces accepted bars. */
export async function replaceBars(
  tx: WriterTx,
  marketId: number,
  bars: readonly AcceptedBar[],
): Promise<void> {
  for (const timeframe of timeframes) {
    const own = bars.filter((bar) => bar.timeframe === timeframe)
    if (own.length === 0) continue
    await sql`
      DELETE FROM ${barTable(timeframe)}
       WHERE market_id = ${marketId} AND span = ${spanOf(timeframe)}
         AND open_at IN (SELECT to_timestamp(ms / 1000)
                           FROM unnest(${numbersOf(own.map(({ openMs }) => openMs))}::float8[]) AS given (ms))`.execute(
      query(tx),
    )
  }
  await insertBars(
    tx,
    bars.map((bar) => ({ ...bar, marketId })),
  )
}

export async function setFolded(tx: WriterTx, lateBarIds: readonly number[], version: number): Promise<void> {
  await sql`
    UPDATE volatility.late_bar SET folded_in_version = ${version}
     WHERE late_bar_id = ANY (${numbersOf(lateBarIds)}::bigint[])`.execute(query(tx))
}

export type RebuiltSeries = {
  readonly seriesId: number
  readonly timeframe: Timeframe
  /** The current version, before the change. */
  readonly version: number
  readonly edition: number
  readonly state: TrackerState
}

/** Sets a series to its next version; false if the version was changed concurrently. Its day tables are made again. */
export async function saveRebuilt(
  tx: WriterTx,
  { seriesId, timeframe, version, edition, state }: RebuiltSeries,
  atMs: number,
): Promise<boolean> {
  const { reading, cursorMs, readyMs } = state
  const endMs = reading === null ? null : reading.openMs + intervalMs[timeframe]
  const { numAffectedRows } = await sql`
    UPDATE volatility.series
       SET version = version + 1, cursor_ms = ${cursorMs}::bigint, last_open_ms = ${reading?.openMs ?? null}::bigint,
           close = ${reading?.close ?? null}::float8, rv = ${reading?.rv ?? null}::float8,
           baseline = ${reading?.baseline ?? null}::float8, sigma = ${reading?.sigma ?? null}::float8,
           z = ${reading?.z ?? null}::float8, ready_ms = ${readyMs}::bigint, computed_at_ms = ${atMs},
           state = ${encodeTracker(state)}, tables_ms = NULL, rebuilt_ms = ${endMs}::bigint
     WHERE series_id = ${seriesId} AND version = ${version} AND edition = ${edition}`.execute(query(tx))
  return numAffectedRows === 1n
}

/** Copies checkpoints from before the stored bars to the next version, for which they stay valid. */
export async function carryCheckpoints(
  tx: WriterTx,
  { seriesId, version }: Pick<RebuiltSeries, 'seriesId' | 'version'>,
  throughMs: number,
): Promise<void> {
  await sql`
    INSERT INTO volatility.checkpoint (series_id, series_version, open_ms, state, machines)
    SELECT series_id, ${version + 1}, open_ms, state, machines FROM volatility.checkpoint
     WHERE series_id = ${seriesId} AND series_version = ${version} AND open_ms <= ${throughMs}`.execute(
    query(tx),
  )
}

function barTable(timeframe: Timeframe) {
  return isShort(timeframe) ? sql`volatility.bar` : sql`volatility.long_bar`
}
