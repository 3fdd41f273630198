import { type EgressPolicy, egressDefaults } from '@gatehouse/kernel/egress'
import type { FeedDeps } from '../feed-deps.ts'
import type { FeedStatus } from '../market-feed.ts'
import { createDoor, type Door, type DoorRules, VenueError } from '../rest-door.ts'
import { wait } from '../wait.ts'
import { judgeReading, type Reading, type ReadingFault } from './reading.ts'

export type ReadingSink = {
  /** In order per kind and product, each once. */
  readonly reading: (reading: Reading) => void
  readonly status: (status: FeedStatus) => void
  readonly refused: (reading: Reading, fault: ReadingFault) => void
}

export type DerivativeDeps = Pick<FeedDeps, 'egress' | 'timeline' | 'random'> & {
  /** Time of the newest stored reading. */
  readonly lastKeptMs: (kind: Reading['kind'], product: string) => Promise<number | undefined>
  /** Origin of a simulator that replaces the venue's host; it may be on this machine. */
  readonly origin?: string
}

/** One kind of derivative feed. */
export type DerivativeKind = {
  readonly origin: string
  readonly rules: DoorRules
  /** Fetches everything new, once. */
  readonly poll: (context: PollContext) => Promise<void>
}

export type PollContext = {
  readonly door: Door
  readonly products: readonly string[]
  readonly timeline: FeedDeps['timeline']
  readonly signal: AbortSignal
  /** State of one run of the feed. */
  readonly memory: Map<string, number>
  readonly lastMs: (kind: Reading['kind'], product: string) => Promise<number | undefined>
  readonly take: (reading: Reading) => void
}

const everyMs = 60_000

/** Polls a venue once a minute until aborted; failures of the venue are reported as a status. */
export async function runDerivativeFeed(
  kind: DerivativeKind,
  deps: DerivativeDeps,
  products: readonly string[],
  sink: ReadingSink,
  signal: AbortSignal,
): Promise<void> {
  const { timeline } = deps
  const origin = deps.origin ?? kind.origin
  const door = createDoor(deps, kind.rules, origin, toPolicy(origin, deps.origin !== undefined))
  const newest = new Map<string, number>()
  let told: FeedStatus | undefined
  const tell = (state: FeedStatus['state'], reason: string | null, untilMs: number | null): void => {
    if (told?.state === state && told.reason === reason) return
    told = { state, reason, untilMs, sinceMs: timeline.now() }
    sink.status(told)
  }
  const lastMs: PollContext['lastMs'] = async (of, product) => {
    const known = newest.get(`${of} ${product}`) ?? (await deps.lastKeptMs(of, product))
    if (known !== undefined) newest.set(`${of} ${product}`, known)
    return known
  }
  const take = (reading: Reading): void => {
    const key = `${reading.kind} ${reading.product}`
    const fault = judgeReading(reading, newest.get(key), timeline.now())
    if (fault !== undefined) {
      sink.refused(reading, fault)
      return
    }
    newest.set(key, reading.tsMs)
    sink.reading(reading)
  }
  const memory = new Map<string, number>()
  tell('connecting', null, null)
  while (!signal.aborted) {
    const startedMs = timeline.monotonic()
    try {
      await kind.poll({ door, products, timeline, signal, memory, lastMs, take })
      tell('live', null, null)
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      if (signal.aborted) return
      tell('down', error.message, error.untilMs ?? null)
    }
    await wait(timeline, Math.max(1_000, startedMs + everyMs - timeline.monotonic()), signal)
  }
}

function toPolicy(origin: string, isOwnHost: boolean): EgressPolicy {
  return {
    ...egressDefaults,
    userAgent: 'Gatehouse/1.0',
    schemes: isOwnHost ? ['http', 'https'] : ['https'],
    hosts: [new URL(origin).hostname],
    operatorConfigured: isOwnHost,
  }
}
