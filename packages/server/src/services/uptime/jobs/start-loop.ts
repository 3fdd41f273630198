import { setTimeout as wait } from 'node:timers/promises'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'

export type Loop = {
  /** Waits for the round that is running, and starts no other. */
  readonly stop: () => Promise<void>
}

/** Runs `round` again and again, `everyMs` apart; a round that fails is logged, and the next one tries anew. */
export function startLoop(name: string, everyMs: number, log: Logger, round: () => Promise<void>): Loop {
  const stopping = new AbortController()
  let failing = false
  const go = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await round()
        failing = false
      } catch (error) {
        // Once, not at every round: while the database is away this would fill the log.
        if (!failing) log.error('A round of a loop failed', { job: name, ...toErrorFields(error) })
        failing = true
      }
      await wait(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const running = go()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
