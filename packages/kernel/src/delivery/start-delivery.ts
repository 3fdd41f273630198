import { setTimeout as wait } from 'node:timers/promises'
import type { Invalidations } from '../db/index.ts'
import type { DeliveryQueue } from './queue.ts'
import { createSender, type DeliveryDeps } from './sender.ts'
import { toSubject } from './store/outbox-store.ts'

export type DeliveryLoop = {
  /** Gives up what is being sent; another node, or the next start, sends it again when its lease has lapsed. */
  readonly stop: () => Promise<void>
}

/** How soon a retry, or a delivery whose notification was lost, is looked for. */
const pollMs = 500

export type DeliveryLoopDeps = DeliveryDeps & { readonly invalidations: Pick<Invalidations, 'subscribe'> }

/** A queue as whoever starts it sees it, whatever it sends to. */
export type BoundQueue = {
  readonly name: string
  readonly start: (deps: DeliveryLoopDeps) => DeliveryLoop
}

export function bindQueue<To>(queue: DeliveryQueue<To>): BoundQueue {
  return { name: queue.name, start: (deps) => startDelivery(deps, queue) }
}

/** Sends what is due in the queue, on this node, until it is stopped. */
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

/** Sends what is due now, and what becomes due by that; returns when nothing is left that is. */
export async function deliverDue<To>(deps: DeliveryDeps, queue: DeliveryQueue<To>): Promise<void> {
  const sender = createSender(deps, queue, new AbortController().signal, () => undefined)
  while ((await sender.claim()) > 0) {
    await sender.idle()
    await sender.save()
  }
}
