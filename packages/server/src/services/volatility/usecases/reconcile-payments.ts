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
  /** Events that the provider told of. */
  readonly read: number
  /** Those of them that had not arrived. */
  readonly missed: number
}

/** As long as the provider itself tries to deliver an event. */
export const reconciledMs = 3 * 86_400_000
/** Full events are some kilobytes each, and an answer is read up to a mebibyte. */
const perPage = 50
const pagesMax = 400

const page = z.object({
  data: z
    .array(z.looseObject({ event_id: z.string().min(1).max(100), occurred_at: z.string() }))
    .max(perPage),
  meta: z.object({ pagination: z.object({ has_more: z.boolean() }) }),
})

/**
 * Reads the payment provider's own log of events, newest first, back to `sinceMs`, and takes each as if it had been
 * delivered: what arrived before counts once, so that nothing but what was missed changes anything. Throws where the
 * provider does not answer; what was read until then stands.
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
