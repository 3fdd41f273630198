import { setTimeout as wait } from 'node:timers/promises'
import type { Invalidations } from '../db/index.ts'
import type { DeliveryQueue } from './queue.ts'
import { createSender, type DeliveryDeps } from './sender.ts'
import { toSubject } from './store/outbox-store.ts'

export type DeliveryLoop = {
  /**
   * Aborts the attempts under way; another node, or this one after its next start, repeats them when their leases have
   * expired.
   */
  readonly stop: () => Promise<void>
}

/** How often to look for due retries, and for deliveries whose notification was lost. */
const pollMs = 500

export type DeliveryLoopDeps = DeliveryDeps & { readonly invalidations: Pick<Invalidations, 'subscribe'> }

/** A queue as the code that starts it sees it, whatever its destinations are. */
export type BoundQueue = {
  readonly name: string
  readonly start: (deps: DeliveryLoopDeps) => DeliveryLoop
}

export function bindQueue<To>(queue: DeliveryQueue<To>): BoundQueue {
  return { name: queue.name, start: (deps) => startDelivery(deps, queue) }
}

/** Sends the due deliveries of the queue on this node, until it is stopped. */
export function startDelivery<To>(deps: DeliveryLoopDeps, queue: DeliveryQueue<To>): DeliveryLoop {
  const stopping = new AbortController()
  const { signal } = stopping
  let wake = Promise.withResolvers<void>()
  const poke = (): void => wake.resolve()
  const sender = createSender(deps, queue, signal, poke)
  const own = toSubject(queue.name)
  const unsubscribe = deps.invalidations.subscribe((subject) => {
    if (subject === own || subject === '*') poke()
  })

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      wake = Promise.withResolvers<void>()
      try {
        await sender.save()
        await sender.claim()
      } catch (error) {
        deps.onError(error)
        await wait(pollMs, undefined, { signal }).catch(() => undefined)
      }
      const idle = new AbortController()
      const rest = wait(pollMs, undefined, { signal: AbortSignal.any([signal, idle.signal]) })
      await Promise.race([wake.promise, rest]).catch(() => undefined)
      idle.abort()
      rest.catch(() => undefined)
    }
  }

  const running = run()
  return {
    stop: async () => {
      stopping.abort()
      unsubscribe()
      await running
      await sender.idle()
      await sender.save()
    },
  }
}

/** Sends the due deliveries, including those that become due by that; returns when none is left. */
export async function deliverDue<To>(deps: DeliveryDeps, queue: DeliveryQueue<To>): Promise<void> {
  const sender = createSender(deps, queue, new AbortController().signal, () => undefined)
  while ((await sender.claim()) > 0) {
    await sender.idle()
    await sender.save()
  }
}
