import type { Decide } from '@gatehouse/kernel/audit'
import type { TelemetryTx, TenantTx } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { planNext } from '../checks/plan-next.ts'
import type { Finding } from '../domain/assess.ts'
import type { Effect, NextCheck, ResolutionCause } from '../domain/effects.ts'
import { judge, type MonitorEvent, wakeAtMs } from '../domain/judge.ts'
import { toRules } from '../domain/rules.ts'
import { addBlip, applyEdits, type Blip, type Interval } from '../domain/timeline.ts'
import type { TimelineEdit } from '../domain/effects.ts'
import { type resolutionSentences, writeMessage } from '../messages.ts'
import { uptimePolicy } from '../policy.ts'
import {
  findLatestAutoIncident,
  findOpenAutoIncident,
  insertAutoIncident,
  listTail,
  type LockedMonitor,
  type OpenIncident,
  raisePageVersion,
  replaceTail,
  resolveAutoIncident,
  saveState,
  setNextCheck,
  type UnjudgedResult,
} from '../store/judge-store.ts'
import { type JudgeDeps, judgeFigures } from './judge-deps.ts'
import { queueNotice } from './queue-notice.ts'
import { planReminder } from './remind.ts'

/**
 * One event of a monitor. `result` is the stored check behind a verdict, `incidentId` the incident that a person
 * closed.
 */
export type Step = {
  readonly event: MonitorEvent
  readonly result?: UnjudgedResult
  readonly incidentId?: string
}

type Op = { readonly edit: TimelineEdit & { readonly incidentId: string | null } } | { readonly blip: Blip }

type Work = {
  readonly ops: Op[]
  incident: OpenIncident | undefined
  /** The open incident, or the latest one, which a flapping summary refers to. */
  latestId: string | null
  next: NextCheck | undefined
  isVisible: boolean
}

/** The code of the cause that an incident gets when it ends; null: it keeps the one that it has. */
const resolutionCodes: Readonly<Record<ResolutionCause, keyof typeof resolutionSentences | null>> = {
  recovered: null,
  paused: 'monitor_paused',
  target_changed: 'target_changed',
  deleted: 'monitor_deleted',
}

/**
 * Applies events to a locked monitor and writes the effects in the caller's transaction: state, timeline, incidents,
 * notifications and the next check. Opening and ending an incident are audited; everything else is telemetry.
 */
export async function applyEvents(
  deps: JudgeDeps,
  tx: TelemetryTx,
  decide: Decide,
  monitor: LockedMonitor,
  steps: readonly Step[],
): Promise<void> {
  const nowMs = deps.clock.now()
  const rules = toRules(monitor.rules, uptimePolicy)
  const incident = monitor.state.incidentOpen ? await findOpenAutoIncident(tx, monitor.id) : undefined
  const work: Work = {
    ops: [],
    incident,
    latestId: await latestIncidentId(tx, monitor, incident, steps),
    next: undefined,
    isVisible: false,
  }
  let { state } = monitor
  for (const step of steps) {
    const judgement = judge(state, step.event, rules, judgeFigures)
    if (judgement.state.status !== state.status) work.isVisible = true
    state = judgement.state
    await carryOut(deps, tx, decide, { ...monitor, state }, judgement.effects, step, work, nowMs)
  }
  await saveTimeline(tx, monitor.id, work.ops)
  const results = steps.flatMap(({ result }) => result ?? [])
  const last = results.at(-1)
  await saveState(tx, {
    monitorId: monitor.id,
    state,
    wakeAtMs: wakeAtMs(state, rules, judgeFigures),
    judgedThroughMs: Math.max(monitor.judgedThroughMs, last?.startedAtMs ?? 0),
    ...(last === undefined ? {} : { last: toLast(last, nowMs) }),
  })
  if (work.next !== undefined)
    await setNextCheck(tx, monitor.id, planNext(monitor.id, work.next, state, rules, judgeFigures, nowMs))
  if (work.isVisible || work.ops.length > 0) await raisePageVersion(tx, monitor.serviceId)
}

