import { asWriter } from '@gatehouse/kernel/db'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import { planNext } from '../checks/plan-next.ts'
import type { Looked } from '../domain/assess.ts'
import { judge, wakeAtMs } from '../domain/judge.ts'
import { toRules } from '../domain/rules.ts'
import { uptimePolicy } from '../policy.ts'
import {
  hintAtChecks,
  insertLeasedResults,
  type LeasedState,
  listLeasedStates,
  type MonitorKey,
  moveQuietStates,
  type QuietState,
  type ResultRow,
} from '../store/claim-store.ts'
import { type JudgeDeps, judgeFigures } from './judge-deps.ts'
import { judgeStored } from './judge-stored.ts'
import { startLoop } from '../../../service/start-loop.ts'

export type FinishedCheck = Looked & {
  readonly leaseId: string
  readonly startedAtMs: number
  readonly endedAtMs: number
}

export type FlushLoop = {
  readonly add: (check: FinishedCheck) => void
  readonly queued: () => number
  /** Writes the remaining results. */
  readonly stop: () => Promise<void>
}

type Judged = {
  readonly row: ResultRow
  readonly quiet: QuietState | undefined
  readonly loud: MonitorKey | undefined
}

/**
 * Writes results in batches, one transaction each, and judges them. Verdicts that change nothing are applied in the
 * same transaction, all others in a transaction of their organisation right after.
 */
export function startFlushLoop(deps: JudgeDeps & { readonly log: Logger }): FlushLoop {
  let queue: FinishedCheck[] = []
  const hintedMs = new Map<string, number>()
  /** The organisations whose screens were not notified within the last seconds. */
  const toHint = (orgIds: readonly string[]): readonly string[] => {
    const nowMs = deps.clock.monotonic()
    for (const [orgId, ms] of hintedMs)
      if (nowMs - ms >= uptimePolicy.flush.hintEveryMs) hintedMs.delete(orgId)
    const due = [...new Set(orgIds)].filter((orgId) => !hintedMs.has(orgId))
    for (const orgId of due) hintedMs.set(orgId, nowMs)
    return due
  }

  const flush = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue.slice(0, uptimePolicy.flush.rowsMax)
      const loud = await writeBatch(deps, batch, toHint)
      queue = queue.slice(batch.length)
      for (const key of loud)
        await judgeStored(deps, key).catch((error: unknown) =>
          // The sweep applies it later: no stored result stays unjudged.
          deps.log.error('A verdict could not be applied', { ...key, ...toErrorFields(error) }),
        )
    }
  }
  const loop = startLoop('uptime results', uptimePolicy.flush.everyMs, deps.log, flush)

  return {
    add: (check) => void queue.push(check),
    queued: () => queue.length,
    stop: async () => {
      await loop.stop()
      await flush()
    },
  }
}

async function writeBatch(
  deps: JudgeDeps,
  batch: readonly FinishedCheck[],
  toHint: (orgIds: readonly string[]) => readonly string[],
): Promise<readonly MonitorKey[]> {
  return asWriter(deps, async (tx) => {
    const states = await listLeasedStates(
      tx,
      batch.map(({ leaseId }) => leaseId),
    )
    const byLease = new Map(states.map((state) => [state.leaseId, state]))
    const judged = batch.flatMap((check) => {
      const leased = byLease.get(check.leaseId)
      return leased === undefined ? [] : [judgeOne(check, leased, deps.clock.now())]
    })
    await insertLeasedResults(
      tx,
      judged.map(({ row }) => row),
    )
    await moveQuietStates(
      tx,
      judged.flatMap(({ quiet }) => quiet ?? []),
    )
    const hinted = toHint(states.map(({ orgId }) => orgId))
    if (hinted.length > 0) await hintAtChecks(tx, hinted)
    return judged.flatMap(({ loud }) => loud ?? [])
  })
}

function judgeOne(check: FinishedCheck, leased: LeasedState, nowMs: number): Judged {
  const { orgId, monitorId, state, judgedThroughMs } = leased
  const { outcome, code, phases } = check
  // Results are judged in order of time, which must hold even if the clock stepped back.
  const startedAtMs = Math.max(check.startedAtMs, judgedThroughMs + 1)
  const endedAtMs = Math.max(check.endedAtMs, startedAtMs)
  const rules = toRules(leased.rules, uptimePolicy)
  const after = judge(
    state,
    { kind: 'verdict', verdict: { outcome, startedAtMs, endedAtMs, code } },
    rules,
    judgeFigures,
  )
  const next = after.effects.find((effect) => effect.kind === 'next')?.next ?? { kind: 'grid' }
  const changesNothing = after.effects.every(
    (effect) => effect.kind === 'next' && effect.next.kind === 'grid',
  )
  const isQuiet = changesNothing && outcome === 'up' && after.state.status === state.status
  const row: ResultRow = {
    leaseId: check.leaseId,
    startedAtMs,
    nextDueAtMs: planNext(
      monitorId,
      next.kind === 'now' ? { kind: 'grid' } : next,
      after.state,
      rules,
      judgeFigures,
      nowMs,
    ).dueAtMs,
    outcome,
    code,
    values: check.values,
    statusCode: check.statusCode,
    dnsMs: phases.dnsMs,
    connectMs: phases.connectMs,
    tlsMs: phases.tlsMs,
    ttfbMs: phases.ttfbMs,
    downloadMs: phases.downloadMs,
    totalMs: phases.totalMs,
    remoteAddress: check.remoteAddress,
    inMaintenance: after.state.maintenance !== null,
  }
  if (!isQuiet) return { row, quiet: undefined, loud: { orgId, monitorId } }
  const quiet: QuietState = {
    orgId,
    monitorId,
    judgedBeforeMs: judgedThroughMs,
    judgedThroughMs: startedAtMs,
    checkedAtMs: check.startedAtMs,
    state: after.state,
    wakeAtMs: wakeAtMs(after.state, rules, judgeFigures),
    responseMs: phases.totalMs,
  }
  return { row, quiet, loud: undefined }
}
