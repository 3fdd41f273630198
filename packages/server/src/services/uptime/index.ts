import { asWriter, recordTelemetry } from '@gatehouse/kernel/db'
import { bindQueue } from '@gatehouse/kernel/delivery'
import { bindJob } from '@gatehouse/kernel/jobs'
import { toErrorFields } from '@gatehouse/kernel/log'
import { toAttempt } from '../../mail/index.ts'
import { defineService } from '../../service/define-service.ts'
import { wireEnvelope } from '../../service/envelope.ts'
import type { ServiceDeps } from '../../service/service-deps.ts'
import { type CheckPool, createCheckPool } from './checks/check-pool.ts'
import { createPoliteness } from './checks/politeness.ts'
import { uptimeEndpoints } from './contract/endpoints.ts'
import {
  announceMaintenanceJob,
  beginMaintenanceJob,
  endMaintenanceJob,
  planAheadJob,
} from './contract/maintenance-windows.ts'
import type { UptimeDeps } from './deps.ts'
import { uptimeHandlers } from './handlers/index.ts'
import { checkNow } from './jobs/check-now.ts'
import { channelFailed } from './jobs/channel-failed.ts'
import { channelFailedJob, remindJob } from './jobs/channel-jobs.ts'
import { createChannelQueue } from './jobs/channel-queue.ts'
import { judgeEvent } from './jobs/judge-event.ts'
import { makeResponseDays } from './jobs/make-response-days.ts'
import { createNotices } from './jobs/notices.ts'
import { type AlertNotice, queueAlert } from './jobs/queue-notice.ts'
import { remind } from './jobs/remind.ts'
import { startEngine } from './jobs/start-engine.ts'
import { subscriberLostJob } from './jobs/subscriber-jobs.ts'
import { subscriberLost } from './jobs/subscriber-lost.ts'
import { createSubscriberQueues } from './jobs/subscriber-queue.ts'
import { uptimeMails } from './jobs/uptime-mails.ts'
import { createPageHosts } from './pages/page-hosts.ts'
import { plans } from './plans.ts'
import { uptimePolicy } from './policy.ts'
import { problems } from './problems.ts'
import { uptimeSchema } from './schema.ts'
import { findCheckLateness } from './store/schedule-store.ts'
import { planAhead } from './usecases/maintenance-series.ts'
import { announceMaintenance, beginMaintenance, tellEnd } from './usecases/maintenance-windows.ts'
import { watchCustomDomains } from './usecases/watch-custom-domains.ts'
import { ensureDefaultService } from './usecases/ensure-default-service.ts'

/** Monitors targets, records incidents, notifies people, and publishes status pages. */
export const uptime = defineService({
  name: 'uptime',
  title: 'Uptime',
  description: 'Monitors, incidents, notification channels, status pages',
  policy: uptimePolicy,
  problems,
  envelope: wireEnvelope,
  schema: uptimeSchema,
  events: {},
  plans,
  auditDoor: { id: 'listAuditLogsByKey', path: '/api/v1/audit-logs', scope: 'audit:read' },
  endpoints: uptimeEndpoints,
  furnishOrg: async (tx, nowMs) => (await ensureDefaultService(tx, nowMs)).entries,
  build: (lent: ServiceDeps) => {
    const { mailer } = lent
    const given = {
      ...lent,
      mail: mailer,
      sendMail: async (mail: Parameters<typeof mailer.send>[0]) => toAttempt(await mailer.send(mail)),
    }
    const engine = { ...given, pool: openPool(lent), politeness: createPoliteness(uptimePolicy.perTarget) }
    const hosts = createPageHosts({
      ...lent,
      onError: (error) =>
        lent.log.error('The domains of status pages could not be read', toErrorFields(error)),
    })
    const deps: UptimeDeps = {
      ...given,
      hosts,
      engine: {
        checkNow: (principal, monitorId) => checkNow(engine, principal, monitorId),
        judgeEvent: (tx, monitorIds, event) => judgeEvent(given, tx, monitorIds, event),
      },
      notices: createNotices(given),
    }
    return {
      handlers: uptimeHandlers(deps, given),
      jobs: [
        bindJob(beginMaintenanceJob, ({ orgId, windowId }) => beginMaintenance(deps, orgId, windowId)),
        bindJob(endMaintenanceJob, ({ orgId, windowId }) => tellEnd(deps, orgId, windowId)),
        bindJob(announceMaintenanceJob, ({ orgId, windowId }) => announceMaintenance(deps, orgId, windowId)),
        bindJob(planAheadJob, ({ orgId, seriesId }) => planAhead(deps, orgId, seriesId)),
        bindJob(remindJob, ({ orgId, incidentId }) => remind(given, orgId, incidentId)),
        bindJob(channelFailedJob, ({ orgId, ...failure }) => channelFailed(given, orgId, failure)),
        bindJob(subscriberLostJob, ({ orgId, ...loss }) => subscriberLost(given, orgId, loss)),
      ],
      mails: uptimeMails(lent),
      recurring: [
        {
          name: 'uptime.response-days',
          cron: '11 * * * *',
          run: async ({ signal }) => makeResponseDays(lent, signal),
        },
        {
          name: 'uptime.watch-domains',
          cron: '41 * * * *',
          run: (context) => watchCustomDomains(deps, context),
        },
      ],
      customHosts: hosts,
      queues: [
        bindQueue(createChannelQueue(given)),
        ...createSubscriberQueues(given).map((queue) => bindQueue(queue)),
      ],
      gauges: [
        {
          name: 'gatehouse_check_lateness_seconds',
          help: 'For how long the check that is due longest has waited for a node to take it',
          read: async () => [{ value: await asWriter(lent, findCheckLateness) }],
        },
      ],
      start: () => startEngine(engine),
    }
  },
})

/** Notifies people of another service's alert through the channels of their organisation. */
export async function tellAlert(lent: ServiceDeps, orgId: string, notice: AlertNotice): Promise<void> {
  await recordTelemetry(lent, { kind: 'system', orgId, because: 'alert' }, (tx) =>
    queueAlert(lent, tx, notice),
  )
}

/** Starting the threads takes a tenth of a second each, so it is deferred to the first check. */
function openPool({
  clock,
  egressAllow,
  egressAllowOf,
  dnsServers,
}: Pick<ServiceDeps, 'clock' | 'egressAllow' | 'egressAllowOf' | 'dnsServers'>): CheckPool {
  let started: CheckPool | undefined
  return {
    run: (task) =>
      (started ??= createCheckPool(
        { now: clock.now, egressAllowOf },
        { egressAllow, dnsServers, trustedCertificates: [] },
      )).run(task),
    stop: async () => started?.stop(),
  }
}
