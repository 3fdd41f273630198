import { pipeline, Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'
import { asGate } from '@gatehouse/kernel/db'
import { chooseEncoding, type Encoding, RawReply } from '@gatehouse/kernel/endpoint'
import type { KeyPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import type { VolatilityDeps } from '../deps.ts'
import { BarStates } from '../domain/bar-states.ts'
import { toConfidence } from '../domain/confidence.ts'
import { midnightOf } from '../domain/day-table.ts'
import {
  emptyPage,
  type ExportColumn,
  exportColumns,
  type ExportFormat,
  type ExportPage,
  inPieces,
  listValues,
  toCsv,
  toCsvHeader,
  toNdjson,
} from '../domain/export-columns.ts'
import { intervalMs, type Timeframe } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { volatilityPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { countBars, listBarColumns } from '../store/bar-columns-store.ts'
import { listDayTables } from '../store/day-table-store.ts'
import { findSeriesHead, type SeriesHead } from '../store/series-head-store.ts'
import { findAsked } from './choose-preset.ts'
import { type ChosenPreset, choosePreset, chooseVenue, findSymbol } from './choose-series.ts'

type Deps = Pick<VolatilityDeps, 'board' | 'clock' | 'db'>

export type ExportQuery = {
  readonly timeframe: Timeframe
  readonly preset: string
  readonly method: string
  readonly venue?: Venue | undefined
  readonly format: ExportFormat
  readonly from_ms?: number | undefined
  readonly to_ms?: number | undefined
  readonly columns?: readonly ExportColumn[] | undefined
}

const dayMs = 86_400_000
const wholeBars = ['open', 'high', 'low', 'close', 'volume'] as const
const { barsMax, barsPerPage, rowsAtOnce, daysDefault, runningPerNode, stalledMs } = volatilityPolicy.export

const mediaTypes = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
} as const satisfies Readonly<Record<ExportFormat, string>>

/** The callers with a running export on this node. */
export type RunningExports = Set<string>

/**
 * Exports every stored bar of a range with what a reader was told after it. The series is walked from its first bar,
 * page by page and no faster than the reader consumes. Accepted bars never change, so consecutive pages are
 * consistent; if the series is recomputed meanwhile, the transfer is aborted. `accepted` lists the encodings that the
 * client accepts, `most` limits the bars; throws `range_too_large`.
 */
export async function exportSeries(
  deps: Deps,
  running: RunningExports,
  caller: KeyPrincipal | MemberPrincipal,
  name: string,
  query: ExportQuery,
  accepted: string | undefined,
  most: number = barsMax,
): Promise<RawReply> {
  const { timeframe, format, columns = exportColumns } = query
  const carried = findSymbol(deps, name)
  const venue = chooseVenue(deps, carried, query.venue)
  const { symbol } = carried
  const asked = await findAsked(deps, caller, query.preset, query.method)
  const preset = choosePreset(deps, { venue, symbol, timeframe }, asked)
  const toMs = query.to_ms ?? deps.clock.now()
  const fromMs = query.from_ms ?? toMs - daysDefault * dayMs
  if (fromMs > toMs)
    throw problems.VALIDATION_ERROR({ fields: [{ field: 'from_ms', message: 'must not be after to_ms' }] })
  const range = { fromMs, toMs }
  const { head, bars } = await asGate(deps, async (tx) => {
    const found = await findSeriesHead(tx, venue, carried.symbol, timeframe)
    return {
      head: found,
      bars: found === undefined ? 0 : await countBars(tx, found.marketId, timeframe, range),
    }
  })
  if (bars > most)
    throw problems.range_too_large({
      detail: `These are ${bars} bars; an export holds ${most} at most`,
      fields: [{ field: 'from_ms', message: `the newest ${most} bars fit` }],
    })
  if (running.has(caller.orgId) || running.size >= runningPerNode)
    throw problems.export_running({ retryAfterSeconds: 5 })
  running.add(caller.orgId)
  const about = { symbol: carried.symbol, venue, timeframe, preset, columns, range, head }
  const { body, stop } = watch(toBody(deps, about, format))
  body.once('close', () => {
    stop()
    running.delete(caller.orgId)
  })
  // Columns of a Parquet file are compressed already.
  const encoding = format === 'parquet' ? 'identity' : chooseEncoding(accepted)
  const file = `${carried.symbol}-${timeframe}-${preset.preset}-${toDay(fromMs)}-${toDay(toMs)}.${format}`
  return new RawReply(encode(body, encoding), {
    'content-type': mediaTypes[format],
    ...(format === 'parquet' ? {} : { vary: 'accept-encoding' }),
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
    'content-disposition': `attachment; filename="${file}"`,
    'cache-control': 'private, no-store',
    'x-gatehouse-series-version': String(head?.version ?? 0),
  })
}

type About = {
  readonly symbol: string
  readonly venue: Venue
  readonly timeframe: Timeframe
  readonly preset: ChosenPreset
  readonly columns: readonly ExportColumn[]
  readonly range: { readonly fromMs: number; readonly toMs: number }
  readonly head: SeriesHead | undefined
}

async function* toBody(deps: Deps, about: About, format: ExportFormat): AsyncGenerator<string | Uint8Array> {
  const { columns } = about
  switch (format) {
    case 'csv':
      yield toCsvHeader(columns)
      for await (const page of readPages(deps, about)) yield* inPieces(page, columns, toCsv, rowsAtOnce)
      return
    case 'ndjson':
      for await (const page of readPages(deps, about)) yield* inPieces(page, columns, toNdjson, rowsAtOnce)
      return
    case 'parquet':
      yield* toParquet(deps, about)
  }
}

/** Output is sent after each row group, so that at most one is held in memory. */
async function* toParquet(deps: Deps, about: About): AsyncGenerator<Uint8Array> {
  const { columns, symbol, timeframe, preset, head } = about
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer')
  const writer = new ByteWriter()
  const parquet = new ParquetWriter({
    writer,
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(toSchemaElement)],
    kvMetadata: Object.entries({
      symbol,
      timeframe,
      preset: preset.preset,
      method: preset.method,
      series_version: String(head?.version ?? 0),
    }).map(([key, value]) => ({ key, value })),
  })
  const take = (): Uint8Array => {
    const bytes = writer.getBytes().slice()
    writer.index = 0
    return bytes
  }
  for await (const page of readPages(deps, about)) {
    await parquet.write({
      columnData: columns.map((name) => ({ name, data: listValues(page, name) })),
      rowGroupSize: barsPerPage,
    })
    yield take()
  }
  await parquet.finish()
  yield take()
}

function toSchemaElement(name: ExportColumn) {
  switch (name) {
    case 'open_ms':
    case 'ts_ms':
      return { name, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type: 'REQUIRED' } as const
    case 'regime':
      return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const
    case 'realized_vol':
    case 'baseline_vol':
    case 'z_vol':
    case 'confidence':
      return { name, type: 'DOUBLE', repetition_type: 'OPTIONAL' } as const
    case 'open':
    case 'high':
    case 'low':
    case 'close':
    case 'volume':
      return { name, type: 'DOUBLE', repetition_type: 'REQUIRED' } as const
  }
}

async function* readPages(
  deps: Deps,
  { symbol, venue, timeframe, preset, range, head }: About,
): AsyncGenerator<ExportPage> {
  if (head === undefined) return
  const { marketId, seriesId, version, lastOpenMs } = head
  const states = new BarStates(timeframe, preset.thresholds)
  const interval = intervalMs[timeframe]
  const page = emptyPage(barsPerPage)
  let afterMs = -1
  while (afterMs < (lastOpenMs ?? -1)) {
    const { bars, tables } = await asGate(deps, async (tx) => {
      const now = await findSeriesHead(tx, venue, symbol, timeframe)
      if (now?.version !== version) throw new Error('The series was computed anew while it was exported')
      const read = await listBarColumns(tx, marketId, { timeframe, afterMs, barsMax: barsPerPage }, wholeBars)
      const [first, last] = [read.openMs.at(0), read.openMs.at(-1)]
      if (first === undefined || last === undefined || last < range.fromMs) return { bars: read }
      const days = { fromMs: midnightOf(first + interval), toMs: midnightOf(last + interval) }
      return { bars: read, tables: await listDayTables(tx, seriesId, days) }
    })
    const { openMs } = bars
    page.rows = 0
    for (let bar = 0; bar < openMs.length; bar += 1) {
      const opened = openMs[bar] ?? 0
      if (opened >= range.toMs || opened > (lastOpenMs ?? -1)) {
        if (page.rows > 0) yield page
        return
      }
      const [open, high, low, close] = [
        bars.opens[bar] ?? 0,
        bars.highs[bar] ?? 0,
        bars.lows[bar] ?? 0,
        bars.closes[bar] ?? 0,
      ]
      const state = states.push(opened, { open, high, low, close })
      if (opened < range.fromMs) continue
      const row = page.rows
      const endMs = opened + interval
      page.open_ms[row] = opened
      page.ts_ms[row] = endMs
      page.open[row] = open
      page.high[row] = high
      page.low[row] = low
      page.close[row] = close
      page.volume[row] = bars.volumes[bar] ?? 0
      page.realized_vol[row] = state.rv ?? Number.NaN
      page.baseline_vol[row] = state.baseline ?? Number.NaN
      page.z_vol[row] = state.z ?? Number.NaN
      page.regime[row] = state.regime
      const told = toConfidence({ endMs, ...state }, tables?.get(midnightOf(endMs)))
      page.confidence[row] = told.confidence ?? Number.NaN
      page.rows += 1
    }
    if (openMs.length === 0) return
    afterMs = openMs.at(-1) ?? afterMs
    if (page.rows > 0) yield page
    // Yields to other work between pages.
    else await setImmediate()
  }
}

/** Fast compression with a small window, because rows repeat recent content. */
const brotli = {
  [constants.BROTLI_PARAM_QUALITY]: 4,
  [constants.BROTLI_PARAM_LGWIN]: 18,
}

/** Compresses with backpressure from the reader; if either side is aborted, so is the other. */
function encode(body: Readable, encoding: Encoding): Readable {
  if (encoding === 'identity') return body
  const packer = encoding === 'br' ? createBrotliCompress({ params: brotli }) : createGzip({ level: 6 })
  return pipeline(body, packer, () => undefined)
}

/** Aborts a transfer whose reader has consumed nothing for a while: the source is read only when there is room. */
function watch(source: AsyncIterable<string | Uint8Array>): {
  readonly body: Readable
  readonly stop: () => void
} {
  let timer: NodeJS.Timeout | undefined
  const body = Readable.from(watched(), { objectMode: true, highWaterMark: 1 })
  const note = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => body.destroy(new Error('Nobody reads this export any more')), stalledMs)
  }
  async function* watched(): AsyncGenerator<string | Uint8Array> {
    for await (const chunk of source) {
      note()
      yield chunk
      note()
    }
  }
  note()
  return { body, stop: () => clearTimeout(timer) }
}

function toDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}
