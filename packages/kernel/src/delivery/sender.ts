import type { Clock } from '../clock/index.ts'
import { asWriter, type Database, type WriterTx } from '../db/index.ts'
import { type Attempt, describeAttempt } from './attempt.ts'
import { type AttemptVerdict, judgeAttempt, slowMs } from './judge-attempt.ts'
import { judgeFailing } from './judge-health.ts'
import type { DeliveryQueue, Prepared } from './queue.ts'
import {
  type ClaimedDelivery,
  claimDeliveries,
  type Outcome,
  saveOutcomes,
  saveWithheld,
  type Withheld,
} from './store/claim-store.ts'
import { bringForward } from './store/clock-store.ts'
import { type Pulse, savePulses, setTold } from './store/health-store.ts'

export type DeliveryDeps = {
  readonly db: Database
  readonly clock: Clock
  /** A random number in [0, 1) for the jitter of retries. */
  readonly chance: () => number
  readonly onError: (error: unknown) => void
}

/** The sender of one queue on one node; `startDelivery` calls it. */
export type Sender = {
  /** Claims due deliveries and starts to send them. Returns how many were claimed. */
  readonly claim: () => Promise<number>
  /** Stores the results of finished attempts. Returns how many there were. */
  readonly save: () => Promise<number>
  /** Resolves when no attempt is under way. */
  readonly idle: () => Promise<void>
}

type Finished = {
  readonly claimed: ClaimedDelivery
  readonly attempt: Attempt
  readonly verdict: AttemptVerdict
  readonly atMs: number
  readonly durationMs: number
}

/** The most by which the clocks of two nodes may differ; they follow the database's clock. */
const clockToleranceMs = 1_000

/** `onFinished` is called when there is a result to save, and room to claim more. */
export function createSender<To>(
  deps: DeliveryDeps,
  queue: DeliveryQueue<To>,
  signal: AbortSignal,
  onFinished: () => void,
): Sender {
  const { rules } = queue
  const { places } = rules
  const sending = new Set<Promise<void>>()
  const perOrg = new Map<string, number>()
  const perDestination = new Map<string, number>()
  let finished: Finished[] = []
  let seenMs: number | undefined

  const send = async (claimed: ClaimedDelivery, to: To): Promise<void> => {
    count(perOrg, claimed.orgId, 1)
    count(perDestination, toKey(claimed), 1)
    try {
      const atMs = deps.clock.now()
      const startedMs = deps.clock.monotonic()
      const attempt = await queue.attempt(to, claimed, { nowMs: atMs, signal })
      const durationMs = Math.round(deps.clock.monotonic() - startedMs)
      const attemptsMade = claimed.attemptsMade + 1
      const verdict = judgeAttempt(attempt, attemptsMade, deps.clock.now(), rules, deps.chance())
      finished.push({ claimed, attempt, verdict, atMs, durationMs })
    } catch (error) {
      // A fault of this server: the lease expires and the delivery is tried again.
      if (!signal.aborted) deps.onError(error)
    } finally {
      count(perOrg, claimed.orgId, -1)
      count(perDestination, toKey(claimed), -1)
      onFinished()
    }
  }

  /** Corrects stored times at the start, and when the clock has stepped back since the last look. */
  const followClock = async (): Promise<void> => {
    const nowMs = deps.clock.now()
    if (seenMs !== undefined && nowMs >= seenMs - clockToleranceMs) {
      seenMs = Math.max(seenMs, nowMs)
      return
    }
    // At the start nobody knows whether the clock has stepped back, and a receiver may have asked for the longest wait
    // allowed.
    const patienceMs = seenMs === undefined ? Math.max(rules.retryAfterSecondsMax * 1000, slowMs) : slowMs
    const boundMs = nowMs + clockToleranceMs
    await asWriter(deps, (tx) =>
      bringForward(tx, {
        queue: queue.name,
        nowMs,
        writtenUntilMs: boundMs,
        leaseUntilMs: boundMs + rules.timeoutMs + rules.leaseExtraMs,
        patienceUntilMs: boundMs + patienceMs,
      }),
    )
    seenMs = nowMs
  }

  return {
    claim: async () => {
      const rowsMax = places.all - sending.size
      if (rowsMax < 1) return 0
      await followClock()
      const { ready, claimedCount } = await asWriter(deps, async (tx) => {
        const claimed = await claimDeliveries(tx, {
          queue: queue.name,
          nowMs: deps.clock.now(),
          leaseMs: rules.timeoutMs + rules.leaseExtraMs,
          rowsMax,
          perDestinationMax: places.perDestination,
          perOrgMax: places.perOrg,
          exceptOrgs: full(perOrg, places.perOrg),
          exceptDestinations: full(perDestination, places.perDestination),
        })
        return { ready: await sortOut(deps, queue, tx, claimed), claimedCount: claimed.length }
      })
      for (const [claimed, to] of ready) {
        const task = send(claimed, to).finally(() => sending.delete(task))
        sending.add(task)
      }
      return claimedCount
    },
    save: async () => {
      const batch = finished
      if (batch.length === 0) return 0
      finished = []
      try {
        await asWriter(deps, (tx) => saveFinished(deps, queue, tx, batch))
      } catch (error) {
        finished = [...batch, ...finished]
        throw error
      }
      return batch.length
    },
    idle: async () => void (await Promise.all(sending)),
  }
}

