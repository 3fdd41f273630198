import { instanceOrgId } from '@gatehouse/kernel/principal'
import { z } from 'zod'
import type { VolatilityDeps } from '../deps.ts'
import { askPaddle } from './ask-paddle.ts'
import { takePaddleEvent } from './receive-paddle-event.ts'

type Deps = Pick<
  VolatilityDeps,
  'audit' | 'billing' | 'clock' | 'db' | 'deriveKey' | 'egress' | 'log' | 'sealer'
>

export type Reconciliation = {
  /** Number of events in the provider's log. */
  readonly read: number
  /** Number of those that had not been delivered. */
  readonly missed: number
}

/** As long as the provider itself retries a delivery. */
export const reconciledMs = 3 * 86_400_000
/** Full events have some kilobytes each, and a reply is read up to one mebibyte. */
const perPage = 50
const pagesMax = 400

const page = z.object({
  data: z
    .array(z.looseObject({ event_id: z.string().min(1).max(100), occurred_at: z.string() }))
    .max(perPage),
  meta: z.object({ pagination: z.object({ has_more: z.boolean() }) }),
})

/**
 * Reads the payment provider's event log, newest first, back to `sinceMs`, and takes each event as if it had been
 * delivered; since that is idempotent, only missed ones have an effect. Throws if the provider does not answer; what
 * was taken until then remains.
 */
export async function reconcilePayments(
  deps: Deps,
  signal: AbortSignal,
  sinceMs = deps.clock.now() - reconciledMs,
): Promise<Reconciliation> {
  const { log } = deps
  let [read, missed] = [0, 0]
  let after = ''
  for (let pages = 0; pages < pagesMax; pages += 1) {
    signal.throwIfAborted()
    const events = await readPage(deps, after)
    const recent = events.data.filter(({ occurred_at: at }) => Date.parse(at) >= sinceMs)
    for (const event of recent) {
      signal.throwIfAborted()
      if (await takePaddleEvent(deps, JSON.stringify(event))) missed += 1
    }
    read += recent.length
    const last = events.data.at(-1)
    if (last === undefined || recent.length < events.data.length || !events.meta.pagination.has_more) break
    after = `&after=${encodeURIComponent(last.event_id)}`
  }
  if (missed > 0) log.warn('Payment events had not arrived, and were fetched', { count: missed })
  return { read, missed }
}

async function readPage(deps: Deps, after: string): Promise<z.output<typeof page>> {
  const path = `/events?order_by=id%5BDESC%5D&per_page=${perPage}${after}`
  const asked = await askPaddle(deps, instanceOrgId, { path })
  if (!asked.isAnswered) throw new Error(`The payment provider could not be reached: ${asked.code}`)
  const parsed = page.safeParse(asked.json)
  if (asked.status >= 300 || !parsed.success)
    throw new Error(`The payment provider did not show its events: status ${asked.status}`)
  return parsed.data
}
