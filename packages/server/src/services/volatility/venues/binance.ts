import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { Timeframe } from '../domain/timeframe.ts'
import {
  count,
  decimal,
  type Frame,
  ignored,
  isRecord,
  milliseconds,
  notJson,
  parseJson,
  readWith,
  type VenueBar,
} from './frame.ts'
import {
  type ListingRules,
  type Market,
  type Reply,
  type ReplyVerdict,
  retryAfterMs,
  type StreamRules,
  type VenueKind,
} from './market.ts'

// The shape of a kline event (protocols 2.3); unused members are not validated.
const klineEvent = z
  .object({
    E: milliseconds,
    k: z.object({
      t: milliseconds,
      s: z.string().min(1),
      i: z.literal('1m'),
      o: decimal,
      h: decimal,
      l: decimal,
      c: decimal,
      v: decimal,
      q: decimal,
      n: count,
      x: z.boolean(),
    }),
  })
  .transform(({ E, k }) => ({
    kind: 'bar' as const,
    code: k.s,
    isClosed: k.x,
    openMs: k.t,
    open: k.o,
    high: k.h,
    low: k.l,
    close: k.c,
    volume: k.v,
    quoteVolume: k.q,
    trades: k.n,
    venueMs: E,
  }))

/** Parses a stream's message, raw or combined. */
export function readBinanceFrame(text: string): readonly Frame[] {
  const message = parseJson(text)
  if (!isRecord(message)) return notJson
  const payload = 'stream' in message ? message['data'] : message
  if (!isRecord(payload)) return [{ kind: 'refused', reason: 'data' }]
  if (payload['e'] === 'kline') return readWith(klineEvent, payload, (frame) => [frame])
  if (payload['e'] === 'serverShutdown') return [{ kind: 'ending' }]
  if ('result' in payload) return [{ kind: 'answer' }]
  if (typeof payload['code'] === 'number' && !('e' in payload))
    return [{ kind: 'failure', reason: `code ${payload['code']}` }]
  return ignored
}

const klineRow = z
  .tuple(
    [milliseconds, decimal, decimal, decimal, decimal, decimal, milliseconds, decimal, count],
    z.unknown(),
  )
  .transform(([openMs, open, high, low, close, volume, , quoteVolume, trades]): VenueBar => ({
    openMs,
    open,
    high,
    low,
    close,
    volume,
    quoteVolume,
    trades,
  }))

export function readBinanceBars(body: unknown): readonly VenueBar[] {
  return z.array(klineRow).parse(body)
}

function judgeReply({ status, headers, body }: Reply): ReplyVerdict {
  if (status === 429)
    return { kind: 'banned', reason: 'too many requests', waitMs: retryAfterMs(headers, 60_000) }
  if (status === 418)
    return { kind: 'banned', reason: 'address banned', waitMs: retryAfterMs(headers, 120_000) }
  if (status === 403) return { kind: 'banned', reason: 'refused by the firewall', waitMs: 600_000 }
  if (status !== 200) {
    const code = isRecord(body) && typeof body['code'] === 'number' ? `, code ${body['code']}` : ''
    return { kind: 'failed', reason: `status ${status}${code}` }
  }
  return { kind: 'answered' }
}

function usedShare(limit: number): (headers: IncomingHttpHeaders) => number | undefined {
  return (headers) => {
    const used = Number(headers['x-mbx-used-weight-1m'] ?? Number.NaN)
    return Number.isFinite(used) ? used / limit : undefined
  }
}

const serverTime = z.object({ serverTime: milliseconds })

const exchangeInfo = z.object({
  symbols: z.array(z.object({ symbol: z.string(), status: z.string(), contractType: z.string().optional() })),
})

/** Products that are trading; for futures, only perpetual ones. */
function listingOf(path: string, cost: number): ListingRules {
  return {
    kind: 'pages',
    path: () => ({ path, cost }),
    read: (body) => ({
      codes: exchangeInfo
        .parse(body)
        .symbols.filter(
          ({ status, contractType }) =>
            status === 'TRADING' && (contractType === undefined || contractType === 'PERPETUAL'),
        )
        .map(({ symbol }) => symbol),
      cursor: undefined,
    }),
  }
}
const hourMs = 3_600_000

const intervals = {
  '1m': '1m',
  '5m': '5m',
  '15m': '15m',
  '1h': '1h',
  '4h': '4h',
  '1d': '1d',
} as const satisfies Record<Timeframe, string>

const stream: StreamRules = {
  url: (origin, codes) =>
    `${origin}/stream?streams=${codes.map((code) => `${code.toLowerCase()}@kline_1m`).join('/')}`,
  hello: () => [],
  read: readBinanceFrame,
  ping: undefined,
  silenceMs: 30_000,
  signOfLife: 'anything',
  // A connection lives at most 24 hours; the caller adds a quarter of an hour of jitter.
  lifeMs: 23 * hourMs,
  gives: 'bars',
}

const spot: Market = {
  venue: 'binance',
  kind: 'spot',
  hosts: { rest: 'https://data-api.binance.vision', stream: 'wss://data-stream.binance.vision' },
  rest: {
    // Half of the limit of 6,000 per minute.
    budget: { burst: 500, perSecond: 50 },
    judge: judgeReply,
    usedShare: usedShare(6_000),
    timePath: '/api/v3/time',
    readTime: (body) => serverTime.parse(body).serverTime,
    barsMax: 1_000,
    barsPath: (code, timeframe, fromMs, lastMs) => ({
      path: `/api/v3/klines?symbol=${code}&interval=${intervals[timeframe]}&startTime=${fromMs}&endTime=${lastMs}&limit=1000`,
      cost: 2,
    }),
    readBars: readBinanceBars,
    listing: listingOf('/api/v3/exchangeInfo', 20),
  },
  stream,
  leavesOutQuietMinutes: false,
  absentAfterMs: 30_000,
}

const perp: Market = {
  ...spot,
  kind: 'perp',
  hosts: { rest: 'https://fapi.binance.com', stream: 'wss://fstream.binance.com' },
  rest: {
    ...spot.rest,
    // Half of the limit of 2,400 per minute.
    budget: { burst: 200, perSecond: 20 },
    usedShare: usedShare(2_400),
    timePath: '/fapi/v1/time',
    barsPath: (code, timeframe, fromMs, lastMs) => ({
      path: `/fapi/v1/klines?symbol=${code}&interval=${intervals[timeframe]}&startTime=${fromMs}&endTime=${lastMs}&limit=1000`,
      cost: 5,
    }),
    listing: listingOf('/fapi/v1/exchangeInfo', 1),
  },
  stream: {
    ...stream,
    // Without /market the connection stays open and silent (protocols 8.1).
    url: (origin, codes) =>
      `${origin}/market/stream?streams=${codes.map((code) => `${code.toLowerCase()}@kline_1m`).join('/')}`,
  },
}

export const binance: VenueKind = { venue: 'binance', markets: { spot, perp } }
