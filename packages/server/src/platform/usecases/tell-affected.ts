import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { sendSecurityNotice } from '../contract/security-mails.ts'
import type { SecurityIncident } from '../domain/security-incident.ts'
import { policy } from '../policy.ts'
import { listUntoldOrgs, setOrgsTold } from '../store/incident-scope-store.ts'
import { findOrgLife } from '../store/org-life-store.ts'
import { findIncident, setIncident } from '../store/security-incident-store.ts'
import { insertNotice } from '../store/security-notice-store.ts'
import type { IncidentDeps } from './open-security-incident.ts'
import { publishPlatformEvent } from './publish-platform-event.ts'

const system: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'security incident' }

/**
 * Notifies every affected org that has not been notified yet: its owners by mail, its webhooks, and its people in the
 * dashboard. The notices of one org commit in its own transaction, once; after an interruption the next run continues.
 */
export async function tellAffectedOrgs(
  deps: IncidentDeps,
  incidentId: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const { incident, orgIds } = await within(deps, system, async (tx) => ({
      incident: await findIncident(tx, incidentId),
      orgIds: await listUntoldOrgs(tx, incidentId, policy.incidents.orgsToldAtOnce),
    }))
    if (incident === undefined || orgIds.length === 0) return
    for (const orgId of orgIds) {
      signal.throwIfAborted()
      await tellOrg(deps, orgId, incident)
    }
    await mutate(deps, system, async (tx) => {
      const at = deps.clock.now()
      await setOrgsTold(tx, incidentId, orgIds, at)
      if ((await listUntoldOrgs(tx, incidentId, 1)).length === 0)
        await setIncident(tx, incidentId, { told_at: new Date(at) })
      const detail = { orgs: orgIds.length }
      return {
        result: undefined,
        entry: { action: 'security_incident.told', resourceId: incidentId, detail, at },
      }
    })
  }
}

async function tellOrg(deps: IncidentDeps, orgId: string, incident: SecurityIncident): Promise<void> {
  const { id, title, severity, notice } = incident
  if (notice === null) throw new Error('Nobody has said what the affected are to be told')
  const principal = { ...system, orgId }
  const { erasingAtMs } = await within(deps, principal, findOrgLife)
  // An org that is being erased has nobody to notify, and new rows would outlive the erasure.
  if (erasingAtMs !== null) return
  await mutate(deps, principal, async (tx) => {
    const at = deps.clock.now()
    const isNew = await insertNotice(tx, { id, title, severity, message: notice, toldAtMs: at })
    if (isNew) {
      if (deps.mailer.isConfigured) await queueMail(tx, sendSecurityNotice, { orgId, incidentId: id })
      await publishPlatformEvent(
        tx,
        'security.incident',
        {
          kind: 'instance_incident',
          at: new Date(at).toISOString(),
          incident_id: id,
          title,
          severity,
          message: notice.en,
        },
        at,
      )
    }
    return {
      result: undefined,
      entry: { action: 'security_incident.told', resourceId: id, detail: { title, severity }, at },
    }
  })
}
