import type { LimitRule } from './limit-rule.ts'
import type { LimitDecision, LimitStore } from './limit-store.ts'

export const storeTimeoutMs = 250
/** A store that is restarted or replaced is back within seconds. */
const storeRetrySeconds = 5

/**
 * A store that always answers within 250 ms and never rejects: when the one behind it is down or slower, each rule says
 * whether requests are then refused or let in. `onFailure` hears of every failure, for the log. What cannot be given
 * back stays charged, which errs towards refusing.
 */
export function failClosed(store: LimitStore, onFailure: (cause: unknown) => void): LimitStore {
  return {
    take: (rule, subject, nowMs, cost) => {
      const answer = store.take(rule, subject, nowMs, cost)
      if (!(answer instanceof Promise)) return answer
      return inTime(answer).catch((cause: unknown) => {
        onFailure(cause)
        if (cause instanceof StoreTooSlow) giveBackLate(store, rule, subject, answer, onFailure)
        return toDecision(rule)
      })
    },
    giveBack: (rule, subject, admitted) => {
      const done = store.giveBack(rule, subject, admitted)
      return done instanceof Promise ? inTime(done).catch(onFailure) : done
    },
  }
}

function toDecision({ whenStoreFails }: LimitRule): LimitDecision {
  switch (whenStoreFails) {
    case 'refuse':
      return { admitted: false, because: 'store_unavailable', retryAfterSeconds: storeRetrySeconds }
    case 'admit':
      return { admitted: true, counted: false }
  }
}

/** A request that was refused because the answer came late has not used what that answer may have charged. */
function giveBackLate(
  store: LimitStore,
  rule: LimitRule,
  subject: string,
  answer: Promise<LimitDecision>,
  onFailure: (cause: unknown) => void,
): void {
  const settled = answer.then((decision) => {
    if (decision.admitted && rule.whenStoreFails === 'refuse') return store.giveBack(rule, subject, decision)
  })
  settled.catch(onFailure)
}

class StoreTooSlow extends Error {
  override readonly name = 'StoreTooSlow'
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooSlow = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(new StoreTooSlow(`The limit store took longer than ${storeTimeoutMs} ms`))
    timer = setTimeout(fail, storeTimeoutMs)
  })
  try {
    return await Promise.race([answer, tooSlow])
  } finally {
    clearTimeout(timer)
  }
}
