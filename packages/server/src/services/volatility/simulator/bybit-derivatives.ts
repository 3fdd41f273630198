import { draw } from './draws.ts'
import { json, type SimulatedReply } from './listener.ts'
import { toSeed } from './prices.ts'
import { toPrice } from './stock.ts'
import type { Tape } from './tape.ts'

const minuteMs = 60_000
const rateMax = 0.0005
const pageMax = 500
const historyMax = 200

/** Funding interval of a contract in minutes; it differs between contracts. */
function intervalOf(code: string): number {
  return code.startsWith('SOL') || code.startsWith('DOGE') ? 240 : 480
}

/** A funding rate that changes slowly within bounds; a function of the period, as prices are. */
export function fundingRate(seed: number, code: string, period: number): number {
  const rateSeed = toSeed(seed, `funding ${code}`)
  let rate = 0
  for (let lag = 0; lag < 24; lag += 1) rate += 0.8 ** lag * (draw(rateSeed, period - lag) - 0.5)
  return Math.max(-rateMax, Math.min(rateMax, 0.0001 + rate * 0.0004))
}

function reply(nowMs: number, result: unknown): SimulatedReply {
  return json(200, { retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: nowMs })
}

function refuse(nowMs: number, retCode: number, retMsg: string): SimulatedReply {
  return json(200, { retCode, retMsg, result: {}, retExtInfo: {}, time: nowMs })
}

export function tickers(
  seed: number,
  nowMs: number,
  query: URLSearchParams,
  tapes: ReadonlyMap<string, Tape>,
): SimulatedReply {
  const tape = tapes.get(query.get('symbol') ?? '')
  if (tape === undefined) return refuse(nowMs, 10_001, 'params error: symbol invalid')
  const { code } = tape.instrument
  const periodMs = intervalOf(code) * minuteMs
  const period = Math.floor(nowMs / periodMs) + 1
  const openMs = Math.floor(nowMs / minuteMs) * minuteMs
  const mark = tape.partial(openMs, nowMs - openMs)?.close ?? 1
  return reply(nowMs, {
    category: 'linear',
    list: [
      {
        symbol: code,
        lastPrice: toPrice(tape.instrument, mark),
        indexPrice: toPrice(tape.instrument, Math.round(mark * 0.9998)),
        markPrice: toPrice(tape.instrument, mark),
        fundingRate: fundingRate(seed, code, period).toFixed(8),
        nextFundingTime: String(period * periodMs),
      },
    ],
  })
}

export function fundingHistory(
  seed: number,
  nowMs: number,
  query: URLSearchParams,
  tapes: ReadonlyMap<string, Tape>,
): SimulatedReply {
  const tape = tapes.get(query.get('symbol') ?? '')
  if (tape === undefined) return refuse(nowMs, 10_001, 'params error: symbol invalid')
  const limit = Number(query.get('limit') ?? historyMax)
  if (!Number.isInteger(limit) || limit < 1 || limit > historyMax)
    return refuse(nowMs, 10_001, 'params error: limit invalid')
  const hasStart = query.has('startTime')
  if (hasStart && !query.has('endTime')) return refuse(nowMs, 10_001, 'params error: endTime is required')
  const { code } = tape.instrument
  const periodMs = intervalOf(code) * minuteMs
  const end = Math.min(nowMs, query.has('endTime') ? Number(query.get('endTime')) : nowMs)
  const start = hasStart ? Number(query.get('startTime')) : end - limit * periodMs
  const list: unknown[] = []
  for (
    let period = Math.floor(end / periodMs);
    period * periodMs >= start && list.length < limit;
    period -= 1
  )
    list.push({
      symbol: code,
      fundingRate: fundingRate(seed, code, period).toFixed(8),
      fundingRateTimestamp: String(period * periodMs),
    })
  return reply(nowMs, { category: 'linear', list })
}

export function instrumentsInfo(
  nowMs: number,
  query: URLSearchParams,
  tapes: ReadonlyMap<string, Tape>,
  category: string,
): SimulatedReply {
  const symbol = query.get('symbol')
  const limit = Math.min(pageMax, Number(query.get('limit') ?? pageMax))
  const codes = [...tapes.keys()].filter((code) => symbol === null || code === symbol)
  const from = Number(query.get('cursor') ?? 0)
  const page = codes.slice(from, from + limit)
  return reply(nowMs, {
    category,
    list: page.map((code) => ({
      symbol: code,
      status: 'Trading',
      ...(category === 'linear'
        ? { contractType: 'LinearPerpetual', fundingInterval: intervalOf(code) }
        : {}),
    })),
    nextPageCursor: from + limit < codes.length ? String(from + limit) : '',
  })
}
