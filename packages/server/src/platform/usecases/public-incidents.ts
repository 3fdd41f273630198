import { within } from '@gatehouse/kernel/db'
import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import type { SecurityIncident } from '../domain/security-incident.ts'
import { policy } from '../policy.ts'
import { findIncident, listPublishedIncidents } from '../store/security-incident-store.ts'

const system: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'public report' }

/** The incidents with a published report, newest first. */
export async function listPublicReports(
  deps: Pick<PlatformDeps, 'db'>,
): Promise<readonly SecurityIncident[]> {
  return within(deps, system, (tx) => listPublishedIncidents(tx, policy.incidents.publishedMax))
}

/** Undefined also for one that is not published, so that its existence is not disclosed. */
export async function findPublishedIncident(
  deps: Pick<PlatformDeps, 'db'>,
  id: string,
): Promise<SecurityIncident | undefined> {
  const incident = await within(deps, system, (tx) => findIncident(tx, id))
  return incident?.publishedAtMs == null ? undefined : incident
}
