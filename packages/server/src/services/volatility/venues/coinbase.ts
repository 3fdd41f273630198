import { z } from 'zod'
import type { Timeframe } from '../domain/timeframe.ts'
import {
  decimal,
  type Frame,
  ignored,
  isRecord,
  notJson,
  parseJson,
  readWith,
  type VenueBar,
  type VenueTrade,
} from './frame.ts'
import { type Market, type Reply, type ReplyVerdict, retryAfterMs, type VenueKind } from './market.ts'

/** ISO 8601 in UTC with up to nine digits after the second, as milliseconds. */
const isoTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/, 'a time in UTC')
  .transform((text, context) => {
    const ms = Date.parse(text)
    if (Number.isFinite(ms)) return ms
    context.issues.push({ code: 'custom', message: 'a time that exists', input: text })
    return z.NEVER
  })

const productId = z.string().min(1).max(40)
const tradeId = z.int().min(1)

const match = z.object({
  trade_id: tradeId,
  size: decimal,
  price: decimal,
  product_id: productId,
  time: isoTime,
})
const heartbeat = z.object({ last_trade_id: z.int().min(0), product_id: productId, time: isoTime })

/** Parses a message of the feed. */
export function readCoinbaseFrame(text: string): readonly Frame[] {
  const message = parseJson(text)
  if (!isRecord(message)) return notJson
  const type = message['type']
  if (type === 'match' || type === 'last_match')
    return readWith(match, message, ({ trade_id, size, price, product_id, time }) => [
      {
        kind: 'trade',
        code: product_id,
        isFirst: type === 'last_match',
        tradeId: trade_id,
        price,
        size,
        timeMs: time,
      },
    ])
  if (type === 'heartbeat')
    return readWith(heartbeat, message, ({ last_trade_id, product_id, time }) => [
      {
        kind: 'pulse',
        code: product_id,
        venueMs: time,
        // It has been observed stuck at 0, which has no meaning (protocols 3.2).
        lastTradeId: last_trade_id === 0 ? undefined : last_trade_id,
      },
    ])
  if (type === 'subscriptions') return [{ kind: 'answer' }]
  if (type === 'error') return [{ kind: 'failure', reason: 'the subscription was refused' }]
  return ignored
}

const price = z.number().positive()

// Times in seconds, and low before high before open.
const candle = z
  .tuple([z.int().min(1e9).max(99_999_999_999), price, price, price, price, z.number().min(0)], z.unknown())
  .transform(([seconds, low, high, open, close, volume]): VenueBar => ({
    openMs: seconds * 1_000,
    open,
    high,
    low,
    close,
    volume,
    quoteVolume: null,
    trades: null,
  }))

export function readCoinbaseBars(body: unknown): readonly VenueBar[] {
  return z.array(candle).parse(body)
}

const restTrade = z
  .object({ trade_id: tradeId, size: decimal, price: decimal, time: isoTime })
  .transform(({ trade_id, size, price: paid, time }): VenueTrade => ({
    tradeId: trade_id,
    size,
    price: paid,
    timeMs: time,
  }))

export function readCoinbaseTrades(body: unknown): readonly VenueTrade[] {
  return z.array(restTrade).parse(body)
}

function judgeReply({ status, headers }: Reply): ReplyVerdict {
  if (status === 429)
    return { kind: 'banned', reason: 'too many requests', waitMs: retryAfterMs(headers, 10_000) }
  if (status === 403) return { kind: 'banned', reason: 'refused by the firewall', waitMs: 600_000 }
  return status === 200 ? { kind: 'answered' } : { kind: 'failed', reason: `status ${status}` }
}

const epoch = z.object({ epoch: z.number().min(1e9).max(99_999_999_999) })

const granularities: Readonly<Record<Timeframe, number | undefined>> = {
  '1m': 60,
  '5m': 300,
  '15m': 900,
  '1h': 3_600,
  '4h': undefined,
  '1d': 86_400,
}

const products = z.array(z.object({ id: z.string(), status: z.string() }))
const perpProduct = z.object({ status: z.string().default('online') })

