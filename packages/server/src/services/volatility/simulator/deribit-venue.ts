import { draw } from './draws.ts'
import type { Faults } from './faults.ts'
import { json, type SimulatedReply, type SimulatedRequest } from './listener.ts'
import { minuteMs, type Prices, toSeed } from './prices.ts'

const resolutions: Readonly<Record<string, number>> = {
  '1': 1_000,
  '60': minuteMs,
  '3600': 60 * minuteMs,
  '43200': 720 * minuteMs,
  '1D': 1_440 * minuteMs,
}
const candlesMax = 1_000
const creditsMax = 100
const creditsPerSecond = 20

/** Deribit's volatility index of BTC and ETH. */
export function deribitVenue({
  seed,
  prices,
  faults,
  nowMs,
  monotonic,
  ourNow,
}: {
  readonly seed: number
  readonly prices: Prices
  readonly faults: Faults
  readonly nowMs: () => number
  readonly monotonic: () => number
  readonly ourNow: () => number
}): { readonly answer: (request: SimulatedRequest) => SimulatedReply } {
  let credits = creditsMax
  let atMs = monotonic()
  const refuse = (status: number, code: number, message: string): SimulatedReply =>
    json(status, { jsonrpc: '2.0', error: { code, message } })
  return {
    answer: ({ path, query }) => {
      const nowMonotonic = monotonic()
      credits = Math.min(creditsMax, credits + ((nowMonotonic - atMs) / 1_000) * creditsPerSecond)
      atMs = nowMonotonic
      if (credits < 1) return refuse(429, 10_028, 'too_many_requests')
      credits -= 1
      if (path === '/api/v2/public/get_time') return json(200, { jsonrpc: '2.0', result: nowMs() })
      if (path !== '/api/v2/public/get_volatility_index_data') return refuse(400, -32_601, 'Method not found')
      const currency = query.get('currency') ?? ''
      const interval = resolutions[query.get('resolution') ?? '']
      const [start, end] = ['start_timestamp', 'end_timestamp'].map((name) => Number(query.get(name) ?? 'x'))
      const isWhole = Number.isSafeInteger(start) && Number.isSafeInteger(end)
      if (!/^(?:BTC|ETH)$/.test(currency) || interval === undefined || !isWhole)
        return refuse(400, -32_602, 'Invalid params')
      const lastMs = Math.floor(Math.min(end ?? 0, nowMs()) / interval) * interval
      const firstMs = Math.ceil((start ?? 0) / interval) * interval
      const wanted = Math.max(0, Math.floor((lastMs - firstMs) / interval) + 1)
      const count = Math.min(candlesMax, wanted)
      const data = Array.from({ length: count }, (_, index) => {
        const openMs = lastMs - (count - 1 - index) * interval
        const open = indexAt(prices, seed, currency, openMs)
        // A candle changes until it ends.
        const close = indexAt(prices, seed, currency, Math.min(openMs + interval, nowMs()))
        const values = [open, Math.max(open, close), Math.min(open, close), close]
        const isFraction = faults.has('fraction_for_points', ourNow())
        return [openMs, ...values.map((value) => Number((isFraction ? value / 100 : value).toFixed(4)))]
      })
      const continuation = wanted > count ? lastMs - count * interval : null
      return json(200, { jsonrpc: '2.0', result: { data, continuation } })
    },
  }
}

const sigmas = { low: 0.45 * 4e-4, normal: 4e-4, high: 3 * 4e-4 } as const
const minutesPerYear = 525_600

/**
 * 100 × 1.15 × the volatility of the previous thirty days, sampled every four hours, plus a slow wave (specification
 * 8.6).
 */
function indexAt(prices: Prices, seed: number, currency: string, atMs: number): number {
  const minute = Math.floor(atMs / minuteMs)
  const symbol = `${currency.toLowerCase()}usdt`
  let variance = 0
  for (let back = 0; back < 180; back += 1)
    variance += sigmas[prices.state(symbol, minute - (minute % 240) - back * 240)] ** 2
  const volatility = Math.sqrt((variance / 180) * minutesPerYear)
  const wave = 3 * Math.sin(atMs / (7 * 86_400_000)) + 0.2 * (draw(toSeed(seed, currency), minute) - 0.5)
  return Math.max(5, 100 * 1.15 * volatility + wave)
}
