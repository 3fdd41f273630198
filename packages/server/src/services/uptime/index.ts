import type { NameServer } from '@gatehouse/kernel/egress'
import { bindJob } from '@gatehouse/kernel/jobs'
import type { Logger } from '@gatehouse/kernel/log'
import type { ServiceModule } from '../../service.ts'
import { createCheckPool, type CheckPool } from './checks/check-pool.ts'
import { createPoliteness } from './checks/politeness.ts'
import type { UptimeDeps } from './deps.ts'
import { uptimeEndpoints } from './endpoints.ts'
import { checkNow } from './jobs/check-now.ts'
import { deliver, type DeliverDeps } from './jobs/deliver.ts'
import { deliverJob, remindJob, tellOwnersJob, verifyChannelJob } from './jobs/deliver-job.ts'
import { judgeEvent } from './jobs/judge-event.ts'
import { createNotices } from './jobs/notices.ts'
import { bindPings } from './jobs/ping-endpoints.ts'
import { sendVerification } from './jobs/send-verification.ts'
import { remind } from './jobs/remind.ts'
import { startEngine } from './jobs/start-engine.ts'
import { tellOwners } from './jobs/tell-owners.ts'
import { createPageCache } from './pages/page-cache.ts'
import { pageEndpoints } from './pages/page-endpoints.ts'
import { uptimePolicy } from './policy.ts'

export type UptimeModuleDeps = Omit<UptimeDeps, 'engine' | 'notices'> &
  DeliverDeps & {
    readonly log: Logger
    /** The operator's allow-list as text: the threads that check read it for themselves. */
    readonly egressAllow: string
    readonly dnsServers: readonly NameServer[]
  }

/** Watches targets, keeps incidents, tells people, and shows their customers the same. */
export function uptimeModule(given: UptimeModuleDeps): ServiceModule {
  const politeness = createPoliteness(uptimePolicy.perTarget)
  let started: CheckPool | undefined
  const { egressAllow, dnsServers } = given
  // Threads cost a tenth of a second each, so they start with the first check.
  const pool: CheckPool = {
    run: (task) =>
      (started ??= createCheckPool({ egressAllow, dnsServers, trustedCertificates: [] })).run(task),
    stop: async () => started?.stop(),
  }
  const engine = { ...given, pool, politeness }
  const deps: UptimeDeps = {
    ...given,
    engine: {
      checkNow: (principal, monitorId) => checkNow(engine, principal, monitorId),
      judgeEvent: (tx, monitorIds, event) => judgeEvent(given, tx, monitorIds, event),
    },
    notices: createNotices(given),
  }
  return {
    name: 'uptime',
    title: 'Uptime',
    envelope: 'wire',
    policy: uptimePolicy,
    endpoints: [...uptimeEndpoints(deps), ...bindPings(given), ...pageEndpoints(createPageCache(given))],
    jobs: [
      bindJob(deliverJob, ({ orgId, deliveryId }) => deliver(given, orgId, deliveryId)),
      bindJob(remindJob, ({ orgId, incidentId }) => remind(given, orgId, incidentId)),
      bindJob(tellOwnersJob, ({ orgId, ...failure }) => tellOwners(given, orgId, failure)),
      bindJob(verifyChannelJob, ({ orgId, verificationId }) =>
        sendVerification(given, orgId, verificationId),
      ),
    ],
    recurring: [],
    start: () => startEngine(engine),
  }
}
