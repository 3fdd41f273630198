import { query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { AcceptedBar } from '../domain/market.ts'
import type { MinuteBar, TimeRange } from '../domain/minute-gate.ts'
import type { Machine, TrackedTransition, TrackerState } from '../domain/series-tracker.ts'
import type { Venue } from '../domain/venue.ts'
import { bytesOf, flagsOf, numbersOf } from './column-text.ts'
import { isShort, originCodes, spanOf } from './span.ts'
import { encodeTracker } from './tracker-codec.ts'

type OfMarket<T> = T & { readonly marketId: number }
type OfSeries<T> = T & { readonly seriesId: number }

/** Which of these venues still have their owner's epoch; locks them until the transaction ends. */
export async function lockEpochs(
  tx: WriterTx,
  epochs: ReadonlyMap<Venue, number>,
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ venue: string; epoch: string }>`
    SELECT venue, epoch FROM volatility.feed WHERE venue = ANY (${[...epochs.keys()]}) FOR SHARE`.execute(
    query(tx),
  )
  return new Set(
    rows.flatMap(({ venue, epoch }) =>
      [...epochs].some(([name, own]) => name === venue && own === Number(epoch)) ? [venue] : [],
    ),
  )
}

export async function insertBars(tx: WriterTx, bars: readonly OfMarket<AcceptedBar>[]): Promise<void> {
  const [short, long] = [
    bars.filter(({ timeframe }) => isShort(timeframe)),
    bars.filter(({ timeframe }) => !isShort(timeframe)),
  ]
  if (short.length > 0) await insertInto(tx, 'bar', short)
  if (long.length > 0) await insertInto(tx, 'long_bar', long)
}

async function insertInto(
  tx: WriterTx,
  table: 'bar' | 'long_bar',
  bars: readonly OfMarket<AcceptedBar>[],
): Promise<void> {
  const column = (pick: (bar: OfMarket<AcceptedBar>) => number | null): string => numbersOf(bars.map(pick))
  await sql`
    INSERT INTO ${sql.table(`volatility.${table}`)}
      (open_at, open, high, low, close, volume, quote_volume, market_id, trades, span, minutes, origin, filled)
    SELECT to_timestamp(open_ms / 1000), o, h, l, c, v, q, m, t, s, p, g, f
      FROM unnest(${column(({ openMs }) => openMs)}::float8[], ${column(({ open }) => open)}::float8[],
                  ${column(({ high }) => high)}::float8[], ${column(({ low }) => low)}::float8[],
                  ${column(({ close }) => close)}::float8[], ${column(({ volume }) => volume)}::float8[],
                  ${column(({ quoteVolume }) => quoteVolume)}::float8[],
                  ${column(({ marketId }) => marketId)}::int[], ${column(({ trades }) => trades)}::int[],
                  ${column(({ timeframe }) => spanOf(timeframe))}::int2[],
                  ${column(({ parts }) => parts)}::int2[],
                  ${column(({ origin }) => originCodes[origin])}::int2[],
                  ${flagsOf(bars.map(({ filled }) => filled))}::bool[])
        AS given (open_ms, o, h, l, c, v, q, m, t, s, p, g, f)`.execute(query(tx))
}

/** The stored bars for these minutes, by market and open time. */
export async function findMinutes(
  tx: WriterTx,
  minutes: readonly OfMarket<{ readonly openMs: number }>[],
): Promise<ReadonlyMap<string, Omit<MinuteBar, 'origin' | 'filled'>>> {
  type Row = Record<'market_id' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'open_ms', number> & {
    readonly quote_volume: number | null
    readonly trades: number | null
  }
  const { rows } = await sql<Row>`
    SELECT b.market_id, open_ms, b.open, b.high, b.low, b.close, b.volume, b.quote_volume, b.trades
      FROM unnest(${numbersOf(minutes.map(({ marketId }) => marketId))}::int[],
                  ${numbersOf(minutes.map(({ openMs }) => openMs))}::float8[]) AS given (market_id, open_ms)
      JOIN volatility.bar b
        ON b.market_id = given.market_id AND b.span = 1 AND b.open_at = to_timestamp(open_ms / 1000)`.execute(
    query(tx),
  )
  return new Map(
    rows.map(({ market_id, open_ms, quote_volume, ...prices }) => [
      minuteKey(market_id, open_ms),
      { openMs: open_ms, quoteVolume: quote_volume, ...prices },
    ]),
  )
}

export function minuteKey(marketId: number, openMs: number): string {
  return `${marketId}/${openMs}`
}

export type LateBar = OfMarket<MinuteBar> & { readonly reason: 'changed' | 'behind_cursor' }

