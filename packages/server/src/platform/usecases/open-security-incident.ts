import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { instanceOrgId, type MemberPrincipal, type SystemPrincipal } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { sendIncidentReminder } from '../contract/security-mails.ts'
import type { PlatformDeps } from '../deps.ts'
import type { Severity } from '../domain/security-incident.ts'
import { findOpenIncidentOf, insertIncident } from '../store/security-incident-store.ts'

export type IncidentDeps = Pick<PlatformDeps, 'db' | 'audit' | 'clock' | 'mailer'>

export type IncidentOpening = {
  /** The claim of the security page that failed, or the administrator who opened the incident. */
  readonly because: { readonly claim: string } | { readonly admin: MemberPrincipal }
  readonly title: string
  readonly severity: Severity
  /** The affected data, as far as it is known. */
  readonly data?: string | undefined
}

export type OpenedIncident = {
  readonly id: string
  /** False when the claim failed before, and its incident is still open. */
  readonly isNew: boolean
}

/** Opens an incident of the instance and starts its deadline; while it is open, its claim opens no other one. */
export async function openSecurityIncident(
  deps: IncidentDeps,
  { because, title, severity, data = '' }: IncidentOpening,
): Promise<OpenedIncident> {
  const claim = 'claim' in because ? because.claim : null
  const principal = toPrincipal(because)
  const before =
    claim === null ? undefined : await within(deps, principal, (tx) => findOpenIncidentOf(tx, claim))
  if (before !== undefined) return { id: before.id, isNew: false }
  return mutate<OpenedIncident>(deps, principal, async (tx) => {
    const at = deps.clock.now()
    const id = newId(at)
    const isNew = await insertIncident(tx, {
      id,
      title,
      severity,
      becauseClaim: claim,
      scopeOrgs: 'unknown',
      scopeData: data,
      openedAtMs: at,
    })
    if (!isNew) {
      // Another node was first. Its transaction has committed, because the unique index rejected this one.
      const other = await findOpenIncidentOf(tx, claim ?? '')
      if (other === undefined) throw new Error('An incident cannot be in the way and not be there')
      const entry = { action: 'security_incident.claim_failed', resourceId: other.id, at }
      return { result: { id: other.id, isNew }, entry }
    }
    if (deps.mailer.isConfigured)
      await queueMail(tx, sendIncidentReminder, { orgId: instanceOrgId, incidentId: id, hours: 0 })
    const detail = { title, severity, ...(claim === null ? {} : { claim }) }
    return { result: { id, isNew }, entry: { action: 'security_incident.open', resourceId: id, detail, at } }
  })
}

function toPrincipal(because: IncidentOpening['because']): MemberPrincipal | SystemPrincipal {
  return 'admin' in because
    ? { ...because.admin, orgId: instanceOrgId }
    : { kind: 'system', orgId: instanceOrgId, because: 'failed claim' }
}
