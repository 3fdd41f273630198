import { asGate } from '@gatehouse/kernel/db'
import type { PlatformDeps } from '../deps.ts'
import type { Connection } from '../domain/single-sign-on.ts'
import { listOrgs } from '../store/org-store.ts'
import { findConnectionRow } from '../store/sso-arrival-store.ts'
import { findProvenDomain } from '../store/sso-settings-store.ts'
import { ssoSecretPlace } from './set-single-sign-on.ts'

type FindDeps = Pick<PlatformDeps, 'db' | 'sealer' | 'instanceIssuer'>

/**
 * The connection through which the person with this address logs in; without an address, that of the instance's issuer.
 */
export async function findConnectionFor(
  deps: FindDeps,
  email: string | undefined,
): Promise<Connection | undefined> {
  if (email === undefined) return findInstanceConnection(deps)
  const domain = email.slice(email.lastIndexOf('@') + 1)
  const proven = await asGate(deps, (tx) => findProvenDomain(tx, domain))
  if (proven !== undefined) return toOwnConnection(deps, proven.orgId)
  const ofInstance = await findInstanceConnection(deps)
  return ofInstance?.domains.includes(domain) === true ? ofInstance : undefined
}

/** The connection of an org with this issuer; undefined when it does not exist any more. */
export async function toConnection(
  deps: FindDeps,
  orgId: string,
  issuer: string,
): Promise<Connection | undefined> {
  const own = await toOwnConnection(deps, orgId)
  if (own?.issuer === issuer) return own
  const ofInstance = await findInstanceConnection(deps)
  return ofInstance?.orgId === orgId && ofInstance.issuer === issuer ? ofInstance : undefined
}

/** The connection by the org's own settings; undefined when it has none, or is suspended. */
export async function toOwnConnection(
  deps: Pick<PlatformDeps, 'db' | 'sealer'>,
  orgId: string,
): Promise<Connection | undefined> {
  const row = await asGate(deps, (tx) => findConnectionRow(tx, orgId))
  if (row === undefined) return undefined
  const { clientSecretSealed, domains, ...settings } = row
  return { ...settings, clientSecret: deps.sealer.open(ssoSecretPlace(orgId), clientSecretSealed), domains }
}

/** The connection by the operator's own issuer: for the only org of the instance, or the one that the settings name. */
export async function findInstanceConnection(deps: FindDeps): Promise<Connection | undefined> {
  const { instanceIssuer } = deps
  if (instanceIssuer === undefined) return undefined
  const { orgSlug, ...issuer } = instanceIssuer
  const orgs = await asGate(deps, listOrgs)
  const meant = orgSlug === undefined ? orgs : orgs.filter(({ slug }) => slug === orgSlug)
  const [org, another] = meant
  if (org === undefined || another !== undefined || org.suspendedAtMs !== null) return undefined
  return { ...issuer, orgId: org.id }
}