export async function insertLateBars(tx: WriterTx, bars: readonly LateBar[], atMs: number): Promise<void> {
  for (const bar of bars)
    await sql`
      INSERT INTO volatility.late_bar
        (market_id, span, open_ms, open, high, low, close, volume, quote_volume, trades, origin, filled, reason, noted_at)
      SELECT ${bar.marketId}::int, 1, ${bar.openMs}::bigint, ${bar.open}, ${bar.high}, ${bar.low}, ${bar.close},
             ${bar.volume}, ${bar.quoteVolume}::float8, ${bar.trades}::int, ${originCodes[bar.origin]}::int2,
             ${bar.filled}::bool, ${bar.reason}, ${new Date(atMs)}
       WHERE NOT EXISTS (SELECT FROM volatility.late_bar
                          WHERE market_id = ${bar.marketId} AND span = 1 AND open_ms = ${bar.openMs}
                            AND open = ${bar.open} AND high = ${bar.high} AND low = ${bar.low}
                            AND close = ${bar.close} AND volume = ${bar.volume})`.execute(query(tx))
}

export async function insertAbsences(
  tx: WriterTx,
  absences: readonly OfMarket<TimeRange & { readonly reason: string }>[],
  atMs: number,
): Promise<void> {
  for (const { marketId, fromMs, toMs, reason } of absences)
    await sql`
      INSERT INTO volatility.absence (market_id, from_ms, to_ms, reason, noted_at)
      VALUES (${marketId}, ${fromMs}, ${toMs}, ${reason}, ${new Date(atMs)})`.execute(query(tx))
}

/** Series data was changed concurrently since it was read; nothing was written. */
export class SeriesChanged extends Error {}

/** Stores series after their newest bar; throws `SeriesChanged`. */
export async function saveSeries(
  tx: WriterTx,
  series: readonly OfSeries<{ readonly edition: number; readonly state: TrackerState }>[],
  atMs: number,
): Promise<void> {
  const column = (pick: (state: TrackerState) => number | null): string =>
    numbersOf(series.map(({ state }) => pick(state)))
  const { numAffectedRows } = await sql`
    UPDATE volatility.series s
       SET cursor_ms = given.cursor_ms, last_open_ms = given.open_ms, close = c, rv = given.r, baseline = b,
           sigma = g, z = given.zz, ready_ms = given.ready, computed_at_ms = ${atMs}, state = given.st
      FROM unnest(${numbersOf(series.map(({ seriesId }) => seriesId))}::int[],
                  ${numbersOf(series.map(({ edition }) => edition))}::int[],
                  ${column(({ cursorMs }) => cursorMs)}::bigint[],
                  ${column(({ reading }) => reading?.openMs ?? null)}::bigint[],
                  ${column(({ reading }) => reading?.close ?? null)}::float8[],
                  ${column(({ reading }) => reading?.rv ?? null)}::float8[],
                  ${column(({ reading }) => reading?.baseline ?? null)}::float8[],
                  ${column(({ reading }) => reading?.sigma ?? null)}::float8[],
                  ${column(({ reading }) => reading?.z ?? null)}::float8[],
                  ${column(({ readyMs }) => readyMs)}::bigint[],
                  ${bytesOf(series.map(({ state }) => encodeTracker(state)))}::bytea[])
        AS given (id, edition, cursor_ms, open_ms, c, r, b, g, zz, ready, st)
     WHERE s.series_id = given.id AND s.edition = given.edition`.execute(query(tx))
  if (Number(numAffectedRows) !== series.length)
    throw new SeriesChanged('A series was changed beside its feed; it is read anew')
}

export async function saveMachines(tx: WriterTx, machines: readonly OfSeries<Machine>[]): Promise<void> {
  if (machines.length === 0) return
  await sql`
    INSERT INTO volatility.machine (series_id, preset, method, preset_version, regime, run, entered_ms)
    SELECT * FROM unnest(${numbersOf(machines.map(({ seriesId }) => seriesId))}::int[],
                         ${machines.map(({ preset }) => preset)}::text[],
                         ${machines.map(({ method }) => method)}::text[],
                         ${numbersOf(machines.map(({ version }) => version))}::int[],
                         ${machines.map(({ state }) => state.regime)}::text[],
                         ${numbersOf(machines.map(({ state }) => state.run))}::int2[],
                         ${numbersOf(machines.map(({ enteredMs }) => enteredMs))}::bigint[])
        ON CONFLICT (series_id, preset, method, preset_version)
        DO UPDATE SET regime = excluded.regime, run = excluded.run, entered_ms = excluded.entered_ms`.execute(
    query(tx),
  )
}

