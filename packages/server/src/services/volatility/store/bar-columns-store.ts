import { type GateTx, query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import { intervalMs, type Timeframe } from '../domain/timeframe.ts'

export type StoredColumns = {
  readonly openMs: Float64Array
  readonly opens: Float64Array
  readonly highs: Float64Array
  readonly lows: Float64Array
  readonly closes: Float64Array
}

type Range = {
  readonly timeframe: Timeframe
  /** Bars that open after this. */
  readonly afterMs: number
  /** At most so many, the oldest first. */
  readonly barsMax: number
}

/** Bars of a market as columns. They travel as bytes, which costs a tenth of a row for each bar. */
export async function listBarColumns(
  tx: GateTx | WriterTx,
  marketId: number,
  { timeframe, afterMs, barsMax }: Range,
): Promise<StoredColumns> {
  const { rows } = await sql<ColumnsRow>`
    SELECT string_agg(timestamptz_send(open_at), '') AS open_at, string_agg(float8send(open), '') AS open,
      string_agg(float8send(high), '') AS high, string_agg(float8send(low), '') AS low,
      string_agg(float8send(close), '') AS close
    FROM (
      SELECT open_at, open, high, low, close FROM ${barTable(timeframe)}
      WHERE market_id = ${marketId} AND span = ${spanOf(timeframe)} AND open_at > ${new Date(afterMs)}
      ORDER BY open_at LIMIT ${barsMax}
    ) AS bar`.execute(query(tx))
  return toColumns(rows[0])
}

export type WholeColumns = StoredColumns & { readonly volumes: Float64Array }

/** The same with the volume. */
export async function listWholeBars(
  tx: GateTx,
  marketId: number,
  { timeframe, afterMs, barsMax }: Range,
): Promise<WholeColumns> {
  const { rows } = await sql<ColumnsRow & { readonly volume: Buffer | null }>`
    SELECT string_agg(timestamptz_send(open_at), '') AS open_at, string_agg(float8send(open), '') AS open,
      string_agg(float8send(high), '') AS high, string_agg(float8send(low), '') AS low,
      string_agg(float8send(close), '') AS close, string_agg(float8send(volume), '') AS volume
    FROM (
      SELECT open_at, open, high, low, close, volume FROM ${barTable(timeframe)}
      WHERE market_id = ${marketId} AND span = ${spanOf(timeframe)} AND open_at > ${new Date(afterMs)}
      ORDER BY open_at LIMIT ${barsMax}
    ) AS bar`.execute(query(tx))
  const [row] = rows
  return {
    ...toColumns(row),
    volumes: toDoubles(row?.volume ?? null),
  }
}

/** How many bars open from one moment on and before another. */
export async function countBars(
  tx: GateTx,
  marketId: number,
  timeframe: Timeframe,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<number> {
  const { rows } = await sql<{ bars: string }>`
    SELECT count(*) AS bars FROM ${barTable(timeframe)}
    WHERE market_id = ${marketId} AND span = ${spanOf(timeframe)}
      AND open_at >= ${new Date(fromMs)} AND open_at < ${new Date(toMs)}`.execute(query(tx))
  return Number(rows[0]?.bars ?? 0)
}

/** The newest bars of several markets: those that open after a moment. */
export async function listRecentCloses(
  tx: GateTx,
  marketIds: readonly number[],
  timeframe: Timeframe,
  afterMs: number,
): Promise<ReadonlyMap<number, Pick<StoredColumns, 'openMs' | 'closes'>>> {
  const { rows } = await sql<Pick<ColumnsRow, 'open_at' | 'close'> & { readonly market_id: number }>`
    SELECT market_id, string_agg(timestamptz_send(open_at), '' ORDER BY open_at) AS open_at,
      string_agg(float8send(close), '' ORDER BY open_at) AS close
    FROM ${barTable(timeframe)}
    WHERE market_id = ANY (${[...marketIds]}::integer[]) AND span = ${spanOf(timeframe)}
      AND open_at > ${new Date(afterMs)}
    GROUP BY market_id`.execute(query(tx))
  return new Map(
    rows.map((row) => [row.market_id, { openMs: toMoments(row.open_at), closes: toDoubles(row.close) }]),
  )
}

type ColumnsRow = {
  readonly open_at: Buffer | null
  readonly open: Buffer | null
  readonly high: Buffer | null
  readonly low: Buffer | null
  readonly close: Buffer | null
}

function toColumns(row: ColumnsRow | undefined): StoredColumns {
  return {
    openMs: toMoments(row?.open_at ?? null),
    opens: toDoubles(row?.open ?? null),
    highs: toDoubles(row?.high ?? null),
    lows: toDoubles(row?.low ?? null),
    closes: toDoubles(row?.close ?? null),
  }
}

/** PostgreSQL sends doubles with the first byte the highest, whatever the machine. */
function toDoubles(bytes: Buffer | null): Float64Array {
  const values = new Float64Array((bytes?.length ?? 0) / 8)
  for (let index = 0; bytes !== null && index < values.length; index += 1)
    values[index] = bytes.readDoubleBE(8 * index)
  return values
}

/** 2000-01-01, from which PostgreSQL counts microseconds. */
const epochMs = 946_684_800_000
const secondHalf = 4_294_967_296

function toMoments(bytes: Buffer | null): Float64Array {
  const values = new Float64Array((bytes?.length ?? 0) / 8)
  for (let index = 0; bytes !== null && index < values.length; index += 1) {
    const micros = bytes.readInt32BE(8 * index) * secondHalf + bytes.readUInt32BE(8 * index + 4)
    values[index] = micros / 1_000 + epochMs
  }
  return values
}

function barTable(timeframe: Timeframe) {
  return timeframe === '1m' || timeframe === '5m' ? sql`volatility.bar` : sql`volatility.long_bar`
}

function spanOf(timeframe: Timeframe): number {
  return intervalMs[timeframe] / intervalMs['1m']
}
