import type { LimitRule } from './limit-rule.ts'
import type { LimitDecision, LimitStore } from './limit-store.ts'

export const storeTimeoutMs = 250
/** Suggested to a client that was refused: a store that is restarted or replaced is back within seconds. */
const storeRetrySeconds = 5

/**
 * Wraps a store so that it always answers within 250 ms and never rejects. When the wrapped store is down or slower,
 * each rule says whether requests are refused or admitted. `onFailure` is called with every failure, for the log. A
 * charge that cannot be given back stays, which errs towards refusing.
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

/** Gives back a charge whose answer came too late: the request was already refused. */
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
