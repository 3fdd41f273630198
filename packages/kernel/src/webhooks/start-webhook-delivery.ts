import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../clock/index.ts'
import { asWriter, type Database, type Invalidations, type WriterTx } from '../db/index.ts'
import { judgeWebhookAttempt, type WebhookAttempt, type WebhookVerdict } from './judge-webhook-attempt.ts'
import { judgeWebhookHealth, type ToldPercent } from './judge-webhook-health.ts'
import { sendWebhook, type SendWebhookDeps } from './send-webhook.ts'
import {
  type ClaimedWebhook,
  claimWebhooks,
  type EndpointPulse,
  saveOutcomes,
  savePulses,
  type WebhookOutcome,
} from './store/claim-store.ts'
import { holdPending } from './store/delivery-store.ts'
import { setDisabled, setTold } from './store/endpoint-store.ts'

/** What the owners of an endpoint should hear. */
export type WebhookNotice = {
  readonly orgId: string
  readonly endpointId: string
  readonly because: 'failing' | 'gone'
  /** Share of the time that failures may go on; at 100 the endpoint is disabled. */
  readonly percent: ToldPercent
}

export type WebhookDeliveryDeps = SendWebhookDeps & {
  readonly db: Database
  readonly clock: Clock
  readonly invalidations: Pick<Invalidations, 'subscribe'>
  /** A number in [0, 1) that spreads retries. */
  readonly chance: () => number
  /** Tells the owners, in the transaction that decides it. */
  readonly tell: (tx: WriterTx, notice: WebhookNotice) => Promise<void>
  readonly onError: (error: unknown) => void
}

export type WebhookDeliveryLoop = {
  /** Gives up what is being sent; another node, or the next start, sends it again when its lease has lapsed. */
  readonly stop: () => Promise<void>
}

const placesMax = 256
/** Of one claim; who holds as many gets no more, so that an org or endpoint never has twice that on a node. */
const perOrgMax = 64
const perEndpointMax = 32
/** Longer than the longest attempt, so that nobody sends what another node still sends. */
const leaseMs = 30_000
/** How soon a retry, or an event whose notification was lost, is looked for. */
const pollMs = 500

type Finished = {
  readonly claimed: ClaimedWebhook
  readonly attempt: WebhookAttempt
  readonly verdict: WebhookVerdict
  readonly atMs: number
  readonly durationMs: number
}

/** Sends what is due, on this node, until it is stopped. */
export function startWebhookDelivery(deps: WebhookDeliveryDeps): WebhookDeliveryLoop {
  const stopping = new AbortController()
  const { signal } = stopping
  const sending = new Set<Promise<void>>()
  const perOrg = new Map<string, number>()
  const perEndpoint = new Map<string, number>()
  let finished: Finished[] = []
  let wake = Promise.withResolvers<void>()
  const poke = (): void => wake.resolve()
  const unsubscribe = deps.invalidations.subscribe((subject) => {
    if (subject === 'webhooks' || subject === '*') poke()
  })

  const send = async (claimed: ClaimedWebhook): Promise<void> => {
    count(perOrg, claimed.orgId, 1)
    count(perEndpoint, claimed.endpointId, 1)
    try {
      const atMs = deps.clock.now()
      const startedMs = deps.clock.monotonic()
      const attempt = await sendWebhook(deps, claimed, atMs, signal)
      const durationMs = Math.round(deps.clock.monotonic() - startedMs)
      const verdict = judgeWebhookAttempt(attempt, claimed.attemptsMade + 1, deps.clock.now(), deps.chance())
      finished.push({ claimed, attempt, verdict, atMs, durationMs })
    } catch (error) {
      // A fault of our own: the lease lapses and the delivery is tried again.
      if (!signal.aborted) deps.onError(error)
    } finally {
      count(perOrg, claimed.orgId, -1)
      count(perEndpoint, claimed.endpointId, -1)
      poke()
    }
  }

  const save = async (): Promise<void> => {
    const batch = finished
    if (batch.length === 0) return
    finished = []
    try {
      await asWriter(deps, (tx) => saveFinished(deps, tx, batch))
    } catch (error) {
      finished = [...batch, ...finished]
      throw error
    }
  }

  const claim = async (): Promise<number> => {
    const rowsMax = placesMax - sending.size
    if (rowsMax < 1) return 0
    const claimed = await asWriter(deps, (tx) =>
      claimWebhooks(tx, {
        nowMs: deps.clock.now(),
        leaseMs,
        rowsMax,
        perEndpointMax,
        perOrgMax,
        exceptOrgs: full(perOrg, perOrgMax),
        exceptEndpoints: full(perEndpoint, perEndpointMax),
      }),
    )
    for (const one of claimed) {
      const task = send(one).finally(() => sending.delete(task))
      sending.add(task)
    }
    return claimed.length
  }

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      wake = Promise.withResolvers<void>()
      try {
        await save()
        await claim()
      } catch (error) {
        deps.onError(error)
        await wait(pollMs, undefined, { signal }).catch(() => undefined)
      }
      const idle = new AbortController()
      const rest = wait(pollMs, undefined, { signal: AbortSignal.any([signal, idle.signal]) })
      await Promise.race([wake.promise, rest]).catch(() => undefined)
      idle.abort()
      rest.catch(() => undefined)
    }
  }

  const running = run()
  return {
    stop: async () => {
      stopping.abort()
      unsubscribe()
      await running
      await Promise.all(sending)
      await save()
    },
  }
}

