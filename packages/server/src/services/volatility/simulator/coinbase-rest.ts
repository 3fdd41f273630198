import { json, type SimulatedReply } from './listener.ts'
import { combine, openTimes, runningBar, toPrice, toSize, type VenueDeps } from './stock.ts'
import type { Tape, TapeBar } from './tape.ts'

type Deps = VenueDeps & { readonly nowMs: () => number }

const granularities = new Set([60, 300, 900, 3_600, 21_600, 86_400])
const rowsMax = 300
const newestRows = 350
const cacheMs = 300_000

/** Newest first, as numbers, low before high before open; bars without trades are missing. */
export function candles(deps: Deps, tape: Tape, query: URLSearchParams): SimulatedReply {
  const granularity = Number(query.get('granularity') ?? 60)
  if (!granularities.has(granularity)) return json(400, { message: 'Unsupported granularity' })
  const interval = granularity * 1_000
  const [start, end] = ['start', 'end'].map((name) => parseTime(query.get(name)))
  const { symbol } = tape.instrument
  if (start === undefined || end === undefined) {
    const isCached = deps.faults.has('cached_candles', deps.timeline.now(), symbol)
    const now = isCached ? Math.floor(deps.nowMs() / cacheMs) * cacheMs : deps.nowMs()
    const lastMs = Math.floor(now / interval) * interval
    // A cached reply is unchanged, including its newest candle.
    const asOf = { ...deps, nowMs: () => now }
    return json(200, rows(asOf, tape, lastMs - (newestRows - 1) * interval, lastMs, interval))
  }
  if ((end - start) / interval > rowsMax) {
    const message = `granularity too small for the requested time range. Count of aggregations requested exceeds ${rowsMax}`
    return json(400, { message })
  }
  return json(200, rows(deps, tape, start, end, interval))
}

function rows(deps: Deps, tape: Tape, fromMs: number, lastMs: number, interval: number): readonly unknown[] {
  const { instrument } = tape
  return bars(deps, tape, fromMs, lastMs, interval).map((bar) => [
    bar.openMs / 1_000,
    ...[bar.low, bar.high, bar.open, bar.close].map((ticks) => Number(toPrice(instrument, ticks))),
    Number(toSize(instrument, bar.volume)),
  ])
}

function bars(
  { faults, nowMs }: Deps,
  tape: Tape,
  fromMs: number,
  lastMs: number,
  interval: number,
): readonly TapeBar[] {
  const now = nowMs()
  const currentMs = Math.floor(now / interval) * interval
  return openTimes(fromMs, Math.min(lastMs, now), interval)
    .toReversed()
    .flatMap((openMs) => {
      const bar =
        openMs === currentMs
          ? runningBar(tape, faults, openMs, interval, now)
          : combine(tape, faults, openMs, interval)
      return bar ?? []
    })
}

/** ISO 8601, or Unix seconds. */
function parseTime(text: string | null): number | undefined {
  if (text === null || text === '') return undefined
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text)
  return Number.isFinite(ms) ? ms : undefined
}

/** Newest first, with cursors to newer and older trades; `after` selects trades older than an id. */
export function tradesPage({ nowMs }: Deps, tape: Tape, query: URLSearchParams): SimulatedReply {
  const limit = Math.min(1_000, Number(query.get('limit') ?? 1_000))
  const last = tape.lastTrade(nowMs()).id
  const after = query.has('after') ? Number(query.get('after')) : last + 1
  const before = query.has('before') ? Number(query.get('before')) : undefined
  const newest = Math.min(last, before === undefined ? after - 1 : before + limit)
  const oldest = Math.max(1, before === undefined ? newest - limit + 1 : before + 1)
  const list: unknown[] = []
  let openMs: number | undefined
  let minute = new Map<number, ReturnType<Tape['trades']>[number]>()
  for (let id = newest; id >= oldest; id -= 1) {
    const ofId = tape.minuteOfTrade(id)
    if (ofId !== openMs) {
      openMs = ofId
      minute = new Map(tape.trades(ofId).map((trade) => [trade.id, trade]))
    }
    const trade = minute.get(id)
    if (trade === undefined) continue
    list.push({
      trade_id: id,
      side: trade.makerSide,
      size: toSize(tape.instrument, trade.size),
      price: toPrice(tape.instrument, trade.price),
      time: `${new Date(trade.timeMs).toISOString().slice(0, -1)}${String(id % 1_000).padStart(3, '0')}Z`,
    })
  }
  return json(200, list, { 'CB-BEFORE': String(newest), 'CB-AFTER': String(oldest) })
}

const names: Readonly<Record<string, number>> = {
  ONE_MINUTE: 60,
  FIVE_MINUTE: 300,
  FIFTEEN_MINUTE: 900,
  THIRTY_MINUTE: 1_800,
  ONE_HOUR: 3_600,
  TWO_HOUR: 7_200,
  SIX_HOUR: 21_600,
  ONE_DAY: 86_400,
}

/** The public part of Advanced Trade: perpetuals, numbers as text, newest first. */
export function perpAnswer(deps: Deps, path: string, query: URLSearchParams): SimulatedReply {
  if (path === '/api/v3/brokerage/time') {
    const now = deps.nowMs()
    return json(200, {
      iso: new Date(now).toISOString(),
      epochSeconds: String(Math.floor(now / 1_000)),
      epochMillis: String(now),
    })
  }
  const [, code = '', isCandles] =
    /^\/api\/v3\/brokerage\/market\/products\/([^/]+)(\/candles)?$/.exec(path) ?? []
  const tape = deps.tapes.get(code)
  if (tape === undefined) return json(404, { error: 'NOT_FOUND', message: 'valid product_id is required' })
  if (isCandles === undefined)
    return json(200, { product_id: code, status: 'online', product_type: 'FUTURE' })
  const granularity = names[query.get('granularity') ?? '']
  if (granularity === undefined) return json(400, { error: 'INVALID_ARGUMENT' })
  const [start, end] = ['start', 'end'].map((name) => Number(query.get(name)) * 1_000)
  const limit = Number(query.get('limit') ?? newestRows)
  if (start === undefined || end === undefined || limit > newestRows)
    return json(400, { error: 'INVALID_ARGUMENT' })
  const interval = granularity * 1_000
  if ((end - start) / interval >= newestRows) return json(400, { error: 'INVALID_ARGUMENT' })
  const { instrument } = tape
  return json(200, {
    candles: bars(deps, tape, start, end, interval)
      .slice(0, limit)
      .map((bar) => ({
        start: String(bar.openMs / 1_000),
        low: toPrice(instrument, bar.low),
        high: toPrice(instrument, bar.high),
        open: toPrice(instrument, bar.open),
        close: toPrice(instrument, bar.close),
        volume: toSize(instrument, bar.volume),
      })),
  })
}
