import type { Decide } from '@gatehouse/kernel/audit'
import type { TelemetryTx } from '@gatehouse/kernel/db'
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
  type DueCheck,
  findLatestAutoIncidents,
  findOpenAutoIncidents,
  insertAutoIncident,
  type LockedMonitor,
  type OpenIncident,
  raisePageVersion,
  resolveAutoIncident,
  type SavedState,
  saveStates,
  setNextChecks,
  type UnjudgedResult,
} from '../store/judge-store.ts'
import { listTails, replaceTails } from '../store/timeline-store.ts'
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

/** A locked monitor, and what is to be applied to it. */
export type Stepping = { readonly monitor: LockedMonitor; readonly steps: readonly Step[] }

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

type Applied = {
  readonly monitor: LockedMonitor
  readonly ops: readonly Op[]
  readonly saved: SavedState
  readonly next: DueCheck | undefined
  readonly changesPage: boolean
}

/** Applies events to one locked monitor; see `applyToEach`. */
export async function applyEvents(
  deps: JudgeDeps,
  tx: TelemetryTx,
  decide: Decide,
  monitor: LockedMonitor,
  steps: readonly Step[],
): Promise<void> {
  await applyToEach(deps, tx, decide, [{ monitor, steps }])
}

/**
 * Applies events to locked monitors, each once, and writes the effects in the caller's transaction: states, timelines,
 * incidents, notifications and the next checks. Opening and ending an incident are audited; everything else is
 * telemetry. Besides incidents and notifications, many monitors take as many statements as one.
 */
export async function applyToEach(
  deps: JudgeDeps,
  tx: TelemetryTx,
  decide: Decide,
  stepping: readonly Stepping[],
): Promise<void> {
  const nowMs = deps.clock.now()
  const known = await findIncidents(tx, stepping)
  const applied: Applied[] = []
  for (const one of stepping) applied.push(await applyOne(deps, tx, decide, one, known, nowMs))
  await saveTimelines(tx, applied)
  await saveStates(
    tx,
    applied.map(({ saved }) => saved),
  )
  await setNextChecks(
    tx,
    applied.flatMap(({ next }) => next ?? []),
  )
  const pages = new Set(applied.flatMap(({ monitor, changesPage }) => (changesPage ? monitor.serviceId : [])))
  for (const page of [...pages].toSorted()) await raisePageVersion(tx, page)
}

type KnownIncidents = {
  readonly open: ReadonlyMap<string, OpenIncident>
  /** The latest incident of each monitor that has none open. */
  readonly latest: ReadonlyMap<string, string>
}

async function findIncidents(tx: TelemetryTx, stepping: readonly Stepping[]): Promise<KnownIncidents> {
  const idOf = ({ monitor }: Stepping): string => monitor.id
  const open = await findOpenAutoIncidents(
    tx,
    stepping.filter(({ monitor }) => monitor.state.incidentOpen).map(idOf),
  )
  const others = stepping.filter((one) => !open.has(one.monitor.id) && closedByPerson(one) === undefined)
  return { open, latest: await findLatestAutoIncidents(tx, others.map(idOf)) }
}

async function applyOne(
  deps: JudgeDeps,
  tx: TelemetryTx,
  decide: Decide,
  stepping: Stepping,
  { open, latest }: KnownIncidents,
  nowMs: number,
): Promise<Applied> {
  const { monitor, steps } = stepping
  const { id } = monitor
  const rules = toRules(monitor.rules, uptimePolicy)
  const incident = open.get(id)
  const work: Work = {
    ops: [],
    incident,
    latestId: incident?.id ?? closedByPerson(stepping) ?? latest.get(id) ?? null,
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
  const results = steps.flatMap(({ result }) => result ?? [])
  const last = results.at(-1)
  return {
    monitor,
    ops: work.ops,
    saved: {
      monitorId: id,
      state,
      wakeAtMs: wakeAtMs(state, rules, judgeFigures),
      judgedThroughMs: Math.max(monitor.judgedThroughMs, last?.startedAtMs ?? 0),
      ...(last === undefined ? {} : { last: toLast(last, nowMs) }),
    },
    next:
      work.next === undefined
        ? undefined
        : { monitorId: id, ...planNext(id, work.next, state, rules, judgeFigures, nowMs) },
    changesPage: work.isVisible || work.ops.length > 0,
  }
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

function closedByPerson({ steps }: Stepping): string | undefined {
  return steps.find(({ incidentId }) => incidentId !== undefined)?.incidentId
}

async function saveTimelines(tx: TelemetryTx, applied: readonly Applied[]): Promise<void> {
  const edited = applied.filter(({ ops }) => ops.length > 0)
  const tails = await listTails(
    tx,
    edited.map(({ monitor, ops }) => ({
      monitorId: monitor.id,
      fromMs: Math.min(...ops.map((op) => ('edit' in op ? op.edit.fromMs : op.blip.fromMs))),
    })),
  )
  await replaceTails(
    tx,
    edited.map(({ monitor, ops }) => {
      const before = tails.get(monitor.id) ?? []
      const after = ops.reduce<readonly Interval[]>(
        (timeline, op) => ('edit' in op ? applyEdits(timeline, [op.edit]) : addBlip(timeline, op.blip)),
        before,
      )
      return { monitorId: monitor.id, before, after }
    }),
  )
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
