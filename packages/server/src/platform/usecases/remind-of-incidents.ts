import { decideAsSystem } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { JobContext } from '@gatehouse/kernel/jobs'
import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { sendIncidentReminder } from '../contract/security-mails.ts'
import { findDueReminder } from '../domain/deadline.ts'
import { isTellingDue, type SecurityIncident } from '../domain/security-incident.ts'
import { policy } from '../policy.ts'
import { findIncident, listOpenIncidents, setIncident } from '../store/security-incident-store.ts'
import type { IncidentDeps } from './open-security-incident.ts'

const system: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'security incident' }

/** Reminds the operator of orgs that still have to be notified, before the deadline and once it has passed. */
export async function remindOfIncidents(
  deps: IncidentDeps,
  { signal }: Pick<JobContext, 'signal'>,
): Promise<void> {
  for (const { id } of await within(deps, system, listOpenIncidents)) {
    signal.throwIfAborted()
    await decideAsSystem(deps, system, async (tx, decide) => {
      const at = deps.clock.now()
      const incident = await findIncident(tx, id)
      const hours = incident && toReminder(incident, at)
      if (hours === undefined) return
      const entry = { action: 'security_incident.remind', resourceId: id, detail: { hours }, at }
      await setIncident(await decide(entry), id, { reminded_hours: hours })
      if (deps.mailer.isConfigured)
        await queueMail(tx, sendIncidentReminder, { orgId: instanceOrgId, incidentId: id, hours })
    })
  }
}

function toReminder(incident: SecurityIncident, nowMs: number): number | undefined {
  if (!isTellingDue(incident)) return undefined
  return findDueReminder(incident.clockFromMs, policy.incidents.tell, incident.remindedHours, nowMs)
}
