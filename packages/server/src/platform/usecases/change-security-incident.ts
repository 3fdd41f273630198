import { type AuditedTx, type Decision, mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { uuidPattern } from '@gatehouse/kernel/ids'
import { enqueue } from '@gatehouse/kernel/jobs'
import { instanceOrgId, type MemberPrincipal } from '@gatehouse/kernel/principal'
import { tellAffected } from '../contract/security-mails.ts'
import {
  type IncidentReport,
  type IncidentScope,
  type IncidentStep,
  isTellingDue,
  judgeIncidentStep,
  type Said,
  type SecurityIncident,
  type Severity,
} from '../domain/security-incident.ts'
import { problems } from '../problems.ts'
import { listCustomerOrgs, setAffectedOrgs } from '../store/incident-scope-store.ts'
import { findIncident, lockIncident, setIncident } from '../store/security-incident-store.ts'
import type { IncidentDeps } from './open-security-incident.ts'

export type IncidentRequest = {
  readonly title?: string | undefined
  readonly severity?: Severity | undefined
  readonly data?: string | undefined
  /** The affected orgs: `all` that exist now, the listed ones (or none), or `unknown`. */
  readonly orgs?: 'unknown' | 'all' | readonly string[] | undefined
}

/** Changes the description and the affected orgs of an incident. */
export async function changeSecurityIncident(
  deps: IncidentDeps,
  admin: MemberPrincipal,
  id: string,
  { title, severity, data, orgs }: IncidentRequest,
): Promise<SecurityIncident> {
  const scope = orgs === undefined ? undefined : await toScope(deps, orgs)
  return step(deps, admin, id, 'change', undefined, async (tx, before, at) => {
    await setIncident(tx, id, {
      ...(title === undefined ? {} : { title }),
      ...(severity === undefined ? {} : { severity }),
      ...(data === undefined ? {} : { scope_data: data }),
    })
    if (scope !== undefined) {
      await setAffectedOrgs(tx, id, scope.orgIds)
      await setIncident(tx, id, { scope_orgs: scope.kind })
      const after = await readBack(tx, id)
      // Orgs that are found later have a deadline of their own; a running deadline is never extended.
      if (!isTellingDue(before) && isTellingDue(after))
        await setIncident(tx, id, { clock_from: new Date(at), reminded_hours: 0, told_at: null })
    }
    return {
      action: 'security_incident.change',
      detail: {
        ...(title === undefined ? {} : { title }),
        ...(severity === undefined ? {} : { severity }),
        ...(data === undefined ? {} : { data }),
        ...(scope === undefined ? {} : { scope: scope.kind, orgs: scope.orgIds.length }),
      },
    }
  })
}

export async function containSecurityIncident(
  deps: IncidentDeps,
  admin: MemberPrincipal,
  id: string,
  how: string,
): Promise<SecurityIncident> {
  return step(deps, admin, id, 'contain', undefined, async (tx, _before, at) => {
    await setIncident(tx, id, { contained_at: new Date(at) })
    return { action: 'security_incident.contain', detail: { how } }
  })
}

/** Decides to notify every affected org that has not been notified yet; a job sends the notices. */
export async function notifyAffected(
  deps: IncidentDeps,
  admin: MemberPrincipal,
  id: string,
  message: Said<string>,
): Promise<SecurityIncident> {
  return step(deps, admin, id, 'notify', undefined, async (tx, before) => {
    await setIncident(tx, id, { notice: message })
    await enqueue(tx, tellAffected, { orgId: instanceOrgId, incidentId: id })
    return { action: 'security_incident.notify', detail: { orgs: before.affected - before.told } }
  })
}

/** Publishes a report on what happened and what was done, or a newer version of it. */
export async function publishIncidentReport(
  deps: IncidentDeps,
  admin: MemberPrincipal,
  id: string,
  report: Said<IncidentReport>,
): Promise<SecurityIncident> {
  return step(deps, admin, id, 'publish', undefined, async (tx, before, at) => {
    const isFirst = before.publishedAtMs === null
    await setIncident(tx, id, {
      report,
      ...(isFirst ? { published_at: new Date(at) } : { revised_at: new Date(at) }),
    })
    return { action: 'security_incident.publish', detail: { title: report.en.title, revised: !isFirst } }
  })
}

export async function closeSecurityIncident(
  deps: IncidentDeps,
  admin: MemberPrincipal,
  id: string,
  withoutReportBecause: string | undefined,
): Promise<SecurityIncident> {
  return step(deps, admin, id, 'close', withoutReportBecause, async (tx, _before, at) => {
    const because = withoutReportBecause === undefined ? {} : { closed_because: withoutReportBecause }
    await setIncident(tx, id, { closed_at: new Date(at), ...because })
    const detail = withoutReportBecause === undefined ? {} : { because: withoutReportBecause }
    return { action: 'security_incident.close', detail }
  })
}

type Work = (
  tx: AuditedTx,
  before: SecurityIncident,
  at: number,
) => Promise<Pick<Decision, 'action' | 'detail'>>

/** Takes one step at a time: the incident is locked from the judgement until the step has committed. */
async function step(
  deps: IncidentDeps,
  admin: MemberPrincipal,
  id: string,
  which: IncidentStep,
  closesWithout: string | undefined,
  work: Work,
): Promise<SecurityIncident> {
  return mutate(deps, { ...admin, orgId: instanceOrgId }, async (tx) => {
    const at = deps.clock.now()
    const before = await lockIncident(tx, id)
    if (before === undefined) throw problems.NOT_FOUND()
    const verdict = judgeIncidentStep(before, which, closesWithout)
    if (!verdict.allowed) throw problems.STEP_OUT_OF_ORDER({ detail: verdict.because })
    const decision = await work(tx, before, at)
    return { result: await readBack(tx, id), entry: { ...decision, resourceId: id, at } }
  })
}

async function readBack(tx: AuditedTx, id: string): Promise<SecurityIncident> {
  const incident = await findIncident(tx, id)
  if (incident === undefined) throw new Error('An incident cannot be gone from its own transaction')
  return incident
}

async function toScope(
  deps: Pick<IncidentDeps, 'db'>,
  orgs: 'unknown' | 'all' | readonly string[],
): Promise<{ readonly kind: IncidentScope; readonly orgIds: readonly string[] }> {
  if (orgs === 'unknown') return { kind: 'unknown', orgIds: [] }
  if (orgs === 'all') return { kind: 'all', orgIds: await asGate(deps, (tx) => listCustomerOrgs(tx, 'all')) }
  if (orgs.length === 0) return { kind: 'none', orgIds: [] }
  const wanted = [...new Set(orgs)]
  const wellFormed = wanted.filter((orgId) => uuidPattern.test(orgId))
  const known = new Set(await asGate(deps, (tx) => listCustomerOrgs(tx, wellFormed)))
  const fields = wanted
    .filter((orgId) => !known.has(orgId))
    .map((orgId) => ({
      field: 'orgs',
      message: `names no organisation of a customer: ${orgId.slice(0, 64)}`,
    }))
  if (fields.length > 0) throw problems.VALIDATION_ERROR({ fields })
  return { kind: 'listed', orgIds: wanted }
}
