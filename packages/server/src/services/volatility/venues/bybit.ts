import { z } from 'zod'
import type { Timeframe } from '../domain/timeframe.ts'
import {
  decimal,
  type Frame,
  ignored,
  isRecord,
  milliseconds,
  millisecondsText,
  notJson,
  parseJson,
  readWith,
  type VenueBar,
} from './frame.ts'
import {
  type Market,
  type Reply,
  type ReplyVerdict,
  retryAfterMs,
  type StreamRules,
  type VenueKind,
} from './market.ts'

const topic = /^kline\.1\.([A-Z0-9-]{1,40})$/

const klineMessage = z.object({
  topic: z.string(),
  ts: milliseconds,
  data: z.array(
    z.object({
      start: milliseconds,
      interval: z.literal('1'),
      open: decimal,
      high: decimal,
      low: decimal,
      close: decimal,
      volume: decimal,
      turnover: decimal,
      confirm: z.boolean(),
    }),
  ),
})

/** Parses a message of a public stream. */
export function readBybitFrame(text: string): readonly Frame[] {
  const message = parseJson(text)
  if (!isRecord(message)) return notJson
  if (typeof message['topic'] === 'string') {
    const code = topic.exec(message['topic'])?.[1]
    if (code === undefined) return ignored
    return readWith(klineMessage, message, ({ ts, data }) =>
      data.map(({ start, confirm, turnover, open, high, low, close, volume }) => ({
        kind: 'bar',
        code,
        isClosed: confirm,
        openMs: start,
        open,
        high,
        low,
        close,
        volume,
        quoteVolume: turnover,
        // Bybit does not report the number of trades in a bar.
        trades: null,
        venueMs: ts,
      })),
    )
  }
  // Spot answers a ping with its own op and ret_msg, linear with the op pong.
  if (message['op'] === 'pong' || message['ret_msg'] === 'pong')
    return [{ kind: 'pulse', code: undefined, venueMs: undefined, lastTradeId: undefined }]
  if (message['success'] === false) return [{ kind: 'failure', reason: 'the subscription was refused' }]
  return message['success'] === true ? [{ kind: 'answer' }] : ignored
}

const klineReply = z.object({
  result: z.object({
    list: z.array(
      z
        .tuple([millisecondsText, decimal, decimal, decimal, decimal, decimal, decimal], z.unknown())
        .transform(([openMs, open, high, low, close, volume, quoteVolume]): VenueBar => ({
          openMs,
          open,
          high,
          low,
          close,
          volume,
          quoteVolume,
          trades: null,
        })),
    ),
  }),
})

export function readBybitBars(body: unknown): readonly VenueBar[] {
  return klineReply.parse(body).result.list
}

const banMs = 600_000

/** Errors have status 200 and a code of their own (protocols 4.1). */
export function judgeBybitReply({ status, headers, body }: Reply): ReplyVerdict {
  const code = isRecord(body) ? body['retCode'] : undefined
  if (status === 403 || status === 429 || code === 10_006)
    return { kind: 'banned', reason: 'too many requests', waitMs: retryAfterMs(headers, banMs) }
  if (code === 10_009) return { kind: 'banned', reason: 'refused for this region', waitMs: banMs }
  if (status !== 200) return { kind: 'failed', reason: `status ${status}` }
  return code === 0
    ? { kind: 'answered' }
    : { kind: 'failed', reason: typeof code === 'number' ? `retCode ${code}` : 'no retCode' }
}

const serverTime = z.object({ time: milliseconds })

const intervals = {
  '1m': '1',
  '5m': '5',
  '15m': '15',
  '1h': '60',
  '4h': '240',
  '1d': 'D',
} as const satisfies Record<Timeframe, string>

const instruments = z.object({
  result: z.object({
    list: z.array(z.object({ symbol: z.string(), status: z.string(), contractType: z.string().optional() })),
    nextPageCursor: z.string().optional(),
  }),
})

/** Spot accepts ten topics per request, and any number of requests. */
const topicsMax = 10

function toMarket(kind: Market['kind'], category: 'spot' | 'linear'): Market {
  const stream: StreamRules = {
    url: (origin) => `${origin}/v5/public/${category}`,
    hello: (codes) =>
      Array.from({ length: Math.ceil(codes.length / topicsMax) }, (_, index) =>
        JSON.stringify({
          req_id: String(index + 1),
          op: 'subscribe',
          args: codes.slice(index * topicsMax, (index + 1) * topicsMax).map((code) => `kline.1.${code}`),
        }),
      ),
    read: readBybitFrame,
    ping: { everyMs: 20_000, text: '{"op":"ping"}' },
    silenceMs: 30_000,
    signOfLife: 'pulse',
    lifeMs: undefined,
    gives: 'bars',
  }
  return {
    venue: 'bybit',
    kind,
    hosts: { rest: 'https://api.bybit.com', stream: 'wss://stream.bybit.com' },
    rest: {
      // Half of the limit of 600 in 5 seconds.
      budget: { burst: 60, perSecond: 60 },
      judge: judgeBybitReply,
      usedShare: () => undefined,
      timePath: '/v5/market/time',
      readTime: (body) => serverTime.parse(body).time,
      barsMax: 1_000,
      // The category is always sent, because it defaults to linear.
      barsPath: (code, timeframe, fromMs, lastMs) => ({
        path: `/v5/market/kline?category=${category}&symbol=${code}&interval=${intervals[timeframe]}&start=${fromMs}&end=${lastMs}&limit=1000`,
        cost: 1,
      }),
      readBars: readBybitBars,
      listing: {
        kind: 'pages',
        path: (cursor) => ({
          path: `/v5/market/instruments-info?category=${category}&limit=1000${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
          cost: 1,
        }),
        read: (body) => {
          const { list, nextPageCursor } = instruments.parse(body).result
          return {
            codes: list
              .filter(
                ({ status, contractType }) =>
                  status === 'Trading' && (contractType === undefined || contractType === 'LinearPerpetual'),
              )
              .map(({ symbol }) => symbol),
            cursor: nextPageCursor === undefined || nextPageCursor === '' ? undefined : nextPageCursor,
          }
        },
      },
    },
    stream,
    leavesOutQuietMinutes: false,
    absentAfterMs: 30_000,
  }
}

export const bybit: VenueKind = {
  venue: 'bybit',
  markets: { spot: toMarket('spot', 'spot'), perp: toMarket('perp', 'linear') },
}