async function carryOut(
  deps: JudgeDeps,
  tx: TelemetryTx,
  decide: Decide,
  monitor: LockedMonitor,
  effects: readonly Effect[],
  { result }: Step,
  work: Work,
  nowMs: number,
): Promise<void> {
  const opening = effects.find((effect) => effect.kind === 'incident_opened')
  // The timeline refers to the incident before its row is written, so the id is assigned first.
  const openingId = opening === undefined ? undefined : newId(nowMs)
  for (const effect of effects) {
    switch (effect.kind) {
      case 'timeline': {
        const incidentId = effect.edit.state === 'down' ? (openingId ?? work.incident?.id ?? null) : null
        work.ops.push({ edit: { ...effect.edit, incidentId } })
        break
      }
      case 'blip':
        work.ops.push({ blip: effect })
        break
      case 'incident_opened': {
        if (openingId === undefined) throw new Error('An opened incident has an id')
        const causeReason = toReason(result)
        const { startedAtMs, confirmedAtMs } = effect
        const { id: monitorId, name: monitorName, serviceId } = monitor
        const audited = await decide({
          action: 'incident.open',
          resourceId: openingId,
          detail: { monitorId },
          at: nowMs,
        })
        await insertAutoIncident(audited, {
          id: openingId,
          monitorId,
          monitorName,
          serviceId,
          cause: causeReason === null ? null : writeEnglish(causeReason),
          causeReason,
          startedAtMs,
          confirmedAtMs,
        })
        work.incident = { id: openingId, startedAtMs, status: 'ongoing' }
        work.latestId = openingId
        if (monitor.renotifyMinutes > 0)
          await planReminder(tx, openingId, nowMs + monitor.renotifyMinutes * 60_000)
        break
      }
      case 'incident_resolved': {
        if (work.incident === undefined) break
        const { id } = work.incident
        const audited = await decide({
          action: 'incident.close',
          resourceId: id,
          detail: { monitorId: monitor.id, because: effect.cause },
          at: nowMs,
        })
        const code = resolutionCodes[effect.cause]
        const reason = code === null ? null : { code, values: {} }
        const cause = reason === null ? null : { sentence: writeEnglish(reason), reason }
        await resolveAutoIncident(audited, id, effect.resolvedAtMs, cause, nowMs)
        break
      }
      case 'notice':
        await queueNotice(deps, tx, {
          monitor,
          notice: effect.notice,
          atMs: effect.atMs,
          incidentId: work.latestId,
          failure: toReason(result),
        })
        break
      case 'next':
        work.next = effect.next
        break
    }
  }
  if (!monitor.state.incidentOpen) work.incident = undefined
}

async function latestIncidentId(
  tx: TenantTx,
  monitor: LockedMonitor,
  open: OpenIncident | undefined,
  steps: readonly Step[],
): Promise<string | null> {
  if (open !== undefined) return open.id
  const closedByPerson = steps.find(({ incidentId }) => incidentId !== undefined)?.incidentId
  return closedByPerson ?? (await findLatestAutoIncident(tx, monitor.id)) ?? null
}

async function saveTimeline(tx: TelemetryTx, monitorId: string, ops: readonly Op[]): Promise<void> {
  if (ops.length === 0) return
  const fromMs = Math.min(...ops.map((op) => ('edit' in op ? op.edit.fromMs : op.blip.fromMs)))
  const before = await listTail(tx, monitorId, fromMs)
  const after = ops.reduce<readonly Interval[]>(
    (timeline, op) => ('edit' in op ? applyEdits(timeline, [op.edit]) : addBlip(timeline, op.blip)),
    before,
  )
  await replaceTail(tx, monitorId, before, after)
}

function toLast(result: UnjudgedResult, nowMs: number) {
  const { startedAtMs, totalMs } = result
  const reason = toReason(result)
  return {
    // A check time in the future comes from a clock that stepped back.
    checkedAtMs: Math.min(startedAtMs, nowMs),
    error: reason === null ? null : { ...reason, message: writeEnglish(reason) },
    responseMs: totalMs,
  }
}

function toReason(result: UnjudgedResult | undefined): Finding | null {
  return result?.code == null ? null : { code: result.code, values: result.values }
}

/** The sentence of the API and of webhooks; people get it in their language. */
function writeEnglish({ code, values }: Finding): string {
  return writeMessage(code, values, 'en')
}
