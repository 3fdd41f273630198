import { z } from 'zod'
import { judgeBybitReply } from '../bybit.ts'
import { decimal, milliseconds, millisecondsText } from '../frame.ts'
import type { DerivativeKind, PollContext } from './derivative-feed.ts'

const historyEveryMs = 28_800_000
const historyRows = 200

/** A rate may be negative, unlike a price. */
const signedDecimal = z
  .string()
  .regex(/^-?\d{1,10}(?:\.\d{1,20})?$/, 'a plain decimal')
  .transform(Number)

const tickersReply = z.object({
  time: milliseconds,
  result: z.object({
    list: z
      .array(
        z.object({
          fundingRate: signedDecimal,
          nextFundingTime: millisecondsText,
          markPrice: decimal,
          indexPrice: decimal,
        }),
      )
      .min(1),
  }),
})

const historyReply = z.object({
  result: z.object({
    list: z.array(z.object({ fundingRate: signedDecimal, fundingRateTimestamp: millisecondsText })),
  }),
})

const instrumentsReply = z.object({
  result: z.object({
    list: z.array(
      z.object({
        symbol: z.string(),
        status: z.string(),
        contractType: z.string(),
        fundingInterval: z.int().min(1).max(10_080),
      }),
    ),
  }),
})

/**
 * Funding of Bybit's linear perpetuals: the current rate each minute, and settled rates at the start and every eight
 * hours.
 */
export const funding: DerivativeKind = {
  origin: 'https://api.bybit.com',
  rules: {
    // A tenth of the limit of 600 in 5 seconds.
    budget: { burst: 12, perSecond: 12 },
    judge: judgeBybitReply,
    usedShare: () => undefined,
  },
  poll: async (context) => {
    const { products, memory, timeline, signal } = context
    const isHistoryDue = (memory.get('history') ?? Number.NEGATIVE_INFINITY) <= timeline.monotonic()
    for (const product of products) {
      if (signal.aborted) return
      if (!memory.has(`interval ${product}`)) await askInterval(context, product)
      const intervalMinutes = memory.get(`interval ${product}`) ?? 0
      // Not every symbol has a perpetual.
      if (intervalMinutes === 0) continue
      if (isHistoryDue) await askHistory(context, product)
      await askTicker(context, product, intervalMinutes)
    }
    if (isHistoryDue) memory.set('history', timeline.monotonic() + historyEveryMs)
  },
}

async function askInterval({ door, signal, memory }: PollContext, product: string): Promise<void> {
  const path = `/v5/market/instruments-info?category=linear&symbol=${product}`
  const { result } = await door.get(path, 1, (body) => instrumentsReply.parse(body), signal)
  const found = result.list.find(
    ({ symbol, status, contractType }) =>
      symbol === product && status === 'Trading' && contractType === 'LinearPerpetual',
  )
  memory.set(`interval ${product}`, found?.fundingInterval ?? 0)
}

async function askHistory(
  { door, signal, timeline, lastMs, take }: PollContext,
  product: string,
): Promise<void> {
  // A start without an end is refused, so the end is always sent.
  const path = `/v5/market/funding/history?category=linear&symbol=${product}&endTime=${timeline.now()}&limit=${historyRows}`
  const { result } = await door.get(path, 1, (body) => historyReply.parse(body), signal)
  const last = (await lastMs('settled', product)) ?? Number.NEGATIVE_INFINITY
  const rows = result.list.toSorted((a, b) => a.fundingRateTimestamp - b.fundingRateTimestamp)
  for (const { fundingRate, fundingRateTimestamp } of rows)
    if (fundingRateTimestamp > last)
      take({ kind: 'settled', product, tsMs: fundingRateTimestamp, rate: fundingRate })
}

async function askTicker(
  { door, signal, take }: PollContext,
  product: string,
  intervalMinutes: number,
): Promise<void> {
  const path = `/v5/market/tickers?category=linear&symbol=${product}`
  const { time, result } = await door.get(path, 1, (body) => tickersReply.parse(body), signal)
  const [ticker] = result.list
  if (ticker === undefined) return
  const { fundingRate, nextFundingTime, markPrice, indexPrice } = ticker
  take({
    kind: 'funding',
    product,
    tsMs: time,
    rate: fundingRate,
    intervalMinutes,
    nextFundingMs: nextFundingTime,
    markPrice,
    indexPrice,
  })
}