const spot: Market = {
  venue: 'coinbase',
  kind: 'spot',
  hosts: { rest: 'https://api.exchange.coinbase.com', stream: 'wss://ws-feed.exchange.coinbase.com' },
  rest: {
    // Half of the limit of 10 per second.
    budget: { burst: 5, perSecond: 5 },
    judge: judgeReply,
    usedShare: () => undefined,
    timePath: '/time',
    readTime: (body) => Math.floor(epoch.parse(body).epoch * 1_000),
    // Both ends are inclusive, so a span of 299 intervals has 300 rows.
    barsMax: 300,
    barsPath: (code, timeframe, fromMs, lastMs) => {
      const granularity = granularities[timeframe]
      if (granularity === undefined) return undefined
      const [start, end] = [fromMs, lastMs].map((ms) => new Date(ms).toISOString())
      return {
        path: `/products/${code}/candles?granularity=${granularity}&start=${start}&end=${end}`,
        cost: 1,
      }
    },
    readBars: readCoinbaseBars,
    listing: {
      kind: 'pages',
      path: () => ({ path: '/products', cost: 1 }),
      read: (body) => ({
        codes: products
          .parse(body)
          .filter(({ status }) => status === 'online')
          .map(({ id }) => id),
        cursor: undefined,
      }),
    },
    trades: {
      path: (code, beforeId, limit) => `/products/${code}/trades?limit=${limit}&after=${beforeId}`,
      read: readCoinbaseTrades,
      pageMax: 1_000,
    },
  },
  stream: {
    url: (origin) => origin,
    hello: (codes) => [
      JSON.stringify({ type: 'subscribe', product_ids: codes, channels: ['matches', 'heartbeat'] }),
    ],
    read: readCoinbaseFrame,
    ping: undefined,
    silenceMs: 5_000,
    signOfLife: 'pulse',
    lifeMs: undefined,
    gives: 'trades',
  },
  leavesOutQuietMinutes: true,
  absentAfterMs: 5_000,
}

const decimals = z.object({
  candles: z.array(
    z
      .object({
        start: z.string().regex(/^\d{10}$/, 'seconds since the epoch'),
        low: decimal,
        high: decimal,
        open: decimal,
        close: decimal,
        volume: decimal,
      })
      .transform(({ start, ...prices }): VenueBar => ({
        openMs: Number(start) * 1_000,
        ...prices,
        quoteVolume: null,
        trades: null,
      })),
  ),
})

export function readCoinbasePerpBars(body: unknown): readonly VenueBar[] {
  return decimals.parse(body).candles
}

const names: Readonly<Record<Timeframe, string | undefined>> = {
  '1m': 'ONE_MINUTE',
  '5m': 'FIVE_MINUTE',
  '15m': 'FIFTEEN_MINUTE',
  '1h': 'ONE_HOUR',
  '4h': undefined,
  '1d': 'ONE_DAY',
}

const perp: Market = {
  ...spot,
  kind: 'perp',
  hosts: { rest: 'https://api.coinbase.com', stream: '' },
  rest: {
    ...spot.rest,
    timePath: '/api/v3/brokerage/time',
    readTime: (body) =>
      z
        .object({ epochMillis: z.string().regex(/^\d{13}$/) })
        .transform(({ epochMillis }) => Number(epochMillis))
        .parse(body),
    barsMax: 300,
    barsPath: (code, timeframe, fromMs, lastMs) => {
      const name = names[timeframe]
      if (name === undefined) return undefined
      const [start, end] = [fromMs, lastMs].map((ms) => Math.floor(ms / 1_000))
      const path = `/api/v3/brokerage/market/products/${code}/candles?start=${start}&end=${end}&granularity=${name}&limit=350`
      return { path, cost: 1 }
    },
    readBars: readCoinbasePerpBars,
    listing: {
      kind: 'each',
      path: (code) => ({ path: `/api/v3/brokerage/market/products/${code}`, cost: 1 }),
      isOpen: (body) => perpProduct.parse(body).status === 'online',
    },
  },
  stream: undefined,
  absentAfterMs: 20_000,
}

export const coinbase: VenueKind = { venue: 'coinbase', markets: { spot, perp } }
