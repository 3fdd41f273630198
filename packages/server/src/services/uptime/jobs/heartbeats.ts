import { createHash } from 'node:crypto'
import { type Decide, decideAsSystem } from '@gatehouse/kernel/audit'
import { asGate, recordTelemetry, type TelemetryTx } from '@gatehouse/kernel/db'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import {
  boundDeadline,
  type HeartbeatVerdict,
  judgeDeadline,
  type Ping,
  takePing,
} from '../domain/heartbeat.ts'
import { uptimePolicy } from '../policy.ts'
import type { MonitorKey } from '../store/claim-store.ts'
import { lockMonitors, type LockedMonitor } from '../store/judge-store.ts'
import {
  findByToken,
  insertPing,
  insertUnleased,
  listOutages,
  lockHeartbeat,
  saveHeartbeat,
} from '../store/ping-store.ts'
import { applyEvents } from './apply-events.ts'
import { heartbeatSettings } from '../usecases/heartbeat-settings.ts'
import type { JudgeDeps } from './judge-deps.ts'

export type ReceivedPing = {
  readonly token: string
  readonly ping: Ping
  readonly runId: string | null
  readonly body: string | null
}

/** Resolves to true once all effects of the ping are durable; false for an unknown token. */
export async function receivePing(deps: JudgeDeps, received: ReceivedPing): Promise<boolean> {
  const digest = createHash('sha256').update(received.token, 'utf8').digest('hex')
  const owner = await asGate(deps, (tx) => findByToken(tx, digest))
  if (owner === undefined) return false
  await decideAsSystem(deps, toPrincipal(owner.orgId), (tx, decide) =>
    storePing(deps, tx, decide, owner.monitorId, received),
  )
  return true
}

async function storePing(
  deps: JudgeDeps,
  tx: TelemetryTx,
  decide: Decide,
  monitorId: string,
  received: ReceivedPing,
): Promise<void> {
  const [monitor] = await lockMonitors(tx, [monitorId])
  const heartbeat = await lockHeartbeat(tx, monitorId)
  if (monitor === undefined || heartbeat === undefined) return
  const atMs = deps.clock.now()
  const { ping, runId, body } = received
  const config = heartbeatSettings(monitor.stored)
  const exitCode = ping.kind === 'fail' ? ping.exitCode : null
  await insertPing(tx, { monitorId, atMs, kind: ping.kind, exitCode, runId, body })
  if (config === undefined) return judgeUnreadable(deps, tx, decide, monitor, atMs, 'ping')
  const effect = takePing(heartbeat, config, ping, runId, atMs)
  const isPaused = monitor.state.status === 'paused'
  await saveHeartbeat(tx, monitorId, isPaused ? { ...effect.heartbeat, deadlineMs: null } : effect.heartbeat)
  if (effect.verdict !== null)
    await judgeVerdict(deps, tx, decide, monitor, inOrder(effect.verdict, monitor), 'ping')
}

/**
 * Ensures increasing times: two pings in one millisecond are two results, and one after the clock stepped back is the
 * later one.
 */
function inOrder(verdict: HeartbeatVerdict, { judgedThroughMs }: LockedMonitor): HeartbeatVerdict {
  const byMs = judgedThroughMs + 1 - verdict.startedAtMs
  if (byMs <= 0) return verdict
  const { startedAtMs, endedAtMs, vouchesUntilMs } = verdict
  return {
    ...verdict,
    startedAtMs: startedAtMs + byMs,
    endedAtMs: endedAtMs + byMs,
    ...(vouchesUntilMs === undefined ? {} : { vouchesUntilMs: vouchesUntilMs + byMs }),
  }
}

/** Moves a deadline that is later than any ping could have set it to where a ping now would set it. */
export async function bringDeadlineForward(deps: JudgeDeps, { orgId, monitorId }: MonitorKey): Promise<void> {
  await recordTelemetry(deps, toPrincipal(orgId), async (tx) => {
    const [monitor] = await lockMonitors(tx, [monitorId])
    const heartbeat = await lockHeartbeat(tx, monitorId)
    const config = monitor && heartbeatSettings(monitor.stored)
    if (heartbeat === undefined || config === undefined) return
    await saveHeartbeat(tx, monitorId, boundDeadline(heartbeat, config, deps.clock.now()))
  })
}

/**
 * Judges a heartbeat whose deadline has passed: it may be late, or an outage of ours or maintenance prevented its
 * ping.
 */
export async function judgeOverdue(deps: JudgeDeps, { orgId, monitorId }: MonitorKey): Promise<void> {
  await decideAsSystem(deps, toPrincipal(orgId), async (tx, decide) => {
    const [monitor] = await lockMonitors(tx, [monitorId])
    const heartbeat = await lockHeartbeat(tx, monitorId)
    if (monitor === undefined || heartbeat?.deadlineMs == null) return
    const config = heartbeatSettings(monitor.stored)
    if (config === undefined) {
      await saveHeartbeat(tx, monitorId, { ...heartbeat, deadlineMs: null })
      return judgeUnreadable(deps, tx, decide, monitor, deps.clock.now(), 'deadline')
    }
    const verdict = judgeDeadline(
      heartbeat,
      config,
      {
        outages: await listOutages(tx, heartbeat.lastSuccessMs ?? heartbeat.deadlineMs),
        maintenance: monitor.state.maintenance,
        extensionSecondsMax: uptimePolicy.heartbeatExtensionSecondsMax,
      },
      deps.clock.now(),
    )
    if (verdict.kind === 'wait') return
    await saveHeartbeat(tx, monitorId, verdict.heartbeat)
    if (verdict.kind === 'missed') await judgeVerdict(deps, tx, decide, monitor, verdict.verdict, 'deadline')
  })
}

/** The stored config is unreadable, so the job's times are unknown: reports that, without blaming the job. */
async function judgeUnreadable(
  deps: JudgeDeps,
  tx: TelemetryTx,
  decide: Decide,
  monitor: LockedMonitor,
  nowMs: number,
  origin: 'ping' | 'deadline',
): Promise<void> {
  if (monitor.stored.isKnown) throw new Error('Only a heartbeat has a token')
  const atMs = Math.max(nowMs, monitor.judgedThroughMs + 1)
  const verdict = { outcome: 'unknown', startedAtMs: atMs, endedAtMs: atMs, ...monitor.stored.fault } as const
  return judgeVerdict(deps, tx, decide, monitor, verdict, origin)
}

async function judgeVerdict(
  deps: JudgeDeps,
  tx: TelemetryTx,
  decide: Decide,
  monitor: LockedMonitor,
  { values, ...verdict }: HeartbeatVerdict,
  origin: 'ping' | 'deadline',
): Promise<void> {
  const { outcome, startedAtMs, code } = verdict
  await insertUnleased(tx, {
    monitorId: monitor.id,
    startedAtMs,
    origin,
    outcome,
    code,
    values,
    statusCode: null,
    totalMs: null,
    remoteAddress: null,
    inMaintenance: monitor.state.maintenance !== null,
  })
  const result = { startedAtMs, outcome, code, values, totalMs: null }
  await applyEvents(deps, tx, decide, monitor, [{ event: { kind: 'verdict', verdict }, result }])
}

function toPrincipal(orgId: string): SystemPrincipal {
  return { kind: 'system', orgId, because: 'heartbeat' }
}
