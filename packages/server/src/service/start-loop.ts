import { type Logger, toErrorFields } from '@gatehouse/kernel/log'

export type Loop = {
  /** Waits for the round that is running, and starts no other. */
  readonly stop: () => Promise<void>
}

/** Calls back whenever there may be something to do before the next round is due; returns how to end that. */
export type Waking = (wake: () => void) => () => void

/**
 * Runs `round` again and again, `everyMs` apart, or at once when it is woken. A round that fails is logged, and the next
 * one tries anew.
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
        // Once, not at every round: while the database is away this would fill the log.
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