export type NewTransition = OfSeries<TrackedTransition> & {
  readonly seq: number
  readonly seriesVersion: number
  readonly late: boolean
}

/**
 * Reserves event numbers, which increase in commit order, because the row lock is held until the commit. Returns the
 * first.
 */
export async function takeNumbers(tx: WriterTx, count: number): Promise<number> {
  const { rows } = await sql<{ seq: string }>`
    UPDATE volatility.event_head SET seq = seq + ${count} RETURNING seq`.execute(query(tx))
  const [row] = rows
  if (row === undefined) throw new Error('The counter of events is gone')
  return Number(row.seq) - count + 1
}

export async function insertTransitions(tx: WriterTx, rows: readonly NewTransition[]): Promise<void> {
  const column = (pick: (row: NewTransition) => number | null): string => numbersOf(rows.map(pick))
  await sql`
    INSERT INTO volatility.transition
      (seq, series_id, series_version, preset, method, preset_version, from_regime, to_regime, ts_ms, z, rv, baseline,
       close, reason, late)
    SELECT * FROM unnest(${column(({ seq }) => seq)}::bigint[], ${column(({ seriesId }) => seriesId)}::int[],
                         ${column(({ seriesVersion }) => seriesVersion)}::int[],
                         ${rows.map(({ preset }) => preset)}::text[], ${rows.map(({ method }) => method)}::text[],
                         ${column(({ presetVersion }) => presetVersion)}::int[],
                         ${rows.map(({ from }) => from)}::text[], ${rows.map(({ to }) => to)}::text[],
                         ${column(({ tsMs }) => tsMs)}::bigint[], ${column(({ z }) => z)}::float8[],
                         ${column(({ rv }) => rv)}::float8[], ${column(({ baseline }) => baseline)}::float8[],
                         ${column(({ close }) => close)}::float8[], ${rows.map(({ reason }) => reason)}::text[],
                         ${flagsOf(rows.map(({ late }) => late))}::bool[])`.execute(query(tx))
}

export async function insertCheckpoints(
  tx: WriterTx,
  checkpoints: readonly OfSeries<{
    readonly seriesVersion: number
    readonly openMs: number
    readonly state: TrackerState
  }>[],
): Promise<void> {
  for (const { seriesId, seriesVersion, openMs, state } of checkpoints) {
    const machines = state.machines.map(({ preset, method, version, state: { regime, run }, enteredMs }) => ({
      preset,
      method,
      version,
      regime,
      run,
      enteredMs,
    }))
    await sql`
      INSERT INTO volatility.checkpoint (series_id, series_version, open_ms, state, machines)
      VALUES (${seriesId}, ${seriesVersion}, ${openMs}, ${encodeTracker(state)}, ${JSON.stringify(machines)})`.execute(
      query(tx),
    )
  }
}

/** An event to publish; of an organisation's own preset, or of a built-in one. */
export type NewEvent = {
  readonly seq: number
  readonly id: string
  readonly orgId: string | null
  readonly type: string
  readonly body: object
}

/** Inserts events; nodes are notified of their numbers when the transaction commits. */
export async function insertEvents(tx: WriterTx, events: readonly NewEvent[], atMs: number): Promise<void> {
  const [first] = events
  const last = events.at(-1)
  if (first === undefined || last === undefined) return
  await sql`
    INSERT INTO volatility.event (seq, id, org_id, type, body, created_at)
    SELECT seq, id, org_id, type, body, ${new Date(atMs)}
      FROM unnest(${numbersOf(events.map(({ seq }) => seq))}::bigint[], ${events.map(({ id }) => id)}::text[],
                  ${events.map(({ orgId }) => orgId)}::uuid[], ${events.map(({ type }) => type)}::text[],
                  ${events.map(({ body }) => JSON.stringify(body))}::jsonb[])
        AS given (seq, id, org_id, type, body)`.execute(query(tx))
  await sql`SELECT gatehouse.invalidate(${`volatility.events:${first.seq}-${last.seq}`})`.execute(query(tx))
}

/** Notifies that the series of these venues changed. */
export async function tellOfBars(tx: WriterTx, venues: readonly string[]): Promise<void> {
  for (const venue of venues)
    await sql`SELECT gatehouse.invalidate(${`volatility.bars:${venue}`})`.execute(query(tx))
}

export async function noteNewestBar(tx: WriterTx, venue: string, lastBarMs: number): Promise<void> {
  await sql`
    UPDATE volatility.feed SET last_bar_ms = greatest(last_bar_ms, ${lastBarMs}) WHERE venue = ${venue}`.execute(
    query(tx),
  )
}