/** Asks the queue what to do with each claimed delivery, and sets aside those that are not to be sent. */
async function sortOut<To>(
  deps: DeliveryDeps,
  queue: DeliveryQueue<To>,
  tx: WriterTx,
  claimed: readonly ClaimedDelivery[],
): Promise<readonly (readonly [ClaimedDelivery, To])[]> {
  if (claimed.length === 0) return []
  const prepared = await queue.prepare(tx, claimed)
  const ready: (readonly [ClaimedDelivery, To])[] = []
  const withheld: Withheld[] = []
  for (const [index, delivery] of claimed.entries()) {
    const what = prepared[index]
    if (what === undefined) throw new Error(`The queue ${queue.name} forgot a delivery`)
    if (what.kind === 'send') ready.push([delivery, what.to])
    else withheld.push(toWithheld(delivery, what))
    if (what.kind !== 'broken') continue
    deps.onError(what.error)
    const { orgId, destinationId, event } = delivery
    const notice = {
      orgId,
      destinationId,
      because: 'given_up',
      event,
      result: what.because,
      isClosed: false,
    } as const
    await queue.notice(tx, notice)
  }
  if (withheld.length > 0) await saveWithheld(tx, withheld, { ...queue.rules, nowMs: deps.clock.now() })
  return ready
}

function toWithheld(
  { leaseId }: ClaimedDelivery,
  what: Exclude<Prepared<never>, { kind: 'send' }>,
): Withheld {
  switch (what.kind) {
    case 'hold':
      return { leaseId, state: 'held', because: null }
    case 'suppress':
      return { leaseId, state: 'suppressed', because: what.because }
    case 'broken':
      return { leaseId, state: 'failed', because: what.because }
  }
}

async function saveFinished<To>(
  deps: DeliveryDeps,
  queue: DeliveryQueue<To>,
  tx: WriterTx,
  batch: readonly Finished[],
): Promise<void> {
  await saveOutcomes(tx, batch.map(toOutcome), queue.rules)
  const ailing = await savePulses(tx, queue.name, toPulses(batch))
  const { health } = queue.rules
  for (const destination of ailing) {
    const { orgId, destinationId, givenUp } = destination
    const percent = judgeFailing(health, destination, deps.clock.now())
    if (percent !== undefined) {
      await setTold(tx, queue.name, destination, percent)
      await queue.notice(tx, { orgId, destinationId, because: 'failing', percent, isClosed: percent === 100 })
    }
    const lost = batch.filter(
      ({ claimed, verdict }) => isLost(verdict) && toKey(claimed) === toKey(destination),
    )
    for (const { claimed, attempt, verdict } of lost) {
      const { event } = claimed
      const result = describeAttempt(attempt)
      const told = { orgId, destinationId, event, result }
      const isClosed = health.givenUpMax !== undefined && givenUp >= health.givenUpMax
      if (verdict.kind === 'gone') await queue.notice(tx, { ...told, because: 'gone', isClosed: true })
      else await queue.notice(tx, { ...told, because: 'given_up', isClosed })
    }
  }
}

function isLost({ kind }: AttemptVerdict): boolean {
  return kind === 'given_up' || kind === 'gone'
}

function toOutcome({ claimed, attempt, verdict, atMs, durationMs }: Finished): Outcome {
  return {
    leaseId: claimed.leaseId,
    state: verdict.kind === 'delivered' ? 'delivered' : verdict.kind === 'retry' ? 'pending' : 'failed',
    atMs,
    durationMs,
    status: attempt.status,
    error: attempt.error,
    nextAttemptAtMs: verdict.kind === 'retry' ? verdict.atMs : null,
  }
}

/** One pulse per destination: a single success in the batch shows that the receiver works. */
function toPulses(batch: readonly Finished[]): readonly Pulse[] {
  const pulses = new Map<string, Pulse>()
  for (const { claimed, verdict, atMs } of batch) {
    const { orgId, destinationId } = claimed
    const before = pulses.get(toKey(claimed))
    const slowUntilMs = verdict.kind === 'retry' ? verdict.slowUntilMs : null
    pulses.set(toKey(claimed), {
      orgId,
      destinationId,
      failed: verdict.kind !== 'delivered' && before?.failed !== false,
      atMs: before?.atMs ?? atMs,
      givenUp: (before?.givenUp ?? 0) + (isLost(verdict) ? 1 : 0),
      slowUntilMs: Math.max(slowUntilMs ?? 0, before?.slowUntilMs ?? 0) || null,
    })
  }
  return [...pulses.values()]
}

function toKey({ orgId, destinationId }: Pick<ClaimedDelivery, 'orgId' | 'destinationId'>): string {
  return `${orgId}/${destinationId}`
}

function count(counts: Map<string, number>, key: string, step: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + step
  if (next === 0) counts.delete(key)
  else counts.set(key, next)
}

function full(counts: ReadonlyMap<string, number>, max: number): readonly string[] {
  return [...counts].filter(([, held]) => held >= max).map(([key]) => key)
}
