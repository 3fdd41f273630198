import { randomBytes } from 'node:crypto'
import { within } from '@gatehouse/kernel/db'
import { describeAttempt } from '@gatehouse/kernel/delivery'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import { queueMail } from '../../../mail/index.ts'
import type { MaintenanceNotice, Notices, TestSend } from '../deps.ts'
import { findWindow } from '../store/maintenance-store.ts'
import { listMonitorPlaces } from '../store/monitor-store.ts'
import { uptimePolicy } from '../policy.ts'
import { nameInEnglish } from '../destinations/notice-text.ts'
import { findChannel } from '../store/channel-store.ts'
import { findNoticeIncident } from '../store/notice-store.ts'
import { openChannel } from '../usecases/open-channel.ts'
import type { NamedMonitors, NoticeBody } from '../domain/notice-body.ts'
import { verifyChannelMail } from './channel-jobs.ts'
import { inviteSubscriberMail } from './subscriber-jobs.ts'
import { tellSubscribers, tellSubscribersOfMaintenance } from './tell-subscribers.ts'
import type { DeliverDeps } from './deliver-deps.ts'
import type { NoticeContext } from './notice-body.ts'
import { toTools } from './channel-queue.ts'
import { toNotice } from '../usecases/stored-notice.ts'
import { queueForAll, queueOpening, queueResolution } from './queue-notice.ts'

const namesMax = 20

/** Notifications caused by people's own decisions. */
export function createNotices(deps: DeliverDeps): Notices {
  return {
    queueIncident: async (tx, incidentId, event) => {
      const incident = await findNoticeIncident(tx, incidentId)
      if (incident === undefined) return
      const atMs = deps.clock.now()
      const context: NoticeContext = { event, orgId: tx.orgId, publicUrl: deps.publicUrl(), atMs }
      const { monitorId } = incident
      if (event === 'incident.created' || event === 'incident.resolved')
        await tellSubscribers(deps, tx, incidentId, { event })
      if (event === 'incident.resolved')
        return queueResolution(deps, tx, { context, monitorId, incidentId, suppressed: false })
      return queueOpening(deps, tx, { context, monitorId, incidentId, suppressed: false })
    },
    queueUpdate: (tx, incidentId, update) =>
      tellSubscribers(deps, tx, incidentId, { event: 'incident.updated', update }),
    queueMaintenance: async (tx, notice) => {
      const places = await listMonitorPlaces(tx, notice.monitorIds)
      const names = places.map(({ name }) => name)
      const monitors = { shown: names.slice(0, namesMax), rest: Math.max(0, names.length - namesMax) }
      const body = toMaintenanceBody(tx.orgId, notice, monitors)
      // One notification for the whole window, so channels of single monitors are not considered.
      await queueForAll(deps, tx, {
        monitorId: null,
        incidentId: null,
        body,
        monitors,
        failure: null,
        suppressed: false,
        atMs: notice.atMs,
      })
      const window = await findWindow(tx, notice.windowId)
      if (window === undefined) return
      const { event, monitorIds, atMs } = notice
      await tellSubscribersOfMaintenance(deps, tx, window, { event, monitorIds, occurrence: `${atMs}`, atMs })
    },
    queueAnnouncement: async (tx, window, monitorIds) => {
      // One that moves is announced anew.
      const occurrence = `${window.startsAtMs}-${window.endsAtMs}`
      const atMs = deps.clock.now()
      const event = 'maintenance.scheduled'
      await tellSubscribersOfMaintenance(deps, tx, window, { event, monitorIds, occurrence, atMs })
    },
    queueCancellation: async (tx, window, monitorIds) => {
      const event = 'maintenance.cancelled'
      const atMs = deps.clock.now()
      await tellSubscribersOfMaintenance(deps, tx, window, { event, monitorIds, occurrence: event, atMs })
    },
    queueVerification: async (tx, verificationId) => {
      await queueMail(tx, verifyChannelMail, { orgId: tx.orgId, verificationId })
    },
    queueInvitation: async (tx, { componentIds, ...asked }) => {
      await queueMail(tx, inviteSubscriberMail, {
        orgId: tx.orgId,
        ...asked,
        componentIds: [...componentIds],
      })
    },
    sendTest: (principal, channelId) => sendTest(deps, principal, channelId),
  }
}

async function sendTest(deps: DeliverDeps, principal: Principal, channelId: string): Promise<TestSend> {
  const { orgId } = principal
  const channel = await within(deps, principal, (tx) => findChannel(tx, channelId))
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
  const opened = openChannel(deps.sealer, orgId, channel)
  if (opened.kind === 'unreadable') return { sent: false, because: opened.code }
  const id = `test_${newId(nowMs)}_${randomBytes(4).toString('hex')}`
  const about = { target: null, publicUrl: deps.publicUrl() }
  const notice = toNotice({ id, firstId: null }, { body, failure: null }, channel.language, about)
  const { timeoutMs } = uptimePolicy.delivery
  const attempt = await opened.destination.attempt(notice, {
    ...toTools(deps, orgId),
    nowMs,
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (attempt.outcome === 'accepted') return { sent: true }
  return { sent: false, because: describeAttempt(attempt) }
}

function toMaintenanceBody(orgId: string, notice: MaintenanceNotice, monitors: NamedMonitors): NoticeBody {
  const { event, monitorIds, untilMs, atMs } = notice
  return {
    event,
    monitorName: nameInEnglish(monitors),
    monitorId: null,
    teamId: orgId,
    incidentId: '',
    timestamp: new Date(atMs).toISOString(),
    monitorIds,
    maintenanceUntil: untilMs === null ? null : new Date(untilMs).toISOString(),
  }
}
