import { recordTelemetry, type TelemetryTx } from '@gatehouse/kernel/db'
import { enqueue } from '@gatehouse/kernel/jobs'
import { findNoticeIncident, findReminder } from '../store/notice-store.ts'
import { isOrgSuspended } from '../store/plan-store.ts'
import { remindJob } from './channel-jobs.ts'
import type { JudgeDeps } from './judge-deps.ts'
import { toIncidentBody } from './notice-body.ts'
import { queueForAll } from './queue-notice.ts'

/** Repeats the notification of an ongoing incident, and schedules the next repetition (3.9). */
export async function remind(deps: JudgeDeps, orgId: string, incidentId: string): Promise<void> {
  await recordTelemetry(deps, { kind: 'system', orgId, because: 'reminder' }, async (tx) => {
    const reminder = await findReminder(tx, incidentId)
    if (reminder === undefined) return
    const atMs = deps.clock.now()
    await planReminder(tx, incidentId, atMs + reminder.renotifyMinutes * 60_000)
    if (reminder.isHeld || (await isOrgSuspended(tx))) return
    const incident = await findNoticeIncident(tx, incidentId)
    if (incident === undefined) return
    const context = { event: 'incident.reminder', orgId, publicUrl: deps.publicUrl(), atMs }
    const body = toIncidentBody(context, incident)
    await queueForAll(deps, tx, {
      monitorId: reminder.monitorId,
      incidentId,
      body,
      failure: incident.causeReason,
      suppressed: false,
      atMs,
    })
  })
}

export async function planReminder(tx: TelemetryTx, incidentId: string, runAtMs: number): Promise<void> {
  await enqueue(tx, remindJob, { orgId: tx.orgId, incidentId }, { runAtMs, key: `remind:${incidentId}` })
}
