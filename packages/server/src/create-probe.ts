/** Leaves time to answer a readiness probe within one second. */
const answerWithinMs = 700
/** A check that has not answered by then is started again. */
const askAgainAfterMs = 10_000

/**
 * Makes a readiness check, whose answer is false when it takes too long (H12). However many callers ask, one check runs
 * at a time: waiting checks must not take the connections that requests need.
 */
export function createProbe(look: () => Promise<boolean | void>): () => Promise<boolean> {
  let current: { readonly startedMs: number; readonly answer: Promise<boolean> } | undefined
  return async () => {
    const nowMs = performance.now()
    if (current === undefined || nowMs - current.startedMs > askAgainAfterMs) {
      const started = {
        startedMs: nowMs,
        answer: look()
          .then(
            (isInOrder) => isInOrder !== false,
            () => false,
          )
          .finally(() => {
            if (current === started) current = undefined
          }),
      }
      current = started
    }
    return within(current.answer)
  }
}

async function within(answer: Promise<boolean>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), answerWithinMs)
  const first = await Promise.race([answer, promise])
  clearTimeout(timer)
  return first
}