async function saveFinished(
  deps: WebhookDeliveryDeps,
  tx: WriterTx,
  batch: readonly Finished[],
): Promise<void> {
  await saveOutcomes(tx, batch.map(toOutcome))
  const failing = await savePulses(tx, toPulses(batch))
  for (const { orgId, endpointId, failingSinceMs, toldPercent } of failing) {
    const percent = judgeWebhookHealth(failingSinceMs, toldPercent, deps.clock.now())
    if (percent === undefined) continue
    await setTold(tx, orgId, endpointId, percent)
    if (percent === 100) await disable(deps, tx, orgId, endpointId, 'failing')
    else await deps.tell(tx, { orgId, endpointId, because: 'failing', percent })
  }
  const gone = new Map(
    batch.filter(({ verdict }) => verdict.kind === 'gone').map((one) => [one.claimed.endpointId, one]),
  )
  for (const { claimed } of gone.values()) await disable(deps, tx, claimed.orgId, claimed.endpointId, 'gone')
}

async function disable(
  deps: WebhookDeliveryDeps,
  tx: WriterTx,
  orgId: string,
  endpointId: string,
  because: 'failing' | 'gone',
): Promise<void> {
  await setDisabled(tx, orgId, endpointId, because, deps.clock.now())
  await holdPending(tx, orgId, endpointId)
  await deps.tell(tx, { orgId, endpointId, because, percent: 100 })
}

function toOutcome({ claimed, attempt, verdict, atMs, durationMs }: Finished): WebhookOutcome {
  return {
    leaseId: claimed.leaseId,
    state: verdict.kind === 'delivered' ? 'delivered' : verdict.kind === 'retry' ? 'pending' : 'failed',
    atMs,
    durationMs,
    status: attempt.kind === 'answered' ? attempt.status : null,
    error: attempt.kind === 'failed' ? attempt.code : null,
    nextAttemptAtMs: verdict.kind === 'retry' ? verdict.atMs : null,
  }
}

/** One pulse an endpoint: a success in the batch says that the receiver lives. */
function toPulses(batch: readonly Finished[]): readonly EndpointPulse[] {
  const pulses = new Map<string, EndpointPulse>()
  for (const { claimed, verdict, atMs } of batch) {
    const { orgId, endpointId } = claimed
    const before = pulses.get(endpointId)
    const slowUntilMs = verdict.kind === 'retry' ? verdict.slowUntilMs : null
    pulses.set(endpointId, {
      orgId,
      endpointId,
      failed: verdict.kind !== 'delivered' && before?.failed !== false,
      atMs: before?.atMs ?? atMs,
      slowUntilMs: Math.max(slowUntilMs ?? 0, before?.slowUntilMs ?? 0) || null,
    })
  }
  return [...pulses.values()]
}

function count(counts: Map<string, number>, key: string, step: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + step
  if (next === 0) counts.delete(key)
  else counts.set(key, next)
}

function full(counts: ReadonlyMap<string, number>, max: number): readonly string[] {
  return [...counts].filter(([, held]) => held >= max).map(([key]) => key)
}
