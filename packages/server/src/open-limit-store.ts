import type { Clock } from '@gatehouse/kernel/clock'
import type { RecurringJob } from '@gatehouse/kernel/jobs'
import { createMemoryStore, createValkeyStore, failClosed, type LimitStore } from '@gatehouse/kernel/limits'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import type { Secret } from '@gatehouse/kernel/secrets'

export type OpenLimitStore = {
  readonly store: LimitStore
  /** Whether requests can be counted at the moment. */
  readonly isReachable: () => Promise<boolean>
  readonly recurring: readonly RecurringJob[]
  readonly stop: () => Promise<void>
}

/** A start does not fail for a Valkey that is away: requests are refused until it is there. */
const connectMsMax = 2_000

/** The counts of this node alone, or, with a Valkey, those that all nodes share. */
export async function openLimitStore(
  url: Secret | undefined,
  clock: Clock,
  log: Logger,
): Promise<OpenLimitStore> {
  if (url === undefined) return openMemory(clock)
  const valkey = createValkeyStore({
    url,
    onError: (cause) => log.warn('Valkey is away, so requests cannot be counted', toErrorFields(cause)),
  })
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, connectMsMax)
  })
  await Promise.race([valkey.connected(), tooLate])
  clearTimeout(timer)
  return {
    // The connection has told of the failure already, once and not at every request.
    store: failClosed(valkey, () => undefined),
    isReachable: valkey.isReachable,
    recurring: [],
    stop: valkey.close,
  }
}

function openMemory(clock: Clock): OpenLimitStore {
  const memory = createMemoryStore()
  return {
    store: memory,
    isReachable: async () => true,
    recurring: [
      { name: 'kernel.limits', cron: '* * * * *', run: async () => memory.forgetIdle(clock.monotonic()) },
    ],
    stop: async () => undefined,
  }
}
