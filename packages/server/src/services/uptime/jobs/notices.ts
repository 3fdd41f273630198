import { randomBytes } from 'node:crypto'
import { within } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { enqueue } from '@gatehouse/kernel/jobs'
import type { Principal } from '@gatehouse/kernel/principal'
import type { MaintenanceNotice, Notices, TestSend } from '../deps.ts'
import { listMonitorPlaces } from '../store/monitor-store.ts'
import { findNoticeIncident, findSendingChannel } from '../store/notice-store.ts'
import { type DeliverDeps, toResult } from './deliver.ts'
import { verifyChannelJob } from './deliver-job.ts'
import type { NoticeBody, NoticeContext } from './notice-body.ts'
import { openChannelConfig } from './open-channel-config.ts'
import { queueForAll, queueOpening, queueResolution } from './queue-notice.ts'
import { sendNotice } from './send-notice.ts'

const namesMax = 20

/** The notices that people's own decisions bring about. */
export function createNotices(deps: DeliverDeps): Notices {
  return {
    queueIncident: async (tx, incidentId, event) => {
      const incident = await findNoticeIncident(tx, incidentId)
      if (incident === undefined) return
      const atMs = deps.clock.now()
      const context: NoticeContext = { event, orgId: tx.orgId, publicUrl: deps.publicUrl(), atMs }
      const { monitorId } = incident
      if (event === 'incident.resolved')
        return queueResolution(deps, tx, { context, monitorId, incidentId, suppressed: false })
      return queueOpening(deps, tx, { context, monitorId, incidentId, failure: null, suppressed: false })
    },
    queueMaintenance: async (tx, notice) => {
      const places = await listMonitorPlaces(tx, notice.monitorIds)
      const body = toMaintenanceBody(
        tx.orgId,
        notice,
        places.map(({ name }) => name),
      )
      // One notice for the whole window, so no single monitor's channels are asked.
      await queueForAll(deps, tx, {
        monitorId: null,
        incidentId: null,
        body,
        failure: null,
        suppressed: false,
        atMs: notice.atMs,
      })
    },
    queueVerification: async (tx, verificationId) => {
      await enqueue(
        tx,
        verifyChannelJob,
        { orgId: tx.orgId, verificationId },
        { key: `verification:${verificationId}` },
      )
    },
    sendTest: (principal, channelId) => sendTest(deps, principal, channelId),
  }
}

async function sendTest(deps: DeliverDeps, principal: Principal, channelId: string): Promise<TestSend> {
  const { orgId } = principal
  const channel = await within(deps, principal, (tx) => findSendingChannel(tx, channelId))
  if (channel === undefined) throw new Error('The caller has proven that this channel exists')
  const nowMs = deps.clock.now()
  const body: NoticeBody = {
    event: 'test',
    monitorName: 'Test',
    monitorId: null,
    teamId: orgId,
    incidentId: '',
    timestamp: new Date(nowMs).toISOString(),
  }
  const attempt = await sendNotice(deps, openChannelConfig(deps.sealer, orgId, channel), {
    deliveryId: `test_${newId(nowMs)}_${randomBytes(4).toString('hex')}`,
    openingId: null,
    notice: { body, failure: null },
    nowMs,
  })
  const isSent = attempt.kind === 'answered' && attempt.status >= 200 && attempt.status < 300
  return isSent ? { sent: true } : { sent: false, because: toResult(attempt) }
}

function toMaintenanceBody(orgId: string, notice: MaintenanceNotice, names: readonly string[]): NoticeBody {
  const { event, monitorIds, untilMs, atMs } = notice
  const shown = names.slice(0, namesMax)
  const rest = names.length - shown.length
  return {
    event,
    monitorName: rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', '),
    monitorId: null,
    teamId: orgId,
    incidentId: '',
    timestamp: new Date(atMs).toISOString(),
    monitorIds,
    maintenanceUntil: untilMs === null ? null : new Date(untilMs).toISOString(),
  }
}
