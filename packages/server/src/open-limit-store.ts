import { randomUUID } from 'node:crypto'
import type { Clock } from '@gatehouse/kernel/clock'
import type { RecurringJob } from '@gatehouse/kernel/jobs'
import {
  type createMemoryStore,
  createValkeyStore,
  failClosed,
  type LimitRule,
  type LimitStore,
  type ValkeyStore,
} from '@gatehouse/kernel/limits'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import type { Secret } from '@gatehouse/kernel/secrets'

export type OpenLimitStore = {
  readonly store: LimitStore
  /** Whether requests can be counted at the moment. */
  readonly isReachable: () => Promise<boolean>
  /**
   * Counts an artificial subject, and returns for how long (ms) it is kept when no further request comes. The subject
   * is deleted afterwards.
   */
  readonly remembersForMs: (rule: LimitRule) => Promise<number>
  /** For how long the longest idle subject has been idle, in milliseconds; undefined when the store does not tell. */
  readonly idlestMs: () => number | undefined
  readonly recurring: readonly RecurringJob[]
  readonly stop: () => Promise<void>
}

/** The start does not fail when Valkey is unreachable: requests are refused until it is reachable. */
const connectMsMax = 2_000

/** Opens the store of the limits: the counts of this node alone, or, with a Valkey, those that all nodes share. */
export async function openLimitStore(
  url: Secret | undefined,
  clock: Clock,
  log: Logger,
  createMemory: typeof createMemoryStore,
): Promise<OpenLimitStore> {
  if (url === undefined) return openMemory(clock, createMemory)
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
    // The connection has reported the failure already, once and not for every request.
    store: failClosed(valkey, () => undefined),
    isReachable: valkey.isReachable,
    remembersForMs: (rule) => remembersInValkey(valkey, rule, clock.monotonic()),
    idlestMs: () => undefined,
    recurring: [],
    stop: valkey.close,
  }
}

/** The limits as they are while the store of their counts is unreachable. */
export function limitsWithoutStore(): LimitStore {
  const gone = (): Promise<never> => Promise.reject(new Error('The store is gone'))
  return failClosed({ take: gone, giveBack: gone }, () => undefined)
}

async function remembersInValkey(valkey: ValkeyStore, rule: LimitRule, nowMs: number): Promise<number> {
  const subject = `nobody:${randomUUID()}`
  await valkey.take(rule, subject, nowMs)
  try {
    return await valkey.keptForMs(rule, subject)
  } finally {
    await valkey.forget(rule, subject)
  }
}

const everyMinuteMs = 60_000
/** Longer than any subject may be kept. */
const rehearsedMs = 86_400_000

function openMemory(clock: Clock, create: typeof createMemoryStore): OpenLimitStore {
  const memory = create()
  return {
    store: memory,
    isReachable: async () => true,
    remembersForMs: async (rule) => {
      // A second store of the same kind, whose time can be advanced without waiting.
      const rehearsal = create(1)
      rehearsal.take(rule, 'nobody', 0)
      for (let afterMs = everyMinuteMs; afterMs <= rehearsedMs; afterMs += everyMinuteMs) {
        rehearsal.forgetIdle(afterMs)
        if (rehearsal.stats().subjectsTracked === 0) return afterMs
      }
      return Infinity
    },
    idlestMs: () => memory.idlestMs(clock.monotonic()),
    recurring: [
      { name: 'kernel.limits', cron: '* * * * *', run: async () => memory.forgetIdle(clock.monotonic()) },
    ],
    stop: async () => undefined,
  }
}
