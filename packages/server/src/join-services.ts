import { type BoundJob, bindJob } from '@gatehouse/kernel/jobs'
import type { Service } from './service/define-service.ts'
import type { ServiceDeps } from './service/service-deps.ts'
import { alertRaisedJob, oversight } from './services/oversight/index.ts'
import { tellAlert, uptime } from './services/uptime/index.ts'

/** Connects services that do not know each other: a job of one reacts to events of another. */
export function joinServices(services: readonly Service[], lent: ServiceDeps): readonly BoundJob[] {
  if (!services.includes(oversight)) return []
  const canTell = services.includes(uptime)
  return [
    bindJob(alertRaisedJob, async (alert) => {
      if (!canTell) return
      const { en, ja } = alert.title
      await tellAlert(lent, alert.orgId, {
        alertId: alert.alertId,
        words: {
          en: { title: en, summary: alert.summary.en },
          ja: { title: ja, summary: alert.summary.ja },
        },
        severity: alert.severity === 'high' ? 'critical' : 'warning',
        link: alert.link,
        isOver: alert.resolved,
        atMs: lent.clock.now(),
      })
    }),
  ]
}
