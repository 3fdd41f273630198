import { z } from 'zod'
import { isRecord, milliseconds } from '../frame.ts'
import { type Reply, type ReplyVerdict, retryAfterMs } from '../market.ts'
import { minuteMs, minuteOf } from '../minute.ts'
import type { DerivativeKind, PollContext } from './derivative-feed.ts'

const gapMsMax = 604_800_000
/** A candle changes until its minute ends, and our clock and Deribit's may differ by some seconds. */
const settledMs = 10_000
const pagesMax = 20

const indexReply = z.object({
  result: z.object({
    data: z.array(z.tuple([milliseconds, z.number(), z.number(), z.number(), z.number()], z.unknown())),
    continuation: milliseconds.nullable(),
  }),
})

/** Deribit's volatility index of BTC and ETH, by closed minutes; missed minutes of up to a week are fetched first. */
export const dvol: DerivativeKind = {
  origin: 'https://www.deribit.com',
  rules: {
    // A tenth of the limits of 20 per second and bursts of 100.
    budget: { burst: 10, perSecond: 2 },
    judge: judgeReply,
    usedShare: () => undefined,
  },
  poll: async (context) => {
    for (const product of context.products) {
      if (context.signal.aborted) return
      await askCandles(context, product)
    }
  },
}

async function askCandles(
  { door, timeline, signal, lastMs, take }: PollContext,
  product: string,
): Promise<void> {
  const endMs = minuteOf(timeline.now() - settledMs)
  const last = await lastMs('dvol', product)
  const fromMs = Math.max(endMs - gapMsMax, last === undefined ? endMs - gapMsMax : last + minuteMs)
  const candles: z.output<typeof indexReply>['result']['data'] = []
  let upTo: number | null = endMs - minuteMs
  // Newest page first; each page gives the end of the previous one in time.
  for (let page = 0; upTo !== null && upTo >= fromMs && page < pagesMax; page += 1) {
    const path: string = `/api/v2/public/get_volatility_index_data?currency=${product}&start_timestamp=${fromMs}&end_timestamp=${upTo}&resolution=60`
    const { result } = await door.get(path, 1, (body) => indexReply.parse(body), signal)
    candles.unshift(...result.data)
    upTo = result.continuation
  }
  for (const [tsMs, open, high, low, close] of candles)
    if (tsMs >= fromMs && tsMs < endMs) take({ kind: 'dvol', product, tsMs, open, high, low, close })
}

function judgeReply({ status, headers, body }: Reply): ReplyVerdict {
  const error = isRecord(body) ? body['error'] : undefined
  const code = isRecord(error) ? error['code'] : undefined
  if (status === 429 || code === 10_028)
    return { kind: 'banned', reason: 'too many requests', waitMs: retryAfterMs(headers, 60_000) }
  if (status === 403) return { kind: 'banned', reason: 'refused by the firewall', waitMs: 600_000 }
  if (status !== 200) return { kind: 'failed', reason: `status ${status}` }
  return error === undefined
    ? { kind: 'answered' }
    : { kind: 'failed', reason: typeof code === 'number' ? `code ${code}` : 'an error' }
}
