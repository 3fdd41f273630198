import type { LimitDecision, LimitRule, LimitStore } from './limit-store.ts'

const slowestMs = 250
const retryAfterSeconds = 5

/**
 * A store that always answers within 250 ms: when the one behind it is down or slower, each rule says whether requests
 * are then refused or let in.
 */
export function failClosed(store: LimitStore, onFailure: (error: unknown) => void): LimitStore {
  return {
    take: (rule, subject, nowMs) => {
      const decision = store.take(rule, subject, nowMs)
      if (!(decision instanceof Promise)) return decision
      return withinTime(decision).catch((error: unknown) => {
        onFailure(error)
        return withoutStore(rule)
      })
    },
    giveBack: (rule, subject, charge) => {
      const done = store.giveBack(rule, subject, charge)
      return done instanceof Promise ? withinTime(done).catch(onFailure) : done
    },
  }
}

function withoutStore({ limit, whenStoreFails }: LimitRule): LimitDecision {
  if (whenStoreFails === 'admit')
    return { admitted: true, limit, remaining: 0, resetSeconds: retryAfterSeconds, bucket: Number.NEGATIVE_INFINITY }
  return {
    admitted: false,
    because: 'store_unavailable',
    limit,
    remaining: 0,
    resetSeconds: retryAfterSeconds,
    retryAfterSeconds,
  }
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`The limit store took longer than ${slowestMs} ms`)), slowestMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
