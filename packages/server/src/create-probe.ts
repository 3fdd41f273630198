/** What stands in a reply of one second. */
const answerWithinMs = 700
/** Whoever has not answered by then is asked anew. */
const askAgainAfterMs = 10_000

/**
 * Asks whether something works, and says no when the answer does not come in time (H12). However many ask, it is looked
 * at once at a time: probes that wait must not take what requests need.
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
