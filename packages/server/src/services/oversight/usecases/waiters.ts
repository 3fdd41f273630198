import { oversightPolicy } from '../policy.ts'
import { newsOf } from '../store/decision-store.ts'

/** Why a wait ended: there may be news to read, or waiting has ended. */
export type Woken = 'look' | 'ended'

export type Waiters = {
  /**
   * Registers a waiter for a decision; undefined if the organisation has reached its limit. Register before reading
   * the decision, so that no notification in between is missed.
   */
  readonly join: (orgId: string, decisionId: string) => Place | undefined
}

export type Place = {
  /** Resolves immediately if a notification arrived since registration. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<Woken>
  readonly leave: () => void
}

type Waiting = { isTold: boolean; wake: (() => void) | undefined }

/** Requests on this node that wait for a resolution. Each holds only a timer: no connection, no transaction. */
export function createWaiters(
  news: { readonly subscribe: (listener: (subject: string) => void) => () => void },
  stopping: AbortSignal,
): Waiters {
  const byDecision = new Map<string, Set<Waiting>>()
  const countByOrg = new Map<string, number>()
  const tell = (waiting: Iterable<Waiting>): void => {
    for (const one of waiting) {
      one.isTold = true
      one.wake?.()
    }
  }
  news.subscribe((subject) => {
    // After a lost connection, notifications may have been missed, so all waiters are woken.
    if (subject === '*') for (const waiting of byDecision.values()) tell(waiting)
    else tell(byDecision.get(subject) ?? [])
  })
  return {
    join: (orgId, decisionId) => {
      const count = countByOrg.get(orgId) ?? 0
      if (count >= oversightPolicy.decisions.waitersPerOrgMax) return undefined
      countByOrg.set(orgId, count + 1)
      const subject = newsOf(decisionId)
      const own: Waiting = { isTold: false, wake: undefined }
      const together = byDecision.get(subject) ?? new Set()
      byDecision.set(subject, together.add(own))
      return {
        wait: (ms, signal) => waitForNews(own, ms, AbortSignal.any([signal, stopping])),
        leave: () => {
          if (!together.delete(own)) return
          if (together.size === 0) byDecision.delete(subject)
          const left = (countByOrg.get(orgId) ?? 1) - 1
          if (left === 0) countByOrg.delete(orgId)
          else countByOrg.set(orgId, left)
        },
      }
    },
  }
}

async function waitForNews(own: Waiting, ms: number, signal: AbortSignal): Promise<Woken> {
  if (!own.isTold && !signal.aborted)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      const end = (): void => {
        clearTimeout(timer)
        resolve()
      }
      own.wake = end
      signal.addEventListener('abort', end, { once: true })
    })
  own.wake = undefined
  own.isTold = false
  return signal.aborted ? 'ended' : 'look'
}
