import { createHash } from 'node:crypto'
import { asGate, type TenantTx, within } from '@gatehouse/kernel/db'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import { type HeartbeatVerdict, judgeDeadline, type Ping, takePing } from '../domain/heartbeat.ts'
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
import { heartbeatSettings } from './heartbeat-settings.ts'
import type { JudgeDeps } from './judge-deps.ts'

export type ReceivedPing = {
  readonly token: string
  readonly ping: Ping
  readonly runId: string | null
  readonly body: string | null
}

/** True once everything that follows from the ping is durable; false for a token that nobody has. */
export async function receivePing(deps: JudgeDeps, received: ReceivedPing): Promise<boolean> {
  const digest = createHash('sha256').update(received.token, 'utf8').digest('hex')
  const owner = await asGate(deps, (tx) => findByToken(tx, digest))
  if (owner === undefined) return false
  await within(deps, toPrincipal(owner.orgId), (tx) => storePing(deps, tx, owner.monitorId, received))
  return true
}

async function storePing(
  deps: JudgeDeps,
  tx: TenantTx,
  monitorId: string,
  received: ReceivedPing,
): Promise<void> {
  const [monitor] = await lockMonitors(tx, [monitorId])
  const heartbeat = await lockHeartbeat(tx, monitorId)
  if (monitor === undefined || heartbeat === undefined) return
  // Two pings in one millisecond are two results all the same.
  const atMs = Math.max(deps.clock.now(), monitor.judgedThroughMs + 1)
  const { ping, runId, body } = received
  const effect = takePing(heartbeat, heartbeatSettings(monitor.config), ping, runId, atMs)
  const exitCode = ping.kind === 'fail' ? ping.exitCode : null
  await insertPing(tx, { monitorId, atMs, kind: ping.kind, exitCode, runId, body })
  const isPaused = monitor.state.status === 'paused'
  await saveHeartbeat(tx, monitorId, isPaused ? { ...effect.heartbeat, deadlineMs: null } : effect.heartbeat)
  if (effect.verdict !== null) await judgeVerdict(deps, tx, monitor, effect.verdict, 'ping')
}

/** Looks at a heartbeat whose deadline has passed: it may be late, or we or a maintenance were in its way. */
export async function judgeOverdue(deps: JudgeDeps, { orgId, monitorId }: MonitorKey): Promise<void> {
  await within(deps, toPrincipal(orgId), async (tx) => {
    const [monitor] = await lockMonitors(tx, [monitorId])
    const heartbeat = await lockHeartbeat(tx, monitorId)
    if (monitor === undefined || heartbeat?.deadlineMs == null) return
    const verdict = judgeDeadline(
      heartbeat,
      heartbeatSettings(monitor.config),
      {
        outages: await listOutages(tx, heartbeat.lastSuccessMs ?? heartbeat.deadlineMs),
        maintenance: monitor.state.maintenance,
        extensionSecondsMax: uptimePolicy.heartbeatExtensionSecondsMax,
      },
      deps.clock.now(),
    )
    if (verdict.kind === 'wait') return
    await saveHeartbeat(tx, monitorId, verdict.heartbeat)
    if (verdict.kind === 'missed') await judgeVerdict(deps, tx, monitor, verdict.verdict, 'deadline')
  })
}

async function judgeVerdict(
  deps: JudgeDeps,
  tx: TenantTx,
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
  const decisions = await applyEvents(deps, tx, monitor, [{ event: { kind: 'verdict', verdict }, result }])
  await deps.audit.append(tx, decisions)
}

function toPrincipal(orgId: string): SystemPrincipal {
  return { kind: 'system', orgId, because: 'heartbeat' }
}
