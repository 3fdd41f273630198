import { mutate } from '@gatehouse/kernel/audit'
import { asGate, within } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { isDomainProven, type IssuerFault, type SsoDomain, toDomainRecord } from '../domain/single-sign-on.ts'
import { problems } from '../problems.ts'
import {
  findProvenDomain,
  findSsoSettings,
  listSsoDomains,
  setDomainProof,
} from '../store/sso-settings-store.ts'
import { toOwnConnection } from './find-connection.ts'
import { discoverIssuer, IssuerError } from './reach-issuer.ts'

/** `taken`: the record of another org is still there. `unknown`: the name servers did not answer. */
export type DomainOutcome = 'proven' | 'missing' | 'taken' | 'unknown'

export type SsoCheck = {
  readonly domains: readonly (SsoDomain & { readonly outcome: DomainOutcome })[]
  readonly issuerFault: IssuerFault | undefined
}

/** Checks the records of all domains, and the metadata of the issuer. */
export async function checkSingleSignOn(deps: PlatformDeps, owner: MemberPrincipal): Promise<SsoCheck> {
  const { settings, domains } = await within(deps, owner, async (tx) => ({
    settings: await findSsoSettings(tx),
    domains: await listSsoDomains(tx),
  }))
  if (settings === undefined) throw problems.NOT_FOUND()
  const asked = findIssuerFault(deps, owner.orgId)
  const found = await Promise.all(domains.map((domain) => lookFor(deps, owner.orgId, domain)))
  const outcomes = new Map<string, DomainOutcome>()
  for (const { domain, texts } of found) outcomes.set(domain.domain, await decide(deps, owner, domain, texts))
  const issuerFault = await asked
  return mutate(deps, owner, async (tx) => {
    const now = await listSsoDomains(tx)
    const detail = { domains: Object.fromEntries(outcomes), issuerFault: issuerFault ?? null }
    return {
      result: {
        domains: now.map((domain) => ({ ...domain, outcome: outcomes.get(domain.domain) ?? 'unknown' })),
        issuerFault,
      },
      entry: { action: 'sso.check', resourceId: tx.orgId, detail, at: deps.clock.now() },
    }
  })
}

async function findIssuerFault(deps: PlatformDeps, orgId: string): Promise<IssuerFault | undefined> {
  const connection = await toOwnConnection(deps, orgId)
  if (connection === undefined) return undefined
  try {
    await discoverIssuer(deps, connection)
    return undefined
  } catch (error) {
    if (error instanceof IssuerError) return error.fault
    throw error
  }
}

type Found = { readonly domain: SsoDomain; readonly texts: readonly string[] | undefined }

async function lookFor({ egress }: PlatformDeps, orgId: string, domain: SsoDomain): Promise<Found> {
  const answer = await egress.forOrg(orgId).lookUpTexts(toDomainRecord(domain).name)
  return { domain, texts: answer.kind === 'answered' ? answer.texts : undefined }
}

async function decide(
  deps: PlatformDeps,
  owner: MemberPrincipal,
  domain: SsoDomain,
  texts: readonly string[] | undefined,
): Promise<DomainOutcome> {
  if (texts === undefined) return 'unknown'
  if (!isDomainProven(domain, texts)) {
    await setProof(deps, owner, domain, null)
    return 'missing'
  }
  if (!(await withdrawElsewhere(deps, owner.orgId, domain.domain, texts))) return 'taken'
  try {
    await setProof(deps, owner, domain, domain.provenAtMs ?? deps.clock.now())
    return 'proven'
  } catch (error) {
    // Another org proved the domain at the same moment: SQLSTATE 23505, since a domain belongs to one org.
    if (error instanceof Error && 'code' in error && error.code === '23505') return 'taken'
    throw error
  }
}

/**
 * Takes a domain from another org whose record is missing, since it belongs to one org only; false when that record is
 * still there.
 */
async function withdrawElsewhere(
  deps: PlatformDeps,
  orgId: string,
  domain: string,
  texts: readonly string[],
): Promise<boolean> {
  const held = await asGate(deps, (tx) => findProvenDomain(tx, domain))
  if (held === undefined || held.orgId === orgId) return true
  if (isDomainProven(held, texts)) return false
  await setProof(deps, { kind: 'system', orgId: held.orgId, because: 'domain proof' }, held, null)
  return true
}

async function setProof(
  deps: PlatformDeps,
  principal: MemberPrincipal | { kind: 'system'; orgId: string; because: string },
  { domain, provenAtMs: before }: SsoDomain,
  provenAtMs: number | null,
): Promise<void> {
  await mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    await setDomainProof(tx, domain, provenAtMs, now)
    const isChange = (before === null) !== (provenAtMs === null)
    const action = !isChange ? 'sso.see_domain' : provenAtMs === null ? 'sso.lose_domain' : 'sso.prove_domain'
    return { result: undefined, entry: { action, resourceId: domain, at: now } }
  })
}
