import { type Logger, toErrorFields } from '@gatehouse/kernel/log'

export type Loop = {
  /** Waits for the running round, and starts no other. */
  readonly stop: () => Promise<void>
}

/** Calls `wake` whenever there may be work before the next round is due; returns a function that stops it. */
export type Waking = (wake: () => void) => () => void

/**
 * Runs `round` repeatedly, `everyMs` apart, or immediately when it is woken. A failed round is logged, and the next one
 * runs as usual.
 */
export function startLoop(
  name: string,
  everyMs: number,
  log: Logger,
  round: () => Promise<void>,
  waking: Waking = () => () => undefined,
): Loop {
  let isStopped = false
  let isWoken = false
  let endRest = (): void => undefined
  const wake = (): void => {
    isWoken = true
    endRest()
  }
  const rest = (): Promise<void> =>
    new Promise((done) => {
      const timer = setTimeout(done, everyMs)
      endRest = () => {
        clearTimeout(timer)
        done()
      }
    })

  let failing = false
  const go = async (): Promise<void> => {
    while (!isStopped) {
      isWoken = false
      try {
        await round()
        failing = false
      } catch (error) {
        // Logged once, and not for every round, which would fill the log during a database outage.
        if (!failing) log.error('A round of a loop failed', { job: name, ...toErrorFields(error) })
        failing = true
      }
      if (!isStopped && !isWoken) await rest()
    }
  }
  const unsubscribe = waking(wake)
  const running = go()
  return {
    stop: async () => {
      isStopped = true
      unsubscribe()
      endRest()
      await running
    },
  }
}
